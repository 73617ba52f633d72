export * from './checks';
export * from './cilium-policy-checks';
export * from './policy-simulator';

export * from './checks';
export * from './cilium-policy-checks';

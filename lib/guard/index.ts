export * from './checks';
export * from './cilium-policy-checks';
export * from './policy-check-options';
export * from './policy-flow';
export * from './policy-simulator';
export * from './policy-simulator-options';
export * from './policy-verdict';
export * from './policy-warning';

export * from './cilium-policy-validation';

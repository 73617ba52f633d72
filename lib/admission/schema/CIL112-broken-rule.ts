import type { SchemaCheck } from '../check';

export const check: SchemaCheck = {
  code: 'CIL112',
  name: 'broken-rule',
  severity: 'error',
  stage: 'schema',
  minors: ['1.20'],
  summary: 'an object that breaks a validation rule of its CRD',
  why: 'The API server rejects the object. The CRDs have one such rule, since Cilium 1.20: a policy has `spec` or `specs`.',
  source: 'cilium `pkg/k8s/apis/cilium.io/v2/cnp_types.go`, the marker XValidation',
  bad: { yaml: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' },
  good: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  wordings: { rule: ({ message }) => ({ message }) },
};

import type { SchemaCheck } from '../check';

export const check: SchemaCheck = {
  code: 'CIL112',
  name: 'broken-rule',
  severity: 'error',
  stage: 'schema',
  minors: ['1.20'],
  summary: 'the object breaks a rule of its CRD',
  why: 'The API server refuses the object. The one rule that there is, since Cilium 1.20: a policy has a `spec` or `specs`.',
  source: 'cilium `pkg/k8s/apis/cilium.io/v2/cnp_types.go`, the marker XValidation',
  bad: { yaml: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' },
  good: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  tells: { rule: ({ message }) => ({ message }) },
};

import type { SchemaCheck } from '../check';

const spec = 'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n';

export const check: SchemaCheck = {
  code: 'CIL113',
  name: 'malformed-metadata',
  severity: 'error',
  stage: 'schema',
  summary: 'a name, a namespace, a label or an annotation that Kubernetes does not take',
  why: 'The API server refuses the object. A clusterwide policy has no namespace; a label has up to 63 characters of a few kinds.',
  source: 'apimachinery `pkg/api/validation/objectmeta.go`',
  bad: { yaml: `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: Allow_Web\n  namespace: shop\n${spec}` },
  good: { yaml: `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: allow-web\n  namespace: shop\n${spec}` },
  tells: { metadata: ({ problem, help }) => ({ message: problem, help }) },
};

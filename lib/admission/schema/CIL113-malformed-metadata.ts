import type { SchemaCheck } from '../check';

const spec = 'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n';

export const check: SchemaCheck = {
  code: 'CIL113',
  name: 'malformed-metadata',
  severity: 'error',
  stage: 'schema',
  summary: 'a name, namespace, label, annotation, owner or finalizer that Kubernetes does not accept',
  why:
    'The API server rejects the object. A clusterwide policy has no namespace. A label value can have up to 63 letters, digits, `-`, `_` and ' +
    '`.`. An owner has a `uid`, which only the cluster knows.',
  source: 'apimachinery `pkg/api/validation/objectmeta.go`',
  bad: { yaml: `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: Allow_Web\n  namespace: shop\n${spec}` },
  good: { yaml: `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: allow-web\n  namespace: shop\n${spec}` },
  wordings: { metadata: ({ problem, help }) => ({ message: problem, help }) },
};

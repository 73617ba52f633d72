import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL001',
  name: 'syntax',
  severity: 'error',
  stage: 'read',
  summary: 'a text that is no YAML',
  why:
    'Nothing of the document is read, and no tool of Kubernetes takes it. Documents are read one by one, so the others of the file are checked all the ' +
    'same. What is YAML is what those tools read, which is YAML 1.1 with deviations.',
  source: '`sigs.k8s.io/yaml`',
  bad: { yaml: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n spec: {}\n' },
  good: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  tells: { syntax: ({ message }) => ({ message, help: 'nothing of this document was checked' }) },
};

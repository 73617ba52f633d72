import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL004',
  name: 'ignored-text',
  severity: 'error',
  stage: 'read',
  summary: 'text after the end of a document, which no tool reads',
  why:
    'Kubernetes tools read one document and ignore everything after its end, for example a second document after `...`, or on the line of its ' +
    '`---`. A policy in such a place is never applied.',
  source: '`sigs.k8s.io/yaml`, Unmarshal',
  bad: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n...\nkind: ignored\n',
  },
  good: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  wordings: { 'ignored-text': ({ message }) => ({ message, help: 'write `---` on a line of its own between documents' }) },
};

import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL004',
  name: 'ignored-text',
  severity: 'error',
  stage: 'read',
  summary: 'text behind the end of a document, which nobody reads',
  why:
    'The tools of Kubernetes read one document, and look at nothing that stands behind its end: a second document behind `...`, or on the line of its `---`. ' +
    'A policy that stands there is not there.',
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
  tells: { 'ignored-text': ({ message }) => ({ message, help: 'write `---` on a line of its own between documents' }) },
};

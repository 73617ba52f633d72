import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL003',
  name: 'unrendered-template',
  severity: 'error',
  stage: 'read',
  summary: 'a document that has to be rendered first',
  why: 'What a template will make is not guessed, so nothing of the document was checked. Check what `helm template` prints.',
  source: 'Helm, The Chart Template Guide',
  bad: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: {{ .Release.Name }}\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  good: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  tells: {
    template: ({ sample }) => ({
      message: `the document is a template: \`${sample}\``,
      help: 'nothing of it was checked; check what it renders to',
    }),
  },
};

import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL003',
  name: 'unrendered-template',
  severity: 'error',
  stage: 'read',
  summary: 'a template that is not rendered',
  why:
    'The checks do not guess what a template renders to, so nothing in the document was checked. Check the output of `helm template` instead. A ' +
    'template that is plainly another object is passed over. A document of which SOPS has encrypted the kind is only informative: it is most often a Secret.',
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
  wordings: {
    template: ({ sample }) =>
      sample.startsWith('ENC[')
        ? { message: 'the document is encrypted', help: 'nothing in it was checked; check it as it is decrypted', severity: 'info' }
        : { message: `the document is a template: \`${sample}\``, help: 'nothing in it was checked; check the rendered output' },
  },
};

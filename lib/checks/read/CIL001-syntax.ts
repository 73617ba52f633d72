import { mayConcernPolicy } from '../../read/mentions';
import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL001',
  name: 'syntax',
  severity: 'error',
  stage: 'read',
  summary: 'a document that is not valid YAML',
  why:
    'Nothing in the document is read, and no Kubernetes tool accepts it. Documents are read one by one, so the other documents of the file are ' +
    'still checked, but kubectl applies nothing after it in its file. Valid YAML is what Kubernetes tools accept: YAML 1.1 with deviations. It is only informative in a file that holds no policy, such as one of another tool.',
  source: '`sigs.k8s.io/yaml`',
  bad: { yaml: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n spec: {}\n' },
  good: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  wordings: {
    syntax: ({ message, origin }) => ({
      message,
      help: 'nothing in this document was checked',
      ...(!mayConcernPolicy(origin.document) && { severity: 'info' as const }),
    }),
  },
};

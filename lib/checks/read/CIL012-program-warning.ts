import type { ReadCheck } from '../check';

const policy = (namespace: string) =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n${namespace}spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n`;

export const check: ReadCheck = {
  code: 'CIL012',
  name: 'program-warning',
  severity: 'warning',
  stage: 'read',
  summary: 'a construct warns of something that is accepted, but may not be meant',
  why:
    'Some mistakes in a program cannot be told from a choice, so the construct does not throw. It warns, for example, of a namespaced policy without ' +
    'a namespace, which `kubectl` creates in whatever namespace it is pointed at. Only `CiliumPolicyChecks` and the matchers see constructs; in YAML ' +
    'this is never reported.',
  source: 'the constructs of this library',
  bad: { yaml: policy('') },
  good: { yaml: policy('  namespace: shop\n') },
  wordings: { program: ({ message, help }) => ({ message, help }) },
};

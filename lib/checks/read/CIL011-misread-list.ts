import type { ReadCheck } from '../check';

const policy = (name: string) =>
  `apiVersion: cilium.io/v2\n    kind: CiliumNetworkPolicy\n    metadata:\n      name: ${name}\n      namespace: shop\n` +
  '    spec:\n      endpointSelector: {}\n      ingress:\n        - {}\n';

export const check: ReadCheck = {
  code: 'CIL011',
  name: 'misread-list',
  severity: 'error',
  stage: 'read',
  summary: 'an object with `items` that kubectl reads otherwise than people do',
  why:
    'Whatever its kind, kubectl takes an object with `items` for a list and applies the items alone. A policy with `items` is never applied, and ' +
    'policies can hide in an object that looks harmless. A list with an item that is not an object, or is a list itself, is rejected as a whole.',
  source: 'apimachinery `pkg/apis/meta/v1/unstructured/helpers.go`, decode',
  bad: { yaml: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: harmless\nitems:\n  - ${policy('example')}` },
  good: { yaml: `apiVersion: v1\nkind: List\nitems:\n  - ${policy('example')}` },
  wordings: { list: ({ message }) => ({ message, help: 'write `kind: List` for a list, and no `items` in any other object' }) },
};

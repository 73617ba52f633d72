import { writeValue } from '../../admission/fix';
import { groupOf } from '../../read/kinds';
import type { ReadCheck } from '../check';

const policy = (apiVersion: string) =>
  `apiVersion: ${apiVersion}\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n` +
  'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n';

export const check: ReadCheck = {
  code: 'CIL006',
  name: 'wrong-api-version',
  severity: 'error',
  stage: 'read',
  summary: 'a kind that does not exist in its API version',
  why: 'The API server has no such resource and rejects the object. Nothing else in the object was checked.',
  source: 'cilium `pkg/k8s/apis/cilium.io/client/crds/v2`',
  bad: { yaml: policy('cilium.io/v2alpha1') },
  good: { yaml: policy('cilium.io/v2') },
  wordings: {
    'wrong-api-version': ({ resource: { kind, apiVersion }, known }) => ({
      message: apiVersion === '' ? `the ${kind} has no \`apiVersion\`` : `\`${apiVersion}\` has no kind ${kind}`,
      help: `write \`apiVersion: ${known[0]}\``,
      // Another group is another kind of object, which nobody but the author can mend.
      ...(groupOf(apiVersion) === groupOf(known[0]) && { fix: writeValue(known[0]) }),
    }),
  },
};

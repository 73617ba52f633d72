import { writeValue } from '../../admission/fix';
import type { ReadCheck } from '../check';

const policy = (kind: string) =>
  `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata:\n  name: example\n  namespace: shop\n` +
  'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n';

export const check: ReadCheck = {
  code: 'CIL007',
  name: 'unknown-kind',
  severity: 'error',
  stage: 'read',
  summary: 'an unknown kind of `cilium.io`',
  why: 'The API server has no such resource and rejects the object. Nothing else in the object was checked.',
  source: 'cilium `pkg/k8s/apis/cilium.io/client/crds`',
  bad: { yaml: policy('CiliumNetworkPolcy') },
  good: { yaml: policy('CiliumNetworkPolicy') },
  wordings: {
    'unknown-kind': ({ kind, guess }) => ({
      message: kind === '' ? 'the object has no kind' : `Cilium has no kind \`${kind}\``,
      help: guess === undefined ? 'write the kind of a policy, for example `CiliumNetworkPolicy`' : `did you mean \`${guess}\`?`,
      ...(guess !== undefined && kind !== '' && { fix: writeValue(guess, 'unsafe') }),
    }),
  },
};

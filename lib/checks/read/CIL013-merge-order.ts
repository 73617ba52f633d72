import { cnp } from '../../admission/example';
import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL013',
  name: 'merge-order',
  severity: 'warning',
  stage: 'read',
  summary: 'a key before a `<<` that merges the same key',
  why:
    'Tools disagree on which of the two counts: `kubectl` takes the merged value, and kustomize and Flux take the key of the mapping itself. ' +
    'After `<<`, a key overrides the merged one for all of them.',
  source: '`sigs.k8s.io/yaml`, which uses `goyaml.v2`, for kubectl; `go.yaml.in/yaml/v3` for kustomize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - &web
        fromEntities: [world]
      - fromEntities: [cluster]
        <<: *web
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - &web
        fromEntities: [world]
      - <<: *web
        fromEntities: [cluster]
  `),
  wordings: {
    'merge-order': ({ message }) => ({
      message,
      help: 'kubectl takes the merged value, kustomize and Flux take this one; write `<<` first to override it, or remove one of the two',
    }),
    'merge-twice': ({ message }) => ({
      message,
      help: 'kubectl merges both, kustomize and Flux reject the document; write one `<<` with a list, such as `<<: [*a, *b]`',
    }),
  },
};

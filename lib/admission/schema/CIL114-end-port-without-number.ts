import type { SchemaCheck } from '../check';
import { networkPolicy } from '../example';

export const check: SchemaCheck = {
  code: 'CIL114',
  name: 'end-port-without-number',
  severity: 'error',
  stage: 'schema',
  summary: 'an `endPort` in a NetworkPolicy without the number of a port',
  why: 'The API server rejects the object. A range begins at the number in `port`. The name of a port stands for one port of each pod.',
  source: 'Kubernetes `pkg/apis/networking/validation/validation.go`, ValidateNetworkPolicyPort',
  bad: networkPolicy(`
    podSelector: {}
    ingress:
      - ports:
          - port: http
            endPort: 8080
  `),
  good: networkPolicy(`
    podSelector: {}
    ingress:
      - ports:
          - port: 8000
            endPort: 8080
  `),
  wordings: {
    'range-without-number': ({ name }) => ({
      message: `\`endPort\` needs a number in \`port\`, ${name === undefined ? 'which is missing' : `but \`port\` is \`${name}\``}`,
    }),
  },
};

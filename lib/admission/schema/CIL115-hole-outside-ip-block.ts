import type { SchemaCheck } from '../check';
import { networkPolicy } from '../example';

export const check: SchemaCheck = {
  code: 'CIL115',
  name: 'hole-outside-ip-block',
  severity: 'error',
  stage: 'schema',
  summary: 'an `except` prefix in a NetworkPolicy that is not a part of its CIDR',
  why: 'The API server rejects the object. An `except` prefix is inside the `cidr` of its own `ipBlock`, and smaller.',
  source: 'Kubernetes `pkg/apis/networking/validation/validation.go`, ValidateIPBlock',
  bad: networkPolicy(`
    podSelector: {}
    egress:
      - to:
          - ipBlock:
              cidr: 10.0.0.0/8
              except:
                - 192.168.0.0/16
  `),
  good: networkPolicy(`
    podSelector: {}
    egress:
      - to:
          - ipBlock:
              cidr: 10.0.0.0/8
              except:
                - 10.96.0.0/12
  `),
  wordings: {
    outside: ({ found, block }) => ({
      message: `\`except\` prefix \`${found}\` ${found === block ? 'is the whole CIDR' : `is not a part of \`${block}\``}`,
      help: 'write a smaller prefix that is inside the CIDR',
    }),
  },
};

import { isObject } from '../../model/json';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL224',
  name: 'malformed-header-match',
  severity: 'error',
  stage: 'agent',
  summary: 'a header match without a name, or with an unknown action',
  why: 'The agent rejects the whole policy. The API server already rejects such a policy, but accepts a secret with an empty name.',
  source: 'cilium `pkg/policy/api/http.go`, PortRuleHTTP.Sanitize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - headerMatches:
                    - name: Authorization
                      secret:
                        name: ""
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - headerMatches:
                    - name: Authorization
                      secret:
                        name: token
  `),
  visit: {
    http({ value: { headerMatches }, at }, { report }) {
      const matches = Array.isArray(headerMatches) ? (headerMatches as readonly unknown[]) : [];
      matches.forEach((match, i) => {
        const { name, mismatch: action = '', secret } = isObject(match) ? match : {};
        const field = ['headerMatches', i] as const;
        if (typeof name !== 'string' || name === '') {
          report({ message: 'the header match has no name', help: 'write `name`' }, at, ...field);
        }
        if (typeof action === 'string' && !ACTIONS.includes(action)) {
          report({ message: `unknown action \`${action}\``, help: 'write LOG, ADD, DELETE or REPLACE' }, at, ...field, 'mismatch');
        }
        if (isObject(secret) && (typeof secret.name !== 'string' || secret.name === '')) {
          report({ message: 'the secret has no name', help: 'write `name`' }, at, ...field, 'secret');
        }
      });
    },
  },
};

const ACTIONS = ['', 'LOG', 'ADD', 'DELETE', 'REPLACE'];

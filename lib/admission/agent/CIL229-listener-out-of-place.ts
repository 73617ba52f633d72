import { isObject } from '../../model/json';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL229',
  name: 'listener-out-of-place',
  severity: 'error',
  stage: 'agent',
  summary: 'a listener in ingress, or together with L7 rules',
  why: 'The agent rejects the whole policy. A custom listener handles the connections that a pod opens, and evaluates their requests itself.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            listener:
              name: filter
              envoyConfig:
                name: proxy
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            listener:
              name: filter
              envoyConfig:
                name: proxy
  `),
  visit: {
    portRule({ value: { listener }, isIngress, isDeny, l7Rules, at }, { report }) {
      if (!isObject(listener) || isDeny) {
        return;
      }
      if (isIngress) {
        report(
          { message: 'a listener cannot be used in ingress', help: 'remove it, or write an egress rule for the other side' },
          at,
          'listener',
        );
      }
      if (l7Rules > 0) {
        report({ message: 'a listener and L7 rules are mutually exclusive', help: 'remove one of them' }, at, 'listener');
      }
    },
  },
};

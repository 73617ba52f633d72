import { isObject } from '../../model/json';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL229',
  name: 'listener-out-of-place',
  severity: 'error',
  stage: 'agent',
  summary: 'a listener on ingress, or beside rules of layer 7',
  why: 'The agent refuses the whole policy. A listener of one’s own handles what leaves a pod, and judges requests by itself.',
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
        report({ message: 'a listener is for egress only', help: 'remove it, or write the rule for the other side' }, at, 'listener');
      }
      if (l7Rules > 0) {
        report({ message: 'a listener and rules of layer 7 exclude each other', help: 'remove one of them' }, at, 'listener');
      }
    },
  },
};

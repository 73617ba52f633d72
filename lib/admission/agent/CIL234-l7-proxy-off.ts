import { isOn } from '../../model/config';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL234',
  name: 'l7-proxy-off',
  severity: 'error',
  stage: 'agent',
  summary: 'rules of layer 7 while the proxy is off',
  why: 'The agent refuses the whole policy where `enable-l7-proxy` is false. DNS rules, and so names learnt from DNS, need the proxy too.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, IngressRule.sanitize and EgressRule.sanitize',
  bad: cnp(
    `
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - method: GET
  `,
    { 'enable-l7-proxy': 'false' },
  ),
  good: cnp(
    `
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
  `,
    { 'enable-l7-proxy': 'false' },
  ),
  visit: {
    portRule({ l7Rules, isDeny, at }, { config, report }) {
      if (l7Rules > 0 && !isDeny && !isOn(config, 'enable-l7-proxy', true)) {
        report(
          { message: 'rules of layer 7 need the proxy, which is off', help: 'set `enable-l7-proxy` to true in cilium-config' },
          at,
          'rules',
        );
      }
    },
  },
};

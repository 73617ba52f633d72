import { isOn } from '../../model/config';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL234',
  name: 'l7-proxy-off',
  severity: 'error',
  stage: 'agent',
  summary: 'L7 rules while `enable-l7-proxy` is off',
  why:
    'The agent rejects the whole policy if `enable-l7-proxy` is false. DNS rules need the proxy too, and so does `toFQDNs`, which learns ' +
    'addresses from DNS. The same holds for `domainNames` in a ClusterNetworkPolicy.',
  source:
    'cilium `pkg/policy/api/rule_validation.go`, IngressRule.sanitize and EgressRule.sanitize; `pkg/k8s/cluster_network_policy.go`, ' +
    'ParseClusterNetworkPolicy',
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
          { message: 'L7 rules need `enable-l7-proxy`, which is off', help: 'set `enable-l7-proxy` to true in cilium-config' },
          at,
          'rules',
        );
      }
    },
    tierNames({ at }, { config, report }) {
      if (!isOn(config, 'enable-l7-proxy', true)) {
        const message = '`domainNames` needs `enable-l7-proxy`, which is off, so the agent rejects the whole policy';
        report({ message, help: 'set `enable-l7-proxy` to true in cilium-config', onKey: true }, at, 'domainNames');
      }
    },
  },
};

import type { AgentCheck } from '../check';
import { tiers } from '../example';

export const check: AgentCheck = {
  code: 'CIL242',
  name: 'denied-domain-names',
  severity: 'error',
  stage: 'agent',
  minors: ['1.20'],
  summary: '`domainNames` in a rule of a ClusterNetworkPolicy whose action is not `Accept`',
  why:
    'The agent rejects the whole policy, although the API server stores it. Names are only for rules that accept: the agent learns the addresses of a ' +
    'name from DNS responses, so it cannot deny an address before it has seen one.',
  source: 'cilium `pkg/k8s/cluster_network_policy.go`, ParseClusterNetworkPolicy',
  bad: tiers(`
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    egress:
      - action: Deny
        to:
          - domainNames:
              - ads.example.com
  `),
  good: tiers(`
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    egress:
      - action: Deny
        to:
          - networks:
              - 192.0.2.0/24
  `),
  visit: {
    tierNames({ action, at }, { report }) {
      if (action === 'Deny' || action === 'Pass') {
        const help = 'accept the names that are needed, and deny `networks: [0.0.0.0/0]` in a later rule';
        report(
          { message: `\`domainNames\` needs the action \`Accept\`, but the action is \`${action}\``, help, onKey: true },
          at,
          'domainNames',
        );
      }
    },
  },
};

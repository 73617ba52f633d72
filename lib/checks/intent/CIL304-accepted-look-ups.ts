import { tiers } from '../../admission/example';
import type { TierPeerPart, TierRulePart } from '../../model/written';
import type { IntentCheck } from '../check';

const spec = (action: string): string => `
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    egress:
      - action: ${action}
        to:
          - pods:
              namespaceSelector:
                matchLabels:
                  kubernetes.io/metadata.name: kube-system
              podSelector:
                matchLabels:
                  k8s-app: kube-dns
        protocols:
          - udp:
              destinationPort:
                number: 53
      - action: Deny
        to:
          - namespaces: {}
  `;

export const check: IntentCheck = {
  code: 'CIL304',
  name: 'accepted-look-ups',
  severity: 'warning',
  minors: ['1.20'],
  stage: 'intent',
  summary: 'a rule of the Admin tier that accepts DNS, so that no policy learns names any more',
  why:
    'What the Admin tier accepts is not asked of any other policy, and is not redirected to a proxy. Look-ups then pass beside the DNS proxy: ' +
    '`toFQDNs` of the policies of its subjects learn no addresses, and `rules.dns` limit nothing. A Pass leaves look-ups to the policies that know the ' +
    'names, and to nobody else if these allow DNS.',
  source: 'cilium `pkg/policy/mapstate.go`; `pkg/fqdn/dnsproxy/proxy.go`',
  bad: tiers(spec('Accept')),
  good: tiers(spec('Pass')),
  inspectTiers({ tier, rules }, { report }) {
    for (const { peers, at } of tier === 'admin' ? rules.filter(isAboutDns) : []) {
      if (peers.some(mayBePods)) {
        report(
          {
            message: 'look-ups that this rule accepts pass beside the DNS proxy, so that no policy learns names',
            help: 'write `action: Pass`',
          },
          at,
          'action',
        );
      }
    }
  },
};

/** DNS is named by its port. A rule for every port is meant for more. */
function isAboutDns({ isIngress, action, protocols }: TierRulePart): boolean {
  return !isIngress && action === 'Accept' && protocols.some(({ port }) => ['53', 'dns', 'dns-tcp'].includes(port));
}

function mayBePods({ pods, namespaces }: TierPeerPart): boolean {
  return pods !== undefined || namespaces !== undefined;
}

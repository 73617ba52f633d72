import { tiers } from '../../admission/example';
import type { PortPart, TierPeerPart, TierRulePart } from '../../model/written';
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
  limits:
    'A rule is taken to be about DNS if it names port 53, a range with it, or the port names `dns` and `dns-tcp`; a rule for every port is not reported. Whether any policy allows names is not asked.',
  source: 'cilium `pkg/policy/mapstate.go`; `pkg/fqdn/dnsproxy/proxy.go`',
  bad: tiers(spec('Accept')),
  good: tiers(spec('Pass')),
  inspectTiers({ tier, rules }, { report }) {
    const egress = tier === 'admin' ? rules.filter(({ isIngress }) => !isIngress) : [];
    const first = egress.findIndex(isAboutDns);
    // A rule for names brings its own look-ups, and what passes is left to other policies.
    if (first < 0 || egress.slice(0, first).some((rule) => rule.action === 'Pass' || hasNames(rule))) {
      return;
    }
    report(
      {
        message: 'look-ups that this rule accepts pass beside the DNS proxy, so that no policy learns names',
        help: egress.some(hasNames) ? 'write the rule with `domainNames` before it' : 'write `action: Pass`',
      },
      egress[first].at,
      'action',
    );
  },
};

/** DNS is named by its port. A rule for every port is meant for more. */
function isAboutDns({ action, protocols, peers }: TierRulePart): boolean {
  return action === 'Accept' && protocols.some(isDnsPort) && peers.some(mayBePods);
}

function isDnsPort({ port, endPort }: PortPart): boolean {
  return port === 'dns' || port === 'dns-tcp' || (Number(port) <= DNS && Math.max(Number(port), endPort) >= DNS);
}

const DNS = 53;

function hasNames({ action, peers }: TierRulePart): boolean {
  return action === 'Accept' && peers.some(({ domainNames }) => domainNames !== undefined);
}

function mayBePods({ pods, namespaces }: TierPeerPart): boolean {
  return pods !== undefined || namespaces !== undefined;
}

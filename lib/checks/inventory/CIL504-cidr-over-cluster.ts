import type { Wording } from '../../admission/check';
import { cnp } from '../../admission/example';
import { isSince } from '../../crd/minor';
import { valueAt } from '../../model/json';
import { pathTo } from '../../model/path';
import type { BlockSelector, Effect, Policy } from '../../model/policy';
import { prefixText } from '../../net/prefix';
import type { Agent } from '../../resolve/agent';
import type { SetCheck } from '../check';
import { ListedAddress, ListedAddresses, serviceAddresses, unmatchedIn } from './cluster-addresses';
import { KnownCluster } from './known-cluster';
import { isVagueAt } from './written-at';

const POD = `---
apiVersion: v1
kind: Pod
metadata:
  name: db
  namespace: shop
status:
  podIP: 10.0.1.7
`;

const example = (cidr: string) => ({
  yaml:
    cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - ${cidr}
  `).yaml + POD,
});

export const check: SetCheck = {
  code: 'CIL504',
  name: 'cidr-over-cluster',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a CIDR that contains addresses of the cluster, which it does not match',
  why: 'Cilium knows pods and nodes by their labels. A CIDR matches addresses outside of the cluster, and pods and nodes only with `policy-cidr-match-mode`, so an allow does not open them and a deny leaves them open. The address of a Service is replaced by that of a pod before any policy is asked. It is a warning for a single address, and for a network of pods or Services of at most a /24, or a /64 of IPv6. Otherwise it is only informative, because the network may hold other machines too; of the same network in several allow rules, only the first is told.',
  limits:
    'Addresses that are not given are not seen. Not reported: networks of all addresses, such as `0.0.0.0/0`, and wide networks with Services.',
  source: 'cilium `pkg/policy/types/selector.go`; https://docs.cilium.io/en/stable/security/policy/layer3/',
  bad: example('10.0.1.7/32'),
  good: example('192.0.2.7/32'),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    if (cluster === undefined) {
      return;
    }
    const ofEnds = unmatchedIn(cluster.inventory, given.agent);
    const ingress = new ListedAddresses(ofEnds);
    const egress = new ListedAddresses([...ofEnds, ...serviceAddresses(cluster.inventory, given.agent)]);
    const told = new Set<string>();
    for (const policy of cluster.policies.filter(({ kind }) => kind !== 'ClusterNetworkPolicy')) {
      const covering = coveringIn(policy, ingress, egress).filter((one) => one.isSure || (one.inside.is !== 'Service' && isNew(one, told)));
      for (const one of covering) {
        report(policy.resource, wordingOf(one, given.agent), one.selector.at, ...fieldOf(one.selector, policy));
      }
    }
  },
};

/** A wide network of private addresses is in every other policy; of allow rules, only the first one is told. */
function isNew({ effect, selector }: Covering, told: Set<string>): boolean {
  const prefix = prefixText(selector.block);
  const isFirst = effect === 'deny' || !told.has(prefix);
  told.add(prefix);
  return isFirst;
}

interface Covering {
  readonly selector: BlockSelector;
  readonly inside: ListedAddress;
  readonly effect: Effect;
  /** Whether the network holds nothing else, as far as one can tell. */
  readonly isSure: boolean;
}

function coveringIn({ rules, resource }: Policy, ingress: ListedAddresses, egress: ListedAddresses): readonly Covering[] {
  return rules.flatMap(({ peers, direction, effect }) => {
    const listed = direction === 'ingress' ? ingress : egress;
    return (peers.is === 'selectors' ? peers.selectors : []).flatMap((selector): Covering[] => {
      const inside = selector.is === 'block' && selector.at !== undefined ? listed.firstIn(selector.block, selector.except) : undefined;
      return inside === undefined || selector.is !== 'block' || isVagueAt(resource, ...pathTo(selector.at))
        ? []
        : [{ selector, inside, effect, isSure: isSureOf(selector, inside) }];
    });
  });
}

/** The field of a CIDR in a mapping; nothing for an item of a list of CIDRs. */
function fieldOf({ at }: BlockSelector, { resource: { value } }: Policy): readonly string[] {
  return typeof valueAt(value, pathTo(at)) === 'string' ? [] : ['cidr'];
}

function isSureOf({ block: { version, length } }: BlockSelector, { is }: ListedAddress): boolean {
  const isOne = length === (version === 4 ? 32 : 128);
  return isOne || (length >= (version === 4 ? 24 : 64) && is !== 'node');
}

function wordingOf({ selector: { block }, inside: { is, name }, isSure }: Covering, agent: Agent): Wording {
  return {
    message: `\`${prefixText(block)}\` contains ${is === 'Service' ? 'the address of ' : ''}${is} \`${name}\`, and does not match it`,
    help: helpFor(is, agent),
    ...(!isSure && { severity: 'info' as const }),
  };
}

function helpFor(is: ListedAddress['is'], { minor }: Agent): string {
  switch (is) {
    case 'Service':
      return 'name the pods behind it by labels';
    case 'node':
      return 'name nodes by the entities `host` and `remote-node`, or set `policy-cidr-match-mode` to `nodes` too';
    case 'pod':
      return `name pods by labels${isSince(minor, '1.20') ? ', or set `policy-cidr-match-mode` to `pods` too' : ''}`;
  }
}

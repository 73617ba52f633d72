/** Reads a Kubernetes ClusterNetworkPolicy as Cilium does. Source: cilium 1.20 `pkg/k8s/cluster_network_policy.go`, ParseClusterNetworkPolicy. */
import { Conditions, everyIdentity } from '../../model/conditions';
import type { Path, PathLink } from '../../model/path';
import { pathTo } from '../../model/path';
import type { Effect, Level, Rule, Selector, Subject, Traffic } from '../../model/policy';
import type { Scope } from '../../model/scope';
import type { SelectorPart, TextPart, TierPeerPart, TierPodsPart, TierRulePart, WrittenTierPolicy } from '../../model/written';
import { CLUSTER_KEY } from '../../net/label-keys';
import { addNamespaces, namesCluster } from './network-policy';
import { blockOf } from './peers';
import { portTraffic } from './traffic';

/** The rules of a ClusterNetworkPolicy. Each peer becomes a rule of its own, and none of them isolates anything. */
export function tierRules({ tier, priority, subject, rules }: WrittenTierPolicy, scope: Scope): Rule[] {
  const selector = subjectOf(subject, scope);
  // Its own rules come one after another, and beside those of policies with the same priority.
  return rules.flatMap((rule) => rulesOf(rule, { is: 'endpoints', selector }, { tier, order: priority + rule.index / 100 }, scope));
}

/** Subjects are pods of every cluster. */
function subjectOf({ namespaces, pods, at }: TierPodsPart, scope: Scope): Subject['selector'] {
  if (namespaces !== undefined) {
    return addNamespaces(new Conditions(scope.minor), namespaces).selector(at);
  }
  return pods === undefined ? everyIdentity(scope.minor, at) : podsOf(pods, { ...scope, pinsCluster: false }, at);
}

function rulesOf(part: TierRulePart, subject: Subject, level: Level, scope: Scope): Rule[] {
  const traffic = part.protocols.length === 0 ? undefined : part.protocols.flatMap((one) => portTraffic(one));
  const of = (effect: Effect, selectors: readonly Selector[], path: Path, ports: readonly Traffic[] | undefined = traffic): Rule => ({
    ...{ direction: part.isIngress ? 'ingress' : 'egress', effect, level, subject },
    ...{ defaultDeny: false, peers: { is: 'selectors', selectors }, traffic: ports, requires: [], path },
  });
  const effect = effectOf(part.action);
  if (part.peers.length === 0) {
    return [of(effect, [everyIdentity(scope.minor)], pathTo(part.at))];
  }
  return part.peers.flatMap((peer) => {
    const path = pathTo(peer.at);
    const selectors = selectorsOf(peer, scope);
    if (selectors === undefined) {
      // What the agent does not know is closed: nobody is accepted, and everybody else is denied.
      return effect === 'allow' ? [] : [of('deny', [everyIdentity(scope.minor)], path)];
    }
    const { domainNames } = peer;
    const asked = domainNames === undefined ? [] : [of('allow', [dnsServers(scope)], path, lookUps(domainNames))];
    return [...asked, of(effect, selectors, path)];
  });
}

function effectOf(action: string): Effect {
  return action === 'Deny' ? 'deny' : action === 'Pass' ? 'pass' : 'allow';
}

/** What a peer selects; `undefined` for one of a kind that the agent does not know. */
function selectorsOf({ pods, namespaces, nodes, networks, domainNames, at }: TierPeerPart, scope: Scope): readonly Selector[] | undefined {
  if (pods !== undefined) {
    return [podsOf(pods, scope, at)];
  }
  if (namespaces !== undefined) {
    return [addNamespaces(new Conditions(scope.minor), namespaces).selector(at, true)];
  }
  if (nodes !== undefined) {
    return ['host', 'remote-node'].map((entity) => nodesOf(nodes, entity, scope));
  }
  return (
    networks?.map((network) => blockOf({ cidr: network.text, group: '', except: [], at: network.at }, 'list', scope.minor)) ??
    domainNames?.map(nameOf)
  );
}

function podsOf({ namespaces, pods }: NonNullable<TierPodsPart['pods']>, scope: Scope, at: PathLink): Subject['selector'] {
  const conditions = addNamespaces(new Conditions(scope.minor), namespaces).addWritten(pods, 'k8s');
  if (scope.pinsCluster && !namesCluster(pods)) {
    conditions.equals(`k8s:${CLUSTER_KEY}`, scope.clusterName);
  }
  return conditions.selector(at, true);
}

/** Nodes as their own agent sees them, or as the others do. */
function nodesOf(nodes: SelectorPart, entity: string, scope: Scope): Selector {
  const conditions = new Conditions(scope.minor).addWritten(nodes, 'node').exists(`reserved:${entity}`);
  if (scope.pinsCluster && !namesCluster(nodes)) {
    conditions.equals(`k8s:${CLUSTER_KEY}`, scope.clusterName);
  }
  return conditions.selector(nodes.at);
}

/** A pattern of a ClusterNetworkPolicy matches names of any depth. */
function nameOf({ text, at }: TextPart): Selector {
  const pattern = patternOf(text);
  return { is: 'name', key: `${text.startsWith('*') ? 'pattern' : 'name'}:${pattern}`, pattern, at };
}

function patternOf(text: string): string {
  return text.startsWith('*') && !text.startsWith('**') ? `*${text}` : text;
}

/** The pods that a rule for domain names lets its subjects ask, in any namespace. */
function dnsServers({ minor }: Scope): Selector {
  return new Conditions(minor).equals('any:k8s-app', 'kube-dns').selector(undefined, true);
}

/** At the ports with these names. */
function lookUps(names: readonly TextPart[]): readonly Traffic[] {
  const dns = names.map(({ text, at }) => ({ text: patternOf(text), at }));
  return ['dns', 'dns-tcp'].flatMap((name) =>
    (['TCP', 'UDP', 'SCTP'] as const).map((protocol): Traffic => ({
      ...{ protocol, port: { is: 'name', name, end: 0 }, l7: { dns, serverNames: [] } },
    })),
  );
}

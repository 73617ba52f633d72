/** Reads a NetworkPolicy as Cilium does, which differs from Kubernetes in some details. Source: cilium `pkg/k8s/network_policy.go`. */
import { Conditions } from '../../model/conditions';
import { asList } from '../../model/json';
import { Path, pathTo } from '../../model/path';
import type { Direction, Peers, Rule, Selector, Subject, Traffic } from '../../model/policy';
import type { Scope } from '../../model/scope';
import type { NetworkRulePart, NetworkPeerPart, PortPart, SelectorPart, WrittenNetworkPolicy } from '../../model/written';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { blockOf } from './peers';
import { portTraffic } from './traffic';

/** The rules of a NetworkPolicy. Those of both directions count, regardless of `policyTypes`, and put their direction into default deny. */
export function networkPolicyRules({ spec: { value, endpointSelector }, rules }: WrittenNetworkPolicy, scope: Scope): Rule[] {
  const types = asList(value.policyTypes);
  const subject: Subject = {
    is: 'endpoints',
    selector: new Conditions(scope.minor)
      .addWritten(endpointSelector, 'k8s')
      .equals(`k8s:${NAMESPACE_KEY}`, scope.namespace)
      .selector(endpointSelector?.at),
  };
  const isolates = { ingress: types.includes('Ingress') || !types.includes('Egress'), egress: types.includes('Egress') };
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const own = rules.filter(({ isIngress }) => isIngress === (direction === 'ingress'));
    return own.length === 0 && isolates[direction]
      ? [ruleOf(direction, subject, { is: 'none', beside: [] }, undefined, ['spec'])]
      : own.flatMap((rule) => rulesOf(rule, direction, subject, scope));
  });
}

/** Each peer becomes a separate rule. */
function rulesOf({ peers, ports, at }: NetworkRulePart, direction: Direction, subject: Subject, scope: Scope): Rule[] {
  const traffic = trafficOf(ports);
  const of = (selector: Selector, path: Path) => ruleOf(direction, subject, { is: 'selectors', selectors: [selector] }, traffic, path);
  return peers.length === 0
    ? [of(new Conditions(scope.minor).selector(undefined, true), pathTo(at))]
    : peers.map((peer) => of(peerOf(peer, scope), pathTo(peer.at)));
}

function ruleOf(direction: Direction, subject: Subject, peers: Peers, traffic: readonly Traffic[] | undefined, path: Path): Rule {
  return { direction, effect: 'allow', subject, defaultDeny: true, peers, traffic, requires: [], path };
}

function peerOf({ block, pods, namespaces, at }: NetworkPeerPart, scope: Scope): Selector {
  if (block !== undefined) {
    return blockOf({ ...block, group: '' }, 'set', scope.minor);
  }
  const conditions = new Conditions(scope.minor);
  if (namespaces !== undefined) {
    addNamespaces(conditions, namespaces);
  }
  conditions.addWritten(pods, 'k8s');
  if (namespaces === undefined) {
    conditions.equals(`k8s:${NAMESPACE_KEY}`, scope.namespace);
  }
  if (scope.pinsCluster && !namesCluster(pods)) {
    conditions.equals(`k8s:${CLUSTER_KEY}`, scope.clusterName);
  }
  return conditions.selector(at, true);
}

/** Adds conditions on the labels of namespaces. An empty selector selects every namespace, and so every pod. */
export function addNamespaces(conditions: Conditions, { labels, expressions }: SelectorPart): Conditions {
  if (labels.length + expressions.length === 0) {
    conditions.exists(`k8s:${NAMESPACE_KEY}`);
  }
  const prefixed = {
    labels: labels.map(([key, value]) => [`${NAMESPACE_LABELS_PREFIX}${key}`, value] as const),
    expressions: expressions.map((expression) => ({ ...expression, key: `${NAMESPACE_LABELS_PREFIX}${expression.key}` })),
  };
  return conditions.addWritten(prefixed, 'k8s');
}

export function namesCluster(pods: SelectorPart | undefined): boolean {
  const { labels = [], expressions = [] } = pods ?? {};
  return labels.some(([key, value]) => key === CLUSTER_KEY && value !== '') || expressions.some(({ key }) => key === CLUSTER_KEY);
}

/** Without ports, a rule applies to all traffic. The default protocol of a port is TCP. */
function trafficOf(ports: readonly PortPart[]): readonly Traffic[] | undefined {
  return ports.length === 0 ? undefined : ports.flatMap((port) => portTraffic({ ...port, protocol: port.protocol || 'TCP' }));
}

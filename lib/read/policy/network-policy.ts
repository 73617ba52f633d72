/** NetworkPolicy as Cilium reads it, which deviates from Kubernetes here and there. Source: cilium `pkg/k8s/network_policy.go`. */
import { Conditions } from '../../model/conditions';
import { asList, asObject, asText, isObject, JsonObject } from '../../model/json';
import type { Path } from '../../model/path';
import type { Direction, Peers, Rule, Selector, Subject, Traffic } from '../../model/policy';
import type { Scope } from '../../model/scope';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { blockOf } from './peers';
import { portOf, protocolsOf } from './traffic';

/** The rules of a spec: entries count in both directions whatever `policyTypes` says, and isolate theirs. */
export function networkPolicyRules(spec: JsonObject, scope: Scope): Rule[] {
  const types = asList(spec.policyTypes);
  const subject: Subject = { is: 'endpoints', selector: ofNamespace(spec.podSelector, scope).selector() };
  const [ingress, egress] = (['ingress', 'egress'] as const).map((direction) => entries(spec, direction, subject, scope));
  const isolates = { ingress: types.includes('Ingress') || !types.includes('Egress'), egress: types.includes('Egress') };
  return [
    ...(ingress.length === 0 && isolates.ingress ? [rule('ingress', subject, { is: 'none', beside: [] }, undefined, ['spec'])] : ingress),
    ...(egress.length === 0 && isolates.egress ? [rule('egress', subject, { is: 'none', beside: [] }, undefined, ['spec'])] : egress),
  ];
}

/** Each peer of an entry is a rule of its own. */
function entries(spec: JsonObject, direction: Direction, subject: Subject, scope: Scope): Rule[] {
  const field = direction === 'ingress' ? 'from' : 'to';
  return asList(spec[direction])
    .map(asObject)
    .flatMap((entry, i) => {
      const traffic = portsOf(asList(entry.ports));
      const path = ['spec', direction, i];
      const peers = asList(entry[field]);
      return peers.length === 0
        ? [rule(direction, subject, { is: 'selectors', selectors: [new Conditions(scope.minor).selector(true)] }, traffic, path)]
        : peers.map((peer, j) =>
            rule(direction, subject, { is: 'selectors', selectors: [peerOf(asObject(peer), scope)] }, traffic, [...path, field, j]),
          );
    });
}

function rule(direction: Direction, subject: Subject, peers: Peers, traffic: readonly Traffic[] | undefined, path: Path): Rule {
  return { direction, effect: 'allow', subject, defaultDeny: true, peers, traffic, requires: [], path };
}

function peerOf({ ipBlock, podSelector, namespaceSelector }: JsonObject, scope: Scope): Selector {
  if (isObject(ipBlock)) {
    return blockOf(ipBlock, 'set', scope.minor);
  }
  const conditions = new Conditions(scope.minor);
  if (isObject(namespaceSelector)) {
    addNamespaces(conditions, namespaceSelector);
  }
  conditions.addWritten(podSelector, 'k8s');
  if (!isObject(namespaceSelector)) {
    conditions.equals(`k8s:${NAMESPACE_KEY}`, scope.namespace);
  }
  if (scope.pinsCluster && !namesCluster(podSelector)) {
    conditions.equals(`k8s:${CLUSTER_KEY}`, scope.clusterName);
  }
  return conditions.selector(true);
}

/** The labels of namespaces; none at all is every namespace, and so every pod. */
function addNamespaces(conditions: Conditions, { matchLabels, matchExpressions }: JsonObject): void {
  const prefixed = Object.fromEntries(
    Object.entries(asObject(matchLabels)).map(([key, value]) => [`${NAMESPACE_LABELS_PREFIX}${key}`, value]),
  );
  const expressions = asList(matchExpressions)
    .map(asObject)
    .map((expression) => ({ ...expression, key: `${NAMESPACE_LABELS_PREFIX}${asText(expression.key)}` }));
  if (Object.keys(prefixed).length + expressions.length === 0) {
    conditions.exists(`k8s:${NAMESPACE_KEY}`);
  }
  conditions.addWritten({ matchLabels: prefixed, matchExpressions: expressions }, 'k8s');
}

function namesCluster(podSelector: unknown): boolean {
  const { matchLabels, matchExpressions } = asObject(podSelector);
  return asText(asObject(matchLabels)[CLUSTER_KEY]) !== '' || asList(matchExpressions).some((one) => asObject(one).key === CLUSTER_KEY);
}

function ofNamespace(podSelector: unknown, { minor, namespace }: Scope): Conditions {
  return new Conditions(minor).addWritten(podSelector, 'k8s').equals(`k8s:${NAMESPACE_KEY}`, namespace);
}

/** No port is every port, no protocol is TCP. */
function portsOf(ports: readonly unknown[]): readonly Traffic[] | undefined {
  const all = ports.map(asObject).flatMap(({ port, endPort, protocol }): Traffic[] => {
    const written = typeof port === 'number' ? String(port) : asText(port);
    const end = typeof endPort === 'number' ? endPort : 0;
    return protocolsOf(asText(protocol) || 'TCP').map((one) => ({ protocol: one, port: portOf(written, end) }));
  });
  return ports.length === 0 ? undefined : all;
}

/** Generates Kubernetes ClusterNetworkPolicies, each valid, with every field of the experimental channel. */
import fc from 'fast-check';
import { among, few, members, weighted } from './choices';
import { Json, JsonObject } from './json';
import { kubernetesSelectors } from './selectors';
import { Universe } from './universe';

/** Policies with the names of a universe. Most are realistic, and every field occurs. */
export function clusterNetworkPolicies(universe: Universe): fc.Arbitrary<JsonObject> {
  return fc.record({
    apiVersion: fc.constant('policy.networking.k8s.io/v1alpha2'),
    kind: fc.constant('ClusterNetworkPolicy'),
    metadata: fc.record({ name: among(...universe.policyNames) }),
    spec: clusterNetworkPolicySpecs(universe),
  });
}

export function clusterNetworkPolicySpecs(universe: Universe): fc.Arbitrary<JsonObject> {
  return members({
    tier: [100, among('Admin', 'Baseline')],
    priority: [100, among(0, 1, 10, 500, 1000)],
    subject: [100, podPeers(universe)],
    ingress: [60, few(rules(universe, 'from'), 0)],
    egress: [70, few(rules(universe, 'to'), 0)],
  });
}

/** A rule. Addresses and names have no named ports. */
function rules(universe: Universe, field: 'from' | 'to'): fc.Arbitrary<JsonObject> {
  const action = weighted([3, among('Accept')], [2, among('Deny')], [1, among('Pass')]);
  const name = [20, among('first', 'x'.repeat(100), '')] as const;
  const rule = (peers: fc.Arbitrary<JsonObject>, protocols: fc.Arbitrary<JsonObject>) =>
    members({ name, action: [100, action], [field]: [100, few(peers)], protocols: [55, few(protocols)] });
  const pods = rule(podPeers(universe), protocolsOf(universe, true));
  if (field === 'from') {
    return pods;
  }
  const names = fc.record({ domainNames: few(domainNames(universe)).map(distinct) });
  const accepting = members({
    name,
    action: [100, among('Accept')],
    to: [100, few(names)],
    protocols: [55, few(protocolsOf(universe, false))],
  });
  return weighted(
    [3, pods],
    [3, rule(weighted([3, podPeers(universe)], [4, otherPeers(universe)]), protocolsOf(universe, false))],
    [2, accepting],
  );
}

/** A peer, or a subject, that selects pods. */
function podPeers({ labels, namespaceLabels }: Universe): fc.Arbitrary<JsonObject> {
  const [podSelector, namespaceSelector] = [kubernetesSelectors(labels), kubernetesSelectors(namespaceLabels)];
  return weighted<JsonObject>(
    [4, fc.record({ namespaces: namespaceSelector })],
    [6, members({ podSelector: [100, podSelector], namespaceSelector: [85, namespaceSelector] }).map((pods) => ({ pods }))],
  );
}

function otherPeers({ cidrs, nodeLabels }: Universe): fc.Arbitrary<JsonObject> {
  return weighted<JsonObject>(
    [4, few(among(...cidrs)).map((networks) => ({ networks: distinct(networks) }))],
    [2, fc.record({ nodes: kubernetesSelectors(nodeLabels) })],
  );
}

function domainNames({ dnsNames }: Universe): fc.Arbitrary<string> {
  const names = among(...dnsNames);
  return weighted([3, names], [2, names.map((name) => `*.${name}`)], [1, names.map((name) => `${name}.`)]);
}

function protocolsOf({ ports, portNames }: Universe, hasNames: boolean): fc.Arbitrary<JsonObject> {
  const number = among(...ports);
  const destinationPort = weighted<JsonObject>(
    [4, fc.record({ number })],
    [2, fc.tuple(number, among(1, 10, 1000)).map(([start, more]) => ({ range: { start, end: start + more } }))],
  );
  const numbered = fc
    .tuple(weighted([4, among('tcp')], [2, among('udp')], [1, among('sctp')]), destinationPort)
    .map(([protocol, port]): JsonObject => ({ [protocol]: { destinationPort: port } }));
  const named = among<Json>(...portNames).map((destinationNamedPort): JsonObject => ({ destinationNamedPort }));
  return weighted([5, numbered], [hasNames ? 2 : 0, named]);
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

/** Generates Kubernetes ClusterNetworkPolicies that the API server and the agent accept, and flows that they are about. */
import fc from 'fast-check';
import { among, few, members, weighted } from './choices';
import type { Flow, Place } from './flows';
import type { Places } from './inventory';
import { JsonObject, listOf, objectOf, textOf } from './json';
import { kubernetesSelectors } from './selectors';
import type { Universe } from './universe';

/** `hasNodes`: whether rules may have nodes as peers, which the agent accepts only with its switch. */
export function tierPolicies(universe: Universe, hasNodes: boolean): fc.Arbitrary<JsonObject> {
  const of = (field: 'from' | 'to') => [70, few(rules(universe, field, hasNodes), 1, 5)] as const;
  const sections = { ingress: of('from'), egress: of('to') };
  return fc
    .tuple(
      fc.record({ tier: among('Admin', 'Admin', 'Baseline'), priority: among(0, 1, 1, 1, 10, 1000), subject: pods(universe) }),
      members(sections),
    )
    .map(([head, made]) => ({ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', spec: { ...head, ...made } }));
}

function rules(universe: Universe, field: 'from' | 'to', hasNodes: boolean): fc.Arbitrary<JsonObject> {
  return fc.tuple(among('Accept', 'Accept', 'Deny', 'Deny', 'Pass'), fc.boolean()).chain(([action, isOfPods]) =>
    members({
      action: [100, fc.constant(action)],
      [field]: [100, few(isOfPods ? pods(universe) : peers(universe, field === 'to', action === 'Accept', hasNodes), 1)],
      // Other peers have no named ports.
      protocols: [60, few(protocols(universe, isOfPods), 1)],
    }),
  );
}

function peers(universe: Universe, isEgress: boolean, isAccept: boolean, hasNodes: boolean): fc.Arbitrary<JsonObject> {
  const nodes = kubernetesSelectors(universe.nodeLabels).map((selector): JsonObject => ({ nodes: selector }));
  const networks = few(among(...universe.cidrs), 1).map((all): JsonObject => ({ networks: [...new Set(all)] }));
  const names = few(
    among(...universe.dnsNames.filter((name) => name !== 'db.shop.svc.cluster.local'), '*.example.com', '*.cluster.local'),
    1,
  );
  return weighted<JsonObject>(
    [10, pods(universe)],
    ...(isEgress ? [[4, networks] as const] : []),
    ...(isEgress && hasNodes ? [[3, nodes] as const] : []),
    ...(isEgress && isAccept ? [[4, names.map((all): JsonObject => ({ domainNames: [...new Set(all)] }))] as const] : []),
  );
}

function pods({ labels, namespaceLabels }: Universe): fc.Arbitrary<JsonObject> {
  const namespaceSelector = kubernetesSelectors(namespaceLabels);
  // The wider they are, the more often rules of several tiers are about one flow.
  return weighted<JsonObject>(
    [5, fc.constant({ namespaces: {} })],
    [3, fc.constant({ pods: { namespaceSelector: {}, podSelector: {} } })],
    [3, namespaceSelector.map((namespaces): JsonObject => ({ namespaces }))],
    [6, fc.record({ namespaceSelector, podSelector: kubernetesSelectors(labels) }).map((one): JsonObject => ({ pods: one }))],
  );
}

function protocols({ ports, portNames }: Universe, hasNames: boolean): fc.Arbitrary<JsonObject> {
  const number = among(...ports);
  const destinationPort = weighted<JsonObject>(
    [5, number.map((one): JsonObject => ({ number: one }))],
    [2, fc.tuple(number, among(1, 1000)).map(([start, more]): JsonObject => ({ range: { start, end: start + more } }))],
  );
  return weighted<JsonObject>(
    [
      10,
      fc.tuple(among('tcp', 'tcp', 'udp', 'sctp'), destinationPort).map(([protocol, port]) => ({ [protocol]: { destinationPort: port } })),
    ],
    [hasNames ? 3 : 0, among(...portNames, 'dns-tcp', '443', 'my_port').map((name): JsonObject => ({ destinationNamedPort: name }))],
  );
}

/** A few flows for every rule, in both directions. */
export function aimsOfTiers({ spec }: JsonObject, universe: Universe, places: Places): Flow[] {
  const { subject, ingress, egress } = objectOf(spec);
  const own = placeOf(objectOf(subject), universe, places)[0];
  const of = (rule: JsonObject, field: string) =>
    listOf(rule[field]).flatMap((peer) =>
      placeOf(objectOf(peer), universe, places).flatMap((place) => trafficOf(rule).map((traffic) => ({ place, traffic }))),
    );
  return [
    ...listOf(ingress)
      .map(objectOf)
      .flatMap((rule) => of(rule, 'from').map(({ place, traffic }): Flow => ({ from: place, to: own, ...traffic }))),
    ...listOf(egress)
      .map(objectOf)
      .flatMap((rule) => of(rule, 'to').map(({ place, traffic }): Flow => ({ from: own, to: place, ...traffic }))),
  ];
}

function placeOf({ pods: both, networks, nodes, domainNames }: JsonObject, universe: Universe, places: Places): Place[] {
  if (networks !== undefined) {
    return listOf(networks).map((network) => ({ ip: textOf(network).split('/')[0] }));
  }
  if (nodes !== undefined) {
    return places.nodes.map((node) => ({ node }));
  }
  if (domainNames !== undefined && places.names.length > 0) {
    return places.names.map((fqdn) => ({ fqdn }));
  }
  const { podSelector } = objectOf(both);
  const labels = objectOf(objectOf(podSelector)['matchLabels']) as Record<string, string>;
  return universe.namespaces.slice(0, 2).map((namespace) => ({ labels, namespace }));
}

const NUMBERS: Readonly<Record<string, number>> = { http: 8080, metrics: 9090, dns: 53, 'dns-tcp': 53, '443': 443 };

function trafficOf({ protocols: written }: JsonObject): Pick<Flow, 'protocol' | 'port'>[] {
  const all = listOf(written)
    .map(objectOf)
    .flatMap((one) =>
      Object.entries(one).map(([field, value]) => {
        if (field === 'destinationNamedPort') {
          return { protocol: 'TCP', port: NUMBERS[textOf(value)] ?? 80 };
        }
        const { number, range } = objectOf(objectOf(value)['destinationPort']);
        return { protocol: field.toUpperCase(), port: Number(number ?? objectOf(range)['end']) };
      }),
    );
  return all.length > 0 ? all : [{ protocol: 'TCP', port: 80 }];
}

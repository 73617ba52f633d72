/** Generates the `spec` of a Kubernetes NetworkPolicy. */
import fc from 'fast-check';
import { isInside } from './blocks';
import { among, Chances, few, joined, members, weighted } from './choices';
import { Json, JsonObject } from './json';
import { Scope } from './scope';
import { kubernetesSelectors } from './selectors';

export function networkPolicySpecs(scope: Scope): fc.Arbitrary<JsonObject> {
  const podSelector = kubernetesSelectors(scope.universe.labels);
  const ingress = few(members({ from: [80, peers(scope)], ports: [55, ports(scope)] }), 0);
  const egress = few(members({ to: [80, peers(scope)], ports: [55, ports(scope)] }), 0);
  const types = (...some: string[]) => [60, fc.constant(some)] as const;
  return joined(
    fc.record({ podSelector }),
    weighted<JsonObject>(
      [5, members({ ingress: [92, ingress], policyTypes: types('Ingress') })],
      [4, members({ egress: [92, egress], policyTypes: [100, among<Json>(['Egress'], ['Ingress', 'Egress'])] })],
      [3, members({ ingress: [92, ingress], egress: [92, egress], policyTypes: types('Ingress', 'Egress') })],
    ),
  );
}

/** A peer is either an `ipBlock`, or selectors of pods and namespaces, which can be combined. */
function peers(scope: Scope): fc.Arbitrary<JsonObject[]> {
  const { universe } = scope;
  const podSelector = kubernetesSelectors(universe.labels);
  const namespaceSelector = kubernetesSelectors(universe.namespaceLabels);
  return few(
    weighted<JsonObject>(
      [5, fc.record({ podSelector })],
      [3, fc.record({ namespaceSelector })],
      [2, fc.record({ podSelector, namespaceSelector })],
      [4, fc.record({ ipBlock: ipBlocks(scope) })],
    ),
    0,
  );
}

/** An `except` prefix of an `ipBlock` is inside it, and smaller. */
function ipBlocks({ universe }: Scope): fc.Arbitrary<JsonObject> {
  return among(...universe.cidrs).chain((cidr) => {
    const inner = universe.cidrs.filter((hole) => hole !== cidr && isInside(hole, cidr));
    const except: Chances = inner.length > 0 ? { except: [40, few(among(...inner))] } : {};
    return members({ cidr: [100, fc.constant(cidr)], ...except });
  });
}

/** Unlike in Cilium's own kinds, a port is a number or a name, and the default protocol is TCP. */
function ports({ universe }: Scope): fc.Arbitrary<JsonObject[]> {
  const protocol = [70, among('TCP', 'TCP', 'UDP', 'SCTP')] as const;
  const number = among(...universe.ports);
  const range = fc.tuple(number, among(0, 1, 1000)).map(([port, more]): JsonObject => ({ port, endPort: port + more }));
  return few(
    weighted<JsonObject>(
      [10, members({ port: [100, number], protocol })],
      [4, members({ port: [100, among(...universe.portNames)], protocol })],
      [3, joined(range, members({ protocol }))],
      [2, members({ protocol })],
    ),
    0,
  );
}

/** Generates the peers of a rule: the L3 members of an element. Cilium accepts only one that is not empty. */
import fc from 'fast-check';
import { isInside } from './blocks';
import { among, few, joined, members, weighted } from './choices';
import { Json, JsonObject } from './json';
import { Direction, Scope } from './scope';
import { endpointSelectors, groupSelectors, nodeSelectors, serviceSelectors } from './selectors';
import { NamespacedName } from './universe';

/** The items of the L3 members of an element. Most members exist in both directions, as `fromX` and `toX`. */
interface Member {
  readonly name: string;
  readonly weight: number;
  readonly items: fc.Arbitrary<Json>;
}

/** The L3 members of an element: none, one, or one together with another, empty one. */
export function peers(scope: Scope, direction: Direction, verdict: 'allow' | 'deny'): fc.Arbitrary<JsonObject> {
  const choices = membersOf(scope, direction, verdict);
  const one = weighted(
    ...choices.map(({ name, weight, items }) => [weight, few(items).map((list): JsonObject => ({ [name]: list }))] as const),
  );
  const empty = among(...choices.map(({ name }): JsonObject => ({ [name]: [] })));
  return weighted<JsonObject>(
    [18, fc.constant({})],
    [76, one],
    [3, empty],
    [2, joined(empty, one)],
    [1, joined(fc.constant({ [`${prefixOf(direction)}Requires`]: [] }), one)],
    [scope.rare, required(scope, direction)],
  );
}

/** `from` or `to`, the prefix of the members of a direction. */
export function prefixOf(direction: Direction): 'from' | 'to' {
  return direction === 'ingress' ? 'from' : 'to';
}

function membersOf(scope: Scope, direction: Direction, verdict: 'allow' | 'deny'): Member[] {
  const { universe } = scope;
  const prefix = prefixOf(direction);
  const both: Member[] = [
    { name: `${prefix}Endpoints`, weight: 36, items: endpointSelectors(scope, 'peer') },
    { name: `${prefix}Entities`, weight: 14, items: entities(scope) },
    { name: `${prefix}CIDR`, weight: 7, items: among(...universe.cidrs) },
    { name: `${prefix}CIDRSet`, weight: 12, items: cidrRules(scope) },
    { name: `${prefix}Nodes`, weight: 4, items: nodeSelectors(scope) },
    { name: `${prefix}Groups`, weight: 3, items: groups(scope) },
  ];
  if (direction === 'ingress') {
    return both;
  }
  const services: Member = { name: 'toServices', weight: 6, items: serviceRules(scope) };
  const names: Member = { name: 'toFQDNs', weight: 12, items: nameRules(scope) };
  return verdict === 'allow' ? [...both, services, names] : [...both, services];
}

function entities({ universe, rare }: Scope): fc.Arbitrary<string> {
  return weighted([30, among(...universe.entities)], [rare, fc.constant('cluster-mesh')]);
}

/** An item of `fromCIDRSet` or `toCIDRSet`. For a group, `except` prefixes need not be inside it. */
function cidrRules(scope: Scope): fc.Arbitrary<JsonObject> {
  const { universe, rare } = scope;
  const cidr = among(...universe.cidrs).chain((outer) => {
    const inner = universe.cidrs.filter((hole) => isInside(hole, outer));
    return members({ cidr: [100, fc.constant(outer)], except: [40, few(among(...inner), 0)] });
  });
  const wider = among(...universe.cidrs).chain((inner) => {
    const outer = universe.cidrs.filter((hole) => isInside(inner, hole));
    return among(...outer).map((hole): JsonObject => ({ cidr: inner, except: [hole] }));
  });
  const except = { except: [25, few(among(...universe.cidrs))] } as const;
  return weighted(
    [10, cidr],
    [rare, wider],
    [4, members({ cidrGroupRef: [100, among(...universe.cidrGroups)], ...except })],
    [3, members({ cidrGroupSelector: [100, groupSelectors(scope)], ...except })],
  );
}

function groups({ universe }: Scope): fc.Arbitrary<JsonObject> {
  const names = few(among(...universe.securityGroups));
  return members({
    aws: [
      95,
      members({
        labels: [25, among<JsonObject>({}, { env: 'prod' })],
        securityGroupsIds: [60, names],
        securityGroupsNames: [30, names],
        region: [20, fc.constant('eu-west-1')],
      }),
    ],
  });
}

function serviceRules(scope: Scope): fc.Arbitrary<JsonObject> {
  const { universe } = scope;
  const named = among(...universe.services).map(({ namespace, name }) => ({ serviceName: name, namespace }));
  const nameless = members({ serviceName: [50, among(...universe.services.map(nameOf))], namespace: [50, among(...universe.namespaces)] });
  const k8sService = weighted<JsonObject>([9, named], [1, nameless]);
  const k8sServiceSelector = members({ selector: [100, serviceSelectors(scope)], namespace: [70, among(...universe.namespaces)] });
  return weighted<JsonObject>(
    [60, fc.record({ k8sService })],
    [30, fc.record({ k8sServiceSelector })],
    [2, fc.record({ k8sService, k8sServiceSelector })],
    [2, fc.constant({})],
  );
}

function nameOf({ name }: NamespacedName): string {
  return name;
}

/** An item of `toFQDNs` or `rules.dns`. */
export function nameRules({ universe }: Scope): fc.Arbitrary<JsonObject> {
  return weighted<JsonObject>(
    [6, fc.record({ matchName: among(...universe.dnsNames) })],
    [5, fc.record({ matchPattern: among(...universe.dnsPatterns, ...universe.dnsNames) })],
  );
}

/** `fromRequires` and `toRequires`: selectors in 1.18, removed in 1.19. */
function required(scope: Scope, direction: Direction): fc.Arbitrary<JsonObject> {
  return few(endpointSelectors(scope, 'peer')).map((list) => ({ [`${prefixOf(direction)}Requires`]: list }));
}

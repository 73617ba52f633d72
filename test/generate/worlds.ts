/** Generates worlds: a small cluster with a few policies, and flows. */
import fc from 'fast-check';
import { aimsOf } from './aims';
import { among, weighted } from './choices';
import type { Flow } from './flows';
import { flows } from './flows';
import { inventory } from './inventory';
import type { JsonObject } from './json';
import type { Kind } from './policies';
import { policyArbitrary } from './policies';
import { aimsOfTiers, tierPolicies } from './tier-policies';
import { UNIVERSE, Universe } from './universe';

/** The content of a `verdict` request. */
export interface WorldCase {
  /** Keys of `cilium-config`. */
  readonly config: Readonly<Record<string, string>>;
  /** The addresses that DNS returns. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** The inventory and the policies. */
  readonly objects: readonly JsonObject[];
  readonly flows: readonly Flow[];
}

/** A world whose answers were reviewed by hand. */
export interface NamedWorld extends WorldCase {
  readonly name: string;
}

/** The number of flows in a world. */
export const FLOWS = 40;

/** Every switch that changes a verdict, usually with the default of Cilium's Helm chart. */
const switches: fc.Arbitrary<Record<string, string>> = fc
  .record({
    'enable-policy': weighted<string | undefined>([16, fc.constant(undefined)], [2, among('always')], [1, among('never')]),
    'enable-host-firewall': weighted<string | undefined>([2, fc.constant(undefined)], [2, among('true')]),
    'allow-localhost': weighted<string | undefined>([10, fc.constant(undefined)], [1, among('policy', 'always', 'auto')]),
    'policy-cidr-match-mode': weighted<string | undefined>([12, fc.constant(undefined)], [2, among('nodes', 'pods', 'nodes,pods')]),
    'policy-default-local-cluster': weighted<string | undefined>([10, fc.constant(undefined)], [1, among('true', 'false')]),
    'enable-node-selector-labels': weighted<string | undefined>([1, fc.constant(undefined)], [6, among('true')]),
    'enable-non-default-deny-policies': weighted<string | undefined>([14, fc.constant(undefined)], [1, among('false')]),
    'enable-extended-ip-protocols': weighted<string | undefined>([1, fc.constant(undefined)], [5, among('true')]),
    'enable-sctp': weighted<string | undefined>([1, fc.constant(undefined)], [8, among('true')]),
    'allow-icmp-frag-needed': weighted<string | undefined>([8, fc.constant(undefined)], [1, among('false')]),
    'kube-proxy-replacement': weighted<string | undefined>([2, fc.constant(undefined)], [2, among('true')]),
    'k8s-service-proxy-name': weighted<string | undefined>([20, fc.constant(undefined)], [1, among('other')]),
    'mesh-auth-enabled': weighted<string | undefined>([1, fc.constant(undefined)], [1, among('false')], [8, among('true')]),
    'policy-audit-mode': weighted<string | undefined>([20, fc.constant(undefined)], [1, among('true')]),
    'enable-ipv6': weighted<string | undefined>([6, fc.constant(undefined)], [1, among('true')]),
    'cluster-name': weighted<string | undefined>([14, fc.constant(undefined)], [1, among('east')]),
    labels: weighted<string | undefined>([18, fc.constant(undefined)], [1, among('k8s:!tier', 'k8s:app k8s:io.kubernetes.pod.namespace')]),
  })
  .map((all) => ({
    ...Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    ...ASSUMED,
  }));

/** What the oracles assume: the paths of requests are plain, and a node connects from the address that its name stands for. */
const ASSUMED = { 'http-normalize-path': 'false', 'routing-mode': 'native' };

/** A few names of each kind. The fewer there are, the more often rules overlap. */
const NARROW: readonly Universe[] = [
  narrowed(['shop'], ['app'], [80, 443], 4),
  narrowed(['shop', 'bank'], ['app', 'tier'], [80, 53, 8080], 6),
  narrowed(UNIVERSE.namespaces, ['app', 'tier', 'app.kubernetes.io/name', 'k8s-app'], UNIVERSE.ports, 11),
];

function narrowed(namespaces: readonly string[], keys: readonly string[], ports: readonly number[], cidrs: number): Universe {
  const labels = UNIVERSE.labels.filter(({ key }) => keys.includes(key)).map(({ key, values }) => ({ key, values: values.slice(0, 2) }));
  return { ...UNIVERSE, namespaces, labels, ports, cidrs: UNIVERSE.cidrs.slice(0, cidrs) };
}

const judged: readonly Kind[] = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy'];

/** The policies of a world have unique names, because two policies with the same name are one object, and a namespace, because requests have none. */
function policies(universe: Universe, portable: boolean): fc.Arbitrary<JsonObject[]> {
  return fc.array(policyArbitrary(universe, { portable, kinds: judged }), { minLength: 1, maxLength: 7 }).map((all) =>
    all.map((policy, i): JsonObject => {
      const namespace: JsonObject = policy.kind === 'CiliumClusterwideNetworkPolicy' ? {} : { namespace: universe.namespaces[0] };
      return { ...policy, metadata: { ...namespace, ...policy.metadata, name: `p${i}` } };
    }),
  );
}

function worlds(universe: Universe, portable: boolean): fc.Arbitrary<WorldCase> {
  return fc.tuple(switches, inventory(universe), policies(universe, portable)).chain(([config, { objects, names, places }, made]) =>
    flows(
      universe,
      places,
      made.flatMap((policy) => aimsOf(policy, universe, places)),
      FLOWS,
    ).map((all) => ({ config, names, objects: [...objects, ...made], flows: all })),
  );
}

/** Worlds with ClusterNetworkPolicies beside policies of the other kinds. */
function tierWorlds(universe: Universe): fc.Arbitrary<WorldCase> {
  const more = fc.record({
    'enable-k8s-cluster-network-policy': weighted<string | undefined>([1, fc.constant(undefined)], [20, among('true')]),
  });
  return fc
    .tuple(switches, more, inventory(universe))
    .chain(([general, { 'enable-k8s-cluster-network-policy': on }, { objects, names, places }]) => {
      const config: Record<string, string> = { ...general, ...(on !== undefined && { 'enable-k8s-cluster-network-policy': on }) };
      const tiers = fc
        .array(tierPolicies(universe, config['enable-node-selector-labels'] === 'true'), { minLength: 1, maxLength: 4 })
        .map((all) => all.map((policy, i): JsonObject => ({ ...policy, metadata: { name: `t${i}` } })));
      return fc.tuple(tiers, policies(universe, true)).chain(([ofTiers, others]) => {
        const aims = [
          ...ofTiers.flatMap((policy) => aimsOfTiers(policy, universe, places)),
          ...others.flatMap((policy) => aimsOf(policy, universe, places)),
        ];
        return flows(universe, places, aims, FLOWS).map((all) => ({
          config,
          names,
          objects: [...objects, ...ofTiers, ...others],
          flows: all,
        }));
      });
    });
}

export const tierWorldArbitrary: fc.Arbitrary<WorldCase> = weighted(
  [3, tierWorlds(narrowed(['shop'], ['app'], [80], 3))],
  ...NARROW.map((universe) => [1, tierWorlds(universe)] as const),
);

/** The worlds with tiers of a seed. */
export function tierWorldCases(seed: number, count: number): WorldCase[] {
  return fc.sample(fc.noBias(tierWorldArbitrary), { seed, numRuns: count });
}

/** Nearly all worlds have policies that every minor accepts. */
export const worldArbitrary: fc.Arbitrary<WorldCase> = weighted(
  ...NARROW.flatMap((universe) => [[16, worlds(universe, true)] as const, [4, worlds(universe, false)] as const]),
);

/** The worlds of a seed. */
export function worldCases(seed: number, count: number): WorldCase[] {
  return fc.sample(fc.noBias(worldArbitrary), { seed, numRuns: count });
}

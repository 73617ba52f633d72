/** Generates label selectors for pods, nodes, CIDR groups, Services and, in a NetworkPolicy, namespaces. */
import fc from 'fast-check';
import { among, few, weighted } from './choices';
import { JsonObject } from './json';
import { Scope } from './scope';
import { LabelChoices, Universe } from './universe';

/** The `endpointSelector` of a policy, or the selector of a peer. */
export function endpointSelectors(scope: Scope, use: 'subject' | 'peer'): fc.Arbitrary<JsonObject> {
  const { universe, rare } = scope;
  const elsewhere = use === 'peer' ? 4 : 1;
  return selectorsOver(
    weighted(
      [24, sourced(universe.labels)],
      [2 * elsewhere, namespaceKeys(universe)],
      [elsewhere, namespaceLabelKeys(universe)],
      [1, among(...keysLike('io.cilium.k8s.policy.serviceaccount', universe.serviceAccounts))],
      [1, among(...keysLike('io.cilium.k8s.policy.cluster', universe.clusters))],
      [elsewhere, among(...universe.reserved.map((name) => ({ key: `reserved:${name}`, values: [''] })))],
      [rare, among(...ODD_KEYS)],
    ),
  );
}

/** The `nodeSelector` of a policy, or a peer of `fromNodes` and `toNodes`. */
export function nodeSelectors({ universe }: Scope): fc.Arbitrary<JsonObject> {
  return selectorsOver(sourced(universe.nodeLabels));
}

/** A `cidrGroupSelector`. */
export function groupSelectors({ universe, rare }: Scope): fc.Arbitrary<JsonObject> {
  const foreign = universe.cidrGroupLabels.map((label) => ({ ...label, key: `k8s:${label.key}` }));
  return selectorsOver(weighted([30, among(...universe.cidrGroupLabels)], [rare, among(...foreign)]));
}

/** The `selector` of a `k8sServiceSelector`. */
export function serviceSelectors({ universe }: Scope): fc.Arbitrary<JsonObject> {
  return selectorsOver(sourced(universe.serviceLabels));
}

/** A selector of a NetworkPolicy, whose keys have no source. */
export function kubernetesSelectors(labels: readonly LabelChoices[]): fc.Arbitrary<JsonObject> {
  return selectorsOver(among(...labels));
}

/** Keys that only some minors accept: a short form of `reserved:host`, an unusual source, and a key that is too long with the prefix `any.`. */
const ODD_KEYS: readonly LabelChoices[] = [
  { key: '$host', values: [''] },
  { key: 'k8s_x:app', values: ['web'] },
  { key: ':app', values: ['web'] },
  { key: 'k'.repeat(61), values: ['web'] },
];

/** Every part of a selector can be missing or empty. */
function selectorsOver(labels: fc.Arbitrary<LabelChoices>): fc.Arbitrary<JsonObject> {
  const matchLabels = few(labels).chain(valuesFor);
  const matchExpressions = few(requirements(labels));
  return weighted<JsonObject>(
    [12, fc.constant({})],
    [60, matchLabels.map((some) => ({ matchLabels: some }))],
    [20, matchExpressions.map((some) => ({ matchExpressions: some }))],
    [6, fc.record({ matchLabels, matchExpressions })],
    [1, fc.constant({ matchLabels: {} })],
    [1, fc.constant({ matchExpressions: [] })],
  );
}

/** One value for each key. `app`, `any:app` and `:app` are the same key for the agent, which keeps one value at random, so only one of them is used. */
function valuesFor(all: readonly LabelChoices[]): fc.Arbitrary<JsonObject> {
  const plain = ({ key }: LabelChoices) => key.replace(/^(any)?:/, '');
  const labels = all.filter((label, i) => all.findIndex((other) => plain(other) === plain(label)) === i);
  return fc.tuple(...labels.map(({ values }) => among(...values))).map((values) => {
    return Object.fromEntries(labels.map(({ key }, index) => [key, values[index]]));
  });
}

function requirements(labels: fc.Arbitrary<LabelChoices>): fc.Arbitrary<JsonObject> {
  return labels.chain(({ key, values }) => {
    const some = fc.subarray([...values], { minLength: 1 });
    return weighted<JsonObject>(
      [4, some.map((chosen) => ({ key, operator: 'In', values: chosen }))],
      [3, some.map((chosen) => ({ key, operator: 'NotIn', values: chosen }))],
      [6, among('Exists', 'DoesNotExist').map((operator) => ({ key, operator }))],
      [1, among('Exists', 'DoesNotExist').map((operator) => ({ key, operator, values: [] }))],
    );
  });
}

/** Most keys have no source, as in practice. */
function sourced(labels: readonly LabelChoices[]): fc.Arbitrary<LabelChoices> {
  return fc.tuple(among(...labels), weighted([14, among('')], [4, among('k8s:')], [2, among('any:')])).map(([label, source]) => ({
    ...label,
    key: `${source}${label.key}`,
  }));
}

function namespaceKeys({ namespaces }: Universe): fc.Arbitrary<LabelChoices> {
  return among(...keysLike('io.kubernetes.pod.namespace', namespaces));
}

function namespaceLabelKeys({ namespaceLabels }: Universe): fc.Arbitrary<LabelChoices> {
  return among(...namespaceLabels.flatMap(({ key, values }) => keysLike(`io.cilium.k8s.namespace.labels.${key}`, values)));
}

/** A key, with or without the source that it has on a pod. */
function keysLike(key: string, values: readonly string[]): LabelChoices[] {
  return [key, `k8s:${key}`].map((written) => ({ key: written, values }));
}

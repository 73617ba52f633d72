/** Generates valid policies of every kind that Cilium enforces, and the CIDR groups that they name. */
import fc from 'fast-check';
import { among, Chances, few, joined, members, weighted } from './choices';
import { Json, JsonObject } from './json';
import { networkPolicySpecs } from './network-policies';
import { rules } from './rules';
import { Scope } from './scope';
import { LabelChoices, Universe } from './universe';

export const KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy', 'CiliumCIDRGroup'] as const;

export type Kind = (typeof KINDS)[number];

/** A manifest. */
export interface Policy extends JsonObject {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: JsonObject;
}

export interface PolicyChoices {
  /** Only fields and values that every supported minor accepts. This includes nodes as peers, for which the agent has a switch. */
  readonly portable?: boolean;
  /** The kinds to choose from; all kinds if absent. */
  readonly kinds?: readonly Kind[];
}

/** Policies with the names of a universe. Most are realistic, and every field of the API occurs occasionally. */
export function policyArbitrary(universe: Universe, { portable = false, kinds = KINDS }: PolicyChoices = {}): fc.Arbitrary<Policy> {
  const scope: Scope = { universe, rare: portable ? 0 : 1 };
  return weighted(...kinds.map((kind) => [WEIGHTS[kind], policiesOf(kind, scope)] as const));
}

const WEIGHTS: Readonly<Record<Kind, number>> = {
  CiliumNetworkPolicy: 10,
  CiliumClusterwideNetworkPolicy: 5,
  NetworkPolicy: 3,
  CiliumCIDRGroup: 1,
};

function policiesOf(kind: Kind, scope: Scope): fc.Arbitrary<Policy> {
  const { universe } = scope;
  const namespace = among(...universe.namespaces);
  switch (kind) {
    case 'CiliumNetworkPolicy':
      return policies('cilium.io/v2', kind, metadata(universe, { namespace: [95, namespace] }), specs(rules(scope, 'pods')));
    case 'CiliumClusterwideNetworkPolicy': {
      const both = weighted([3, rules(scope, 'pods')], [1, rules(scope, 'host')]);
      return policies('cilium.io/v2', kind, metadata(universe), specs(both));
    }
    case 'NetworkPolicy': {
      const spec = networkPolicySpecs(scope).map((one): JsonObject => ({ spec: one }));
      return policies('networking.k8s.io/v1', kind, metadata(universe, { namespace: [100, namespace] }), spec);
    }
    case 'CiliumCIDRGroup': {
      const spec = few(among(...universe.cidrs), 0, 3).map((externalCIDRs): JsonObject => ({ spec: { externalCIDRs } }));
      return policies('cilium.io/v2', kind, groupMetadata(universe), spec);
    }
  }
}

function policies(apiVersion: string, kind: Kind, meta: fc.Arbitrary<JsonObject>, rest: fc.Arbitrary<JsonObject>): fc.Arbitrary<Policy> {
  return fc.tuple(meta, rest).map(([one, specOrSpecs]) => ({ apiVersion, kind, metadata: one, ...specOrSpecs }));
}

/** One rule in `spec`, several in `specs`, or both. */
function specs(rule: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return weighted<JsonObject>(
    [85, rule.map((spec) => ({ spec }))],
    [10, few(rule).map((list) => ({ specs: list }))],
    [4, fc.record({ spec: rule, specs: few(rule, 0) })],
  );
}

function metadata({ policyNames }: Universe, more: Chances = {}): fc.Arbitrary<JsonObject> {
  return members({
    name: [100, among(...policyNames)],
    ...more,
    labels: [3, fc.constant<Json>({ app: 'shop' })],
    annotations: [2, fc.constant<Json>({ 'example.com/owner': 'shop team' })],
  });
}

/** CIDR groups with labels, by which policies select them. */
function groupMetadata({ cidrGroups, cidrGroupLabels }: Universe): fc.Arbitrary<JsonObject> {
  const labels = few(among(...cidrGroupLabels)).chain(labelsOf);
  return joined(fc.record({ name: among(...cidrGroups) }), members({ labels: [70, labels] }));
}

function labelsOf(choices: readonly LabelChoices[]): fc.Arbitrary<JsonObject> {
  return fc.tuple(...choices.map(({ values }) => among(...values))).map((values) => {
    return Object.fromEntries(choices.map(({ key }, index) => [key, values[index]]));
  });
}

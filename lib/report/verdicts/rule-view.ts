/** Rules of explanations, by where they are written. */
import type { OwnedRule } from '../../model/flow';
import { isPrivate, Origin, placeOf } from '../../model/origin';
import { PathLink, pathTo, pointer } from '../../model/path';
import { Effect, Policy, policyName } from '../../model/policy';
import { shortened } from '../../net/shortened';
import type { EnvoyRefusal } from '../../verdict/envoy-refusal';
import type { Match } from '../../verdict/explain';
import { lineOf } from './line';

/** A rule by where it is written. */
export interface RuleView {
  /** `Kind/namespace/name`. */
  readonly policy: string;
  readonly effect: Effect;
  /** A JSON pointer into the object. */
  readonly path: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly constructPath: string | null;
  /** In the steps that match rules with the peer: the selector that selects it. Otherwise, and if the rule names no peers, null. */
  readonly peer: PartView | null;
  /** In the same steps: the port or ICMP type that covers the traffic. Otherwise, and if the rule names no traffic, null. */
  readonly traffic: PartView | null;
}

/** A part of a rule by where it is written. */
export interface PartView {
  /** A JSON pointer into the object. */
  readonly path: string;
  readonly line: number | null;
}

export function ruleView(match: Match): RuleView {
  const { policy, rule, peer, traffic } = match;
  const { resource } = policy;
  const place = placeOf(originOf(match));
  return {
    policy: shownName(policy),
    effect: rule.effect,
    path: pointer(rule.path),
    file: place === undefined ? null : resource.document.source.name,
    line: place?.line ?? null,
    constructPath: resource.constructPath ?? null,
    peer: partView(match, peer),
    traffic: partView(match, traffic),
  };
}

/** `Kind/namespace/name`; of a policy in a private source, only that it is one. */
export function shownName(policy: Policy): string {
  return isPrivate(policy.resource) ? `${policy.kind}//${UNNAMED}` : policyName(policy);
}

/** Stands for the name of a policy of which nothing is quoted. */
const UNNAMED = '(not quoted)';

/** What differs in the nearest rule. */
export function shownDifferences({ policy, differs }: OwnedRule & { readonly differs: readonly string[] }): readonly string[] {
  return isPrivate(policy.resource) ? ['it differs'] : differs;
}

/** What is wrong with a pattern that Envoy refuses. */
export function shownProblem({ because, problem }: EnvoyRefusal): string {
  return isPrivate(because.policy.resource) ? 'it refuses a pattern' : shortened(problem);
}

export function partView(owned: OwnedRule, at: PathLink | undefined): PartView | null {
  return at === undefined ? null : { path: pointer(pathTo(at)), line: placeOf(originOf(owned, at))?.line ?? null };
}

/** Where a rule, or a part of it, is written: a file and line, or the path in the object that a construct or program made. */
export function where(owned: OwnedRule, at?: PathLink): string {
  const { kind, namespace, name, resource } = owned.policy;
  const owner = isPrivate(resource) ? UNNAMED : namespace === '' ? name : `${namespace}/${name}`;
  const origin = originOf(owned, at);
  const line = lineOf(origin);
  if (line !== undefined) {
    return `${line} (${owner})`;
  }
  const path = pointer(origin.path);
  return resource.constructPath === undefined ? `${kind} ${owner} ${path}` : `${resource.constructPath} ${path} (${owner})`;
}

function originOf({ policy: { resource }, rule }: OwnedRule, at?: PathLink): Origin {
  return { document: resource.document, resource, path: at === undefined ? rule.path : pathTo(at) };
}

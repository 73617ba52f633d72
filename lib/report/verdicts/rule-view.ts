/** Rules of explanations, by where they are written. */
import type { OwnedRule } from '../../model/flow';
import { Place, placeOf } from '../../model/origin';
import { PathLink, pathTo, pointer } from '../../model/path';
import { policyName } from '../../model/policy';
import type { Match } from '../../verdict/explain';

/** A rule by where it is written. */
export interface RuleView {
  /** `Kind/namespace/name`. */
  readonly policy: string;
  readonly effect: 'allow' | 'deny';
  /** A JSON pointer into the object. */
  readonly path: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly constructPath: string | null;
  /** Of a rule that selects the peer: the selector that does. Null if the rule names no peers. */
  readonly peer: PartView | null;
  /** Of a rule that covers the traffic: the port or ICMP type that does. Null if the rule names no traffic. */
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
  const place = placeIn(match);
  return {
    policy: policyName(policy),
    effect: rule.effect,
    path: pointer(rule.path),
    file: place === undefined ? null : resource.document.source.name,
    line: place?.line ?? null,
    constructPath: resource.constructPath ?? null,
    peer: partView(match, peer),
    traffic: partView(match, traffic),
  };
}

export function partView(owned: OwnedRule, at: PathLink | undefined): PartView | null {
  return at === undefined ? null : { path: pointer(pathTo(at)), line: placeIn(owned, at)?.line ?? null };
}

/** Where a rule, or a part of it, is written: a file and line, or the path in the object that a construct or program made. */
export function where(owned: OwnedRule, at?: PathLink): string {
  const { kind, namespace, name, resource } = owned.policy;
  const owner = namespace === '' ? name : `${namespace}/${name}`;
  const path = pointer(at === undefined ? owned.rule.path : pathTo(at));
  const place = placeIn(owned, at);
  if (place !== undefined) {
    const { source } = resource.document;
    return `${source.name}:${place.line}${isAlone(place, source.text ?? '') ? '' : ` ${path}`} (${owner})`;
  }
  return resource.constructPath === undefined ? `${kind} ${owner} ${path}` : `${resource.constructPath} ${path} (${owner})`;
}

function placeIn({ policy: { resource }, rule }: OwnedRule, at?: PathLink): Place | undefined {
  return placeOf({ document: resource.document, resource, path: at === undefined ? rule.path : pathTo(at) });
}

/** Whether the line shows which rule or part is meant: only the dash of a list item, or an opening bracket, is in front of it. */
function isAlone({ offset, column }: Place, text: string): boolean {
  return /^[\s-]*[{[]?\s*$/.test(text.slice(offset - (column - 1), offset));
}

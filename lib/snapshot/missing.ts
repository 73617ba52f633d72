/** Verdicts where something that could turn them was not judged: those sides are unknown. */
import type { Flow, Ruling, Side, UnknownReason, Verdict } from '../model/flow';
import { isPrivate, Resource } from '../model/origin';
import type { Direction } from '../model/policy';
import { accepted, Parsed } from '../net/parsed';
import { shortened } from '../net/shortened';
import { allowedBy, Explanation, Way } from '../verdict/judge';
import type { BoundedEngine } from './bounded-engine';

/** What may turn a side and was not judged. */
export interface Missing {
  readonly text: string;
  readonly reason: UnknownReason;
  /** Whether the verdict of a side holds all the same. */
  readonly leaves: (side: Side) => boolean;
  /** Whether the end may have a policy although none seems to be evaluated for it. @default false */
  readonly mayHavePolicy?: boolean;
}

/** What may turn each side of a flow. */
export type MissingSides = Readonly<Partial<Record<Direction, Missing>>>;

/** The same engine with unknown sides where something is missing. Its specification judges what is there. */
export function engineWithMissing(engine: BoundedEngine, missingOf: (flow: Flow) => MissingSides | undefined): BoundedEngine {
  const changed = <T>(flow: Flow, parsed: Parsed<T>, change: (value: T, missing: MissingSides) => T): Parsed<T> => {
    const missing = missingOf(flow);
    return missing === undefined || !parsed.ok ? parsed : accepted(change(parsed.value, missing));
  };
  return {
    engines: () => engine.engines(),
    verdict: (flow) => changed(flow, engine.verdict(flow), withMissing),
    explain: (flow) => changed(flow, engine.explain(flow), explanationWithMissing),
    specification: engine.specification,
  };
}

/** A deny rule denies whatever rule of the normal tier there is besides, unless it is of the tier that comes later. */
export function isDeniedByRule(side: Side): boolean {
  return side.decision === 'denied' && side.reason === 'deny-rule' && side.because.every(({ rule }) => rule.level?.tier !== 'baseline');
}

function withMissing(verdict: Verdict, missing: MissingSides): Verdict {
  const [egress, ingress] = [sideWith(verdict.egress, missing.egress), sideWith(verdict.ingress, missing.ingress)];
  const { http, dns, sni } = verdict;
  const isDenied = egress.decision === 'denied' || ingress.decision === 'denied';
  const isTurned = missing.egress !== undefined || missing.ingress !== undefined;
  const ruling = (written: Ruling): Ruling => (isDenied || !isTurned ? written : 'unknown');
  return {
    allowed: allowedBy(egress, ingress),
    egress,
    ingress,
    ...(http === undefined ? {} : { http: ruling(http) }),
    ...(dns === undefined ? {} : { dns: ruling(dns) }),
    ...(sni === undefined ? {} : { sni: ruling(sni) }),
  };
}

/** The verdict with its steps. */
function explanationWithMissing({ ways, ...explanation }: Explanation, missing: MissingSides): Explanation {
  return { ...explanation, verdict: withMissing(explanation.verdict, missing), ways: ways.map((way) => wayWith(way, missing)) };
}

function wayWith({ egress, ingress, ...way }: Way, missing: MissingSides): Way {
  return {
    ...way,
    verdict: withMissing(way.verdict, missing),
    ...(egress && { egress: { ...egress, side: sideWith(egress.side, missing.egress) } }),
    ...(ingress && { ingress: { ...ingress, side: sideWith(ingress.side, missing.ingress) } }),
  };
}

function sideWith(side: Side, missing: Missing | undefined): Side {
  if (missing === undefined || side.decision === 'unknown') {
    return side;
  }
  const { text, reason, leaves, mayHavePolicy = false } = missing;
  const isFinal = side.decision === 'n/a' ? !mayHavePolicy : leaves(side);
  return isFinal ? side : { decision: 'unknown', reason, missing: text, because: side.decision === 'n/a' ? [] : side.because };
}

/** An object for people: `Service shop/web`; of an inventory, which may be any file, only its kind. */
export function shownName(resource: Resource): string {
  const { kind, namespace, name } = resource;
  return isPrivate(resource) ? `a ${kind} of the inventory` : shortened(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
}

/** How a verdict comes about, step by step, and what would have to differ to change it. */
import type { Flow, OwnedRule, Ruling, Side } from '../model/flow';
import type { PathLink } from '../model/path';
import { Direction, Effect, Tier, TIERS, Traffic } from '../model/policy';
import type { Agent } from '../resolve/agent';
import type { Entry } from '../resolve/entries';
import type { Resolved } from '../resolve/resolve';
import type { EnvoyRefusal } from './envoy-refusal';
import type { LookUp } from './learning';
import { Nearest, nearestOf, nearestToLookUp, nearestToRequest } from './nearest';
import { nearestPolicy } from './nearest-policy';
import { covers, isAboutTraffic, Question, selectsPeer, selectsPeerOn } from './side';

/** The steps of one side. Each list is a subset of the one before, except for `isolating` and `opened`. */
export interface Derivation {
  readonly direction: Direction;
  readonly side: Side;
  readonly isDefaultDeny: boolean;
  /** The rules that select the endpoint in this direction. */
  readonly selecting: readonly OwnedRule[];
  /** Those of them that make the direction default-deny. */
  readonly isolating: readonly OwnedRule[];
  /** Those that select the peer. */
  readonly ofPeer: readonly Match[];
  /** Those of them that select every peer because Cilium finds none of the Services that they name. */
  readonly opened: readonly Match[];
  /** Those that cover the traffic too. */
  readonly ofTraffic: readonly Match[];
  /** How far the flow comes through the tiers by what is known; none where only the normal tier has rules that select the endpoint. */
  readonly tiers: readonly TierStep[];
  /** What the proxy of this side says of the request on the connection, if there is one. */
  readonly request?: Ruling;
  /** Why Envoy does not enforce the policy, so that the ruling is unknown. */
  readonly refusal?: EnvoyRefusal;
  /** What becomes of look-ups of the names of the destination. */
  readonly lookUps: readonly LookUp[];
  /** For a default deny, a denied request, and a name that cannot be learnt: the nearest allow rule. */
  readonly nearest?: Nearest;
  /** Where no rule matches: a rule of a policy that nearly selects the endpoint. */
  readonly nearestPolicy?: Nearest;
}

/** What a tier says of the connection. */
export interface TierStep {
  readonly tier: Tier;
  /** `none` if no rule of it matches. */
  readonly effect: Effect | 'none';
  /** The rules that say so: those of the lowest order that match. */
  readonly because: readonly OwnedRule[];
}

/** A rule, and where the parts of it are written that match; a part that the rule leaves out is absent. */
export interface Match extends OwnedRule {
  /** The selector that selects the peer. */
  readonly peer?: PathLink;
  /** The port or ICMP type that covers the traffic. */
  readonly traffic?: PathLink;
}

/** A question to one side, and its answer. */
export interface Answered {
  readonly question: Question;
  readonly resolved: Resolved;
  readonly side: Side;
  readonly request?: Ruling;
  readonly refusal?: EnvoyRefusal;
  readonly lookUps?: readonly LookUp[];
}

/** `entries` are the rules of all policies. */
export function derive(
  { question, resolved, side, request, refusal, lookUps = [] }: Answered,
  entries: readonly Entry[],
  flow: Flow,
  agent: Agent,
): Derivation {
  const { direction, isDefaultDeny, selecting, isolating } = resolved;
  const ofPeer = selecting.flatMap((entry) => matchOfPeer(entry, question, agent));
  const opened = ofPeer.filter(({ isOpened }) => isOpened);
  const ofTraffic = ofPeer.filter((match) => coversTraffic(match, question, agent));
  const hasTiers = selecting.some(({ rule }) => rule.level !== undefined);
  const isAtProxy = request !== undefined && side.decision === 'allowed' && side.redirect !== undefined;
  const near = ofTraffic.length === 0 ? nearestPolicy(entries, question, agent, selecting.length > 0) : undefined;
  const nearby = near === undefined ? {} : { nearestPolicy: near };
  const steps = {
    direction,
    side,
    isDefaultDeny,
    selecting,
    isolating,
    ofPeer,
    opened,
    ofTraffic,
    tiers: hasTiers ? tierSteps(ofTraffic, isAtProxy) : [],
    request,
    lookUps,
    ...(refusal && { refusal }),
    ...nearby,
  };
  if (side.decision === 'denied') {
    const nearest =
      side.reason === 'default-deny'
        ? nearestOf(selecting, ofTraffic, question, agent)
        : side.reason === 'not-learnable'
          ? nearestToLookUp(selecting, lookUps, agent)
          : undefined;
    return nearest === undefined ? steps : { ...steps, nearest };
  }
  return request === 'denied' ? { ...steps, nearest: nearestToRequest(ofTraffic, question, flow, agent) } : steps;
}

/** Up to the tier that decides. A request that a tier does not allow is left to the next one, too. */
function tierSteps(matching: readonly Match[], isAtProxy: boolean): readonly TierStep[] {
  const steps: TierStep[] = [];
  for (const tier of TIERS) {
    const step = tierStep(tier, matching);
    steps.push(step);
    if (step.effect === 'deny' || (step.effect === 'allow' && !isAtProxy)) {
      break;
    }
  }
  return steps;
}

function tierStep(tier: Tier, matching: readonly Match[]): TierStep {
  const own = matching.filter(({ rule }) => (rule.level?.tier ?? 'normal') === tier);
  const order = own.reduce((least, { rule }) => Math.min(least, rule.level?.order ?? 0), Infinity);
  const first = own.filter(({ rule }) => (rule.level?.order ?? 0) === order);
  const effect = (['deny', 'allow', 'pass'] as const).find((one) => first.some(({ rule }) => rule.effect === one)) ?? 'none';
  return { tier, effect, because: first.filter(({ rule }) => rule.effect === effect) };
}

function coversTraffic({ rule, selectors }: Match & Pick<Entry, 'selectors'>, question: Question, agent: Agent): boolean {
  const isOfPeer = ({ port }: Traffic) => selectors.some((one) => selectsPeerOn(port, one, question, agent));
  return isAboutTraffic(rule.traffic?.filter(isOfPeer), question, agent);
}

function matchOfPeer(
  { policy, rule, selectors, isOpened }: Entry,
  question: Question,
  agent: Agent,
): (Match & Pick<Entry, 'isOpened' | 'selectors'>)[] {
  const selector = selectors.find((one) => selectsPeer(one, question.peer, agent));
  const traffic = rule.traffic?.find((one) => covers(one, question, agent));
  return selector === undefined ? [] : [{ policy, rule, isOpened, selectors, peer: selector.at, traffic: traffic?.at }];
}

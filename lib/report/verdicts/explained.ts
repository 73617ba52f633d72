/** An explained verdict as data: the form of `verdict -o json --explain`; see docs/formats/verdict.schema.json. */
import type { OwnedRule, Ruling, Side } from '../../model/flow';
import type { Tier } from '../../model/policy';
import type { Derivation, TierStep } from '../../verdict/explain';
import type { Explanation } from '../../verdict/judge';
import type { LookUp } from '../../verdict/learning';
import type { Nearest } from '../../verdict/nearest';
import { answerOf, FlowAnswer } from './answer';
import { PartView, partView, RuleView, ruleView, shownDifferences } from './rule-view';

/** The steps of one side. Each list is a subset of the one before, except for `isolating`, `opened` and `deciding`. */
export interface DerivationView {
  readonly selecting: readonly RuleView[];
  readonly isolating: readonly RuleView[];
  readonly ofPeer: readonly RuleView[];
  /** Those that select every peer because Cilium finds none of the Services that they name. */
  readonly opened: readonly RuleView[];
  readonly ofTraffic: readonly RuleView[];
  readonly deciding: readonly RuleView[];
  /** What each tier says, up to the one that decides; none where only the normal tier has rules for the end. */
  readonly tiers: readonly { readonly tier: Tier; readonly effect: TierStep['effect']; readonly because: readonly RuleView[] }[];
  /** What the proxy of this side says of the request; null without a request. */
  readonly request: Ruling | null;
  /** What becomes of queries for the names of the destination. */
  readonly lookUps: readonly LookUp[];
  readonly nearest: NearestView | null;
  /** A rule of a policy that nearly selects the endpoint, and what differs in its subject. */
  readonly nearestPolicy: NearestView | null;
}

/** The nearest rule, and what differs. */
export interface NearestView extends RuleView {
  readonly differs: readonly string[];
  /** The selector, port or L7 condition that does not match; null if the rule names none. */
  readonly at: PartView | null;
}

export interface ExplainedAnswer extends FlowAnswer {
  /** What the ends were taken for: the address of a name, the pod, node or Service with an address, the backends of a Service. */
  readonly taken: Explanation['taken'];
  /** One item for each backend of a Service, else one. A side where no policy is evaluated is null. */
  readonly explanation: readonly {
    /** Its address, or the pod; null if the flow does not go to a Service. */
    readonly backend: string | null;
    /** The port of the backend, or of the flow. */
    readonly port: number;
    readonly egress: DerivationView | null;
    readonly ingress: DerivationView | null;
  }[];
}

export function explainedAnswer({ verdict, ways, taken }: Explanation): ExplainedAnswer {
  const explanation = ways.map(({ to, egress, ingress }) => ({
    backend: to.backend ?? null,
    port: to.port,
    egress: egress === undefined ? null : derivationView(egress),
    ingress: ingress === undefined ? null : derivationView(ingress),
  }));
  return { ...answerOf(verdict), taken, explanation };
}

function derivationView(derivation: Derivation): DerivationView {
  const { side, selecting, isolating, ofPeer, opened, ofTraffic, request, lookUps, nearest, nearestPolicy } = derivation;
  // A rule that makes the direction default-deny decides without a match.
  const matches = new Map(ofTraffic.map((match) => [match.rule, match]));
  return {
    selecting: selecting.map(ruleView),
    isolating: isolating.map(ruleView),
    ofPeer: ofPeer.map(ruleView),
    opened: opened.map(ruleView),
    ofTraffic: ofTraffic.map(ruleView),
    deciding: decidingOf(side).map((owned) => ruleView(matches.get(owned.rule) ?? owned)),
    tiers: saidByTiers(derivation).map(({ tier, effect, because }) => ({
      ...{ tier, effect },
      because: because.map((owned) => ruleView(matches.get(owned.rule) ?? owned)),
    })),
    request: request ?? null,
    lookUps,
    nearest: nearestView(nearest),
    nearestPolicy: nearestView(nearestPolicy),
  };
}

function nearestView(nearest: Nearest | undefined): NearestView | null {
  return nearest === undefined ? null : { ...ruleView(nearest), differs: shownDifferences(nearest), at: partView(nearest, nearest.at) };
}

/** What each tier says; nothing of a side that is unknown, since that is not all that they say. */
export function saidByTiers({ side, tiers }: Derivation): readonly TierStep[] {
  return side.decision === 'unknown' ? [] : tiers;
}

/** The rules that decide a side: of a default deny, those that make the direction default-deny. */
export function decidingOf(side: Side): readonly OwnedRule[] {
  return side.decision === 'allowed' || side.decision === 'denied' ? side.because : [];
}

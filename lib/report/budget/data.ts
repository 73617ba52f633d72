/** Policy maps and identities as data: `docs/formats/budget.schema.json`. */
import type { Direction } from '../../model/policy';
import { safeJson } from '../../net/printable';
import type { IdentityCounts } from '../../reach/peer-identities';
import type { Share } from '../../reach/policy-map';
import { Budget, BudgetLimits, EndpointBudget, fitOf } from '../../snapshot/budget';
import { RuleView, ruleView, shownName } from '../verdicts/rule-view';
import type { WarningView } from '../verdicts/warnings';

export interface BudgetData {
  readonly cilium: string;
  readonly limits: {
    /** In the policy map of an endpoint, for both directions together: `bpf-policy-map-max`. */
    readonly entries: number;
    /** What `bpf-policy-map-max` says, if it is no number: then the default counts. Null if it is one, or not given. */
    readonly malformed: string | null;
    /** Whether the agent closes an endpoint whose entries do not fit: `enable-endpoint-lockdown-on-policy-overflow`. */
    readonly closesFullEndpoints: boolean;
    /** Of pods, in the whole cluster. */
    readonly identities: number;
  };
  /** By the name of the node: empty for pods that are on no node. */
  readonly identities: Readonly<Record<string, IdentityCounts>>;
  /** Endpoints with the same entries: first those with full maps, then those that are not known, then those with the most entries. */
  readonly endpoints: readonly EndpointBudgetData[];
  /** Those with the most entries in one map first. */
  readonly policies: readonly PolicyBudgetData[];
  readonly warnings: readonly WarningView[];
}

export interface EndpointBudgetData {
  readonly kind: 'pods' | 'nodes';
  readonly names: readonly string[];
  /** Null if it is not known. */
  readonly entries: number | null;
  readonly ingress: number | null;
  readonly egress: number | null;
  /** Whether there may be fewer. */
  readonly isAtMost: boolean;
  /** Whether they fit into the map; null if they are not known. */
  readonly fit: 'fits' | 'nearly-full' | 'does-not-fit' | null;
  /** Why the entries are not known. */
  readonly unknown: string | null;
  readonly rules: readonly RuleBudgetData[];
}

/** What a rule has of a map. An entry that several rules make counts for each of them. */
export interface RuleBudgetData {
  readonly direction: Direction;
  /** Null for what Cilium adds itself. */
  readonly rule: Pick<RuleView, 'policy' | 'effect' | 'path' | 'file' | 'line' | 'constructPath'> | null;
  readonly entries: number;
  /** How many protocols and prefixes of ports the entries are for, and how many peers. */
  readonly ports: number;
  readonly peers: number;
}

export interface PolicyBudgetData {
  /** `Kind/namespace/name`. */
  readonly policy: string;
  /** In the map in which it has most. */
  readonly largest: number;
  /** In the maps of all endpoints. */
  readonly total: number;
  readonly endpoints: number;
  /** Whether there may be fewer entries. */
  readonly isAtMost: boolean;
}

export function budgetData(
  cilium: string,
  { limits, identities, endpoints, policies }: Budget,
  warnings: readonly WarningView[],
): BudgetData {
  return {
    cilium,
    limits: { ...limits, malformed: limits.malformed ?? null },
    identities: Object.fromEntries(identities),
    endpoints: endpoints.map((one) => endpointData(one, limits)),
    policies: policies.map(({ policy, ...counts }) => ({ policy: shownName(policy), ...counts })),
    warnings,
  };
}

export function budgetJson(data: BudgetData): string {
  return `${safeJson(data, 2)}\n`;
}

function endpointData(one: EndpointBudget, limits: BudgetLimits): EndpointBudgetData {
  const { is, names, entries, unknown } = one;
  const { ingress, egress } = entries ?? {};
  return {
    kind: is,
    names,
    entries: ingress === undefined || egress === undefined ? null : ingress.count + egress.count,
    ingress: ingress?.count ?? null,
    egress: egress?.count ?? null,
    isAtMost: ingress?.isAtMost === true || egress?.isAtMost === true,
    fit: fitOf(one, limits) ?? null,
    unknown: unknown ?? null,
    rules: (['ingress', 'egress'] as const)
      .flatMap((direction) => (entries?.[direction].shares ?? []).map((share) => shareData(direction, share)))
      .sort((a, b) => b.entries - a.entries),
  };
}

function shareData(direction: Direction, { rule, count, ports, peers }: Share): RuleBudgetData {
  if (rule === undefined) {
    return { direction, rule: null, entries: count, ports, peers };
  }
  const { policy, effect, path, file, line, constructPath } = ruleView(rule);
  return { direction, rule: { policy, effect, path, file, line, constructPath }, entries: count, ports, peers };
}

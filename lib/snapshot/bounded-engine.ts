/** Answers verdicts on policies of which some values are filled in later: from two engines, one for each bound of those values. */
import type { StoodIn } from '../admission/stand-ins';
import type { Flow, OwnedRule, Verdict } from '../model/flow';
import type { Inventory } from '../model/inventory';
import { isPrivate, Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import { accepted, Parsed } from '../net/parsed';
import { FastEngine } from '../reach/engine';
import { placeholdersIn } from '../read/placeholders';
import type { Agent } from '../resolve/agent';
import { Bound, bounded } from '../resolve/bounds';
import { between, explainedBetween, Vagueness } from '../verdict/bounds';
import type { Explanation, Judge } from '../verdict/judge';

/** A policy that the agent accepts; with what was filled in, if it has placeholders. */
export interface CountedPolicy {
  readonly policy: Policy;
  readonly filled?: StoodIn;
}

export interface BoundedEngine {
  /** The engine; if values are filled in later, that of the fewest peers and that of the most. */
  readonly engines: () => readonly FastEngine[];
  verdict(flow: Flow): Parsed<Verdict>;
  explain(flow: Flow): Parsed<Explanation>;
  readonly specification: Pick<Judge, 'verdict'>;
}

/** `groups` are the CIDR groups, of which some CIDRs may be filled in later. */
export function boundedEngine(
  counted: readonly CountedPolicy[],
  groups: readonly Resource[],
  inventory: Inventory,
  agent: Agent,
  learns: boolean,
): BoundedEngine {
  const samples = samplesOf(counted, groups);
  const closed = reopening(() => new FastEngine(policiesAt('closed'), inventory, agent, learns));
  if (samples.size === 0) {
    return {
      engines: () => [closed()],
      verdict: (flow) => closed().verdict(flow),
      explain: (flow) => closed().explain(flow),
      specification: { verdict: (flow) => closed().specification.verdict(flow) },
    };
  }
  // Most policies have no such values, so both engines have most of their work in common.
  const open = reopening(() => closed().with(policiesAt('open')));
  const vagueness: Vagueness = {
    missingOf: (rules) => missingFrom(samples, rules),
    isProxyVague: counted.some(
      ({ filled }) => filled?.unknown.some((path) => path.includes('toPorts') && !path.includes('rules')) ?? false,
    ),
  };
  return {
    engines: () => [closed(), open()],
    verdict: (flow) => joined(closed().verdict(flow), open().verdict(flow), (a, b) => between(a, b, vagueness)),
    explain: (flow) => joined(closed().explain(flow), open().explain(flow), (a, b) => explainedBetween(a, b, vagueness)),
    specification: {
      verdict: (flow) =>
        joined(closed().specification.verdict(flow), open().specification.verdict(flow), (a, b) => between(a, b, vagueness)),
    },
  };

  function policiesAt(bound: Bound): readonly Policy[] {
    const vague = [...inventory.groups.values()].filter(({ isVague }) => isVague);
    return counted.map(({ filled, policy }) =>
      filled === undefined && vague.length === 0 ? policy : bounded(policy, filled?.unknown ?? [], bound, { agent, vague }),
    );
  }
}

/** An engine is opened anew when it is full: millions of different ends would otherwise take gigabytes. */
function reopening(open: () => FastEngine): () => FastEngine {
  let current: FastEngine | undefined;
  return () => (current = current === undefined || current.isFull ? open() : current);
}

function joined<T>(a: Parsed<T>, b: Parsed<T>, join: (a: T, b: T) => T): Parsed<T> {
  return a.ok && b.ok ? accepted(join(a.value, b.value)) : a;
}

type Samples = ReadonlyMap<Resource, readonly string[]>;

/** The placeholders of each policy and group that has some. */
function samplesOf(counted: readonly CountedPolicy[], groups: readonly Resource[]): Samples {
  const ofPolicies = counted.map(({ filled, policy }) => [policy.resource, filled?.samples ?? []] as const);
  const ofGroups = groups.map((group) => [group, placeholdersIn(group.value.spec)] as const);
  return new Map([...ofPolicies, ...ofGroups].filter(([, samples]) => samples.length > 0));
}

/** The placeholders of the policies that could turn a side: of those that its rules belong to, or of all. */
function missingFrom(samples: Samples, rules: readonly OwnedRule[]): string {
  const concerned = [...new Set(rules.map(({ policy }) => policy.resource))].filter((resource) => samples.has(resource));
  const [first, ...rest] = concerned.length > 0 ? concerned : [...samples.keys()];
  if (isPrivate(first)) {
    return `a value of the inventory that is filled in later`;
  }
  const { kind, namespace, name } = first;
  const shown = samples.get(first)!.slice(0, MOST_SHOWN).join('`, `');
  return `the value of \`${shown}\` in ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}${rest.length === 0 ? '' : ` and of ${rest.length} more`}`;
}

const MOST_SHOWN = 3;

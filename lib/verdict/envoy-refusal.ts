/**
 * Whether Envoy refuses the policy of an endpoint, because of a pattern in one of its HTTP rules.
 *
 * An agent sends Envoy one resource for each endpoint, with the rules of both directions. Envoy rejects the whole of it if it cannot compile a
 * pattern, or if the program of one is too large. Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`; cilium/proxy
 * `cilium/network_policy.cc`.
 */
import type { Minor } from '../crd/minor';
import type { OwnedRule } from '../model/flow';
import type { PathLink } from '../model/path';
import type { HttpCondition, Rule } from '../model/policy';
import { refusalByEnvoy } from '../net/envoy-pattern';
import type { Resolved } from '../resolve/resolve';
import { serverNamePattern } from '../resolve/server-names';

export interface EnvoyRefusal {
  /** The rule with the pattern. */
  readonly because: OwnedRule;
  /** Where the HTTP rule is written. */
  readonly at?: PathLink;
  readonly field: (typeof FIELDS)[number] | 'serverNames';
  readonly pattern: string;
  /** What is wrong with the pattern, as a sentence. */
  readonly problem: string;
}

const FIELDS = ['path', 'method', 'host'] as const;

/** The first pattern of the policy of an endpoint that Envoy refuses, or may refuse; `undefined` if there is none. */
export function refusalOf(ingress: Resolved, egress: Resolved, minor: Minor): EnvoyRefusal | undefined {
  return refusalIn(ingress, minor) ?? refusalIn(egress, minor);
}

/** Whether a rule has a pattern that Envoy refuses, or may refuse. */
export function isRefused(rule: Rule, minor: Minor): boolean {
  const found =
    refused.get(rule) ??
    (rule.traffic ?? []).some(
      ({ l7 }) =>
        l7?.http?.some((one) => problemOf(one) !== undefined) === true ||
        l7?.serverNames.some(({ text }) => serverNameProblem(text, minor) !== undefined) === true,
    );
  refused.set(rule, found);
  return found;
}

const refused = new WeakMap<Rule, boolean>();

/** Looked for once in each resolved policy: many requests are judged by the same. */
const known = new WeakMap<Resolved, { readonly refusal?: EnvoyRefusal }>();

function refusalIn(resolved: Resolved, minor: Minor): EnvoyRefusal | undefined {
  const found = known.get(resolved) ?? { refusal: firstIn(resolved) ?? firstServerNameIn(resolved, minor) };
  known.set(resolved, found);
  return found.refusal;
}

function firstIn({ filters }: Resolved): EnvoyRefusal | undefined {
  for (const cell of filters.flatMap(({ cells }) => cells).filter(({ parser }) => parser === 'http')) {
    const condition = cell.http.find((one) => problemOf(one) !== undefined);
    if (condition !== undefined) {
      const { because } = cell;
      const owner = because.find(({ rule }) => rule.traffic?.some(({ l7 }) => l7?.http?.includes(condition)));
      return { because: owner ?? because[0], at: condition.at, ...problemOf(condition)! };
    }
  }
  return undefined;
}

/** The first server name that Envoy does not take. Source: cilium/proxy `cilium/network_policy.cc`, SniPattern. */
function firstServerNameIn({ filters }: Resolved, minor: Minor): EnvoyRefusal | undefined {
  const written = filters
    .flatMap(({ cells }) => cells)
    .flatMap(({ serverNames, because }) => serverNames.map((name) => ({ name, because })));
  for (const { name, because } of written) {
    const problem = serverNameProblem(name, minor);
    if (problem !== undefined) {
      const owner = because.find(({ rule }) => rule.traffic?.some(({ l7 }) => l7?.serverNames.some(({ text }) => text === name)));
      return { because: owner ?? because[0], field: 'serverNames', pattern: name, problem };
    }
  }
  return undefined;
}

function serverNameProblem(name: string, minor: Minor): string | undefined {
  const pattern = serverNamePattern(name, minor);
  if (pattern === undefined) {
    return `Envoy does not accept server name \`${name}\``;
  }
  return name.includes('*') ? refusalByEnvoy(`server name \`${name}\`, as`, pattern)?.problem : undefined;
}

function problemOf(condition: HttpCondition): Omit<EnvoyRefusal, 'because' | 'at'> | undefined {
  for (const field of FIELDS) {
    const pattern = condition[field];
    const refusal = refusalByEnvoy(field, pattern);
    if (refusal !== undefined) {
      return { field, pattern, problem: refusal.problem };
    }
  }
  return undefined;
}

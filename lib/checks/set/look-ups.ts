/**
 * Whether the DNS proxy sees look-ups of the names that a rule allows: only then do the names have addresses.
 *
 * Three quarters of the rules for names rely on a DNS rule of another policy, so all policies are looked at, for each subject.
 */
import type { OwnedRule } from '../../model/flow';
import type { NameSelector, Rule, Traffic } from '../../model/policy';
import { dnsAtoms } from '../../net/dns-atoms';
import { plainName } from '../../net/dns-pattern';
import type { Agent } from '../../resolve/agent';
import { stepsOf } from '../../resolve/names';
import { Overlaps, SubjectRules } from '../../resolve/subjects';
import type { Judged } from '../check';

/** A rule that allows names, and what becomes of their look-ups. */
export interface NamingRule {
  readonly owned: OwnedRule;
  readonly names: readonly NameSelector[];
  /** The names of which no DNS rule that may apply to the subject lets a look-up pass. */
  readonly refused: readonly NameSelector[];
  /** A DNS rule that may apply to the subject. */
  readonly dns: OwnedRule | undefined;
  /** A rule that opens DNS for the subject without the DNS proxy, and where. */
  readonly beside: { readonly owned: OwnedRule; readonly traffic: Traffic } | undefined;
}

export interface LookUps {
  readonly rules: readonly NamingRule[];
  /** Whether any policy has a DNS rule. */
  readonly hasDnsRules: boolean;
}

/** The rules that allow names, where egress is closed: there a look-up must be allowed too. */
export function lookUpsIn(judged: Judged, agent: Agent): LookUps {
  const known = KNOWN.get(judged) ?? found(judged, agent);
  KNOWN.set(judged, known);
  return known;
}

/** Several checks ask. */
const KNOWN = new WeakMap<Judged, LookUps>();

function found({ subjects, vague }: Judged, agent: Agent): LookUps {
  const isDns = ({ rule }: OwnedRule) => patternsOf(rule).length > 0;
  const teaching = subjects.all.filter(({ rules }) => rules.some(isDns));
  // A policy that is filled in later may have any name.
  if (vague.some((policy) => policy.rules.some((rule) => patternsOf(rule).length > 0))) {
    return { rules: [], hasDnsRules: true };
  }
  const overlaps = new Overlaps(teaching);
  const rules = subjects.all.flatMap((one) => {
    const naming = one.subject.is === 'endpoints' ? one.rules.filter(({ rule }) => namesOf(rule).length > 0) : [];
    const around = naming.length === 0 ? [] : subjects.around(one).filter(({ rule }) => rule.direction === 'egress');
    const isClosed = around.some(({ rule }) => rule.defaultDeny);
    if (!isClosed) {
      return [];
    }
    const dns = dnsRulesOf(one, around.filter(isDns), overlaps, isDns);
    const beside = dns.first === undefined ? besideIn(around) : undefined;
    return naming.map((owned) => {
      const names = namesOf(owned.rule);
      return { owned, names, refused: dns.first && names.filter(({ pattern }) => !dns.allows(pattern, agent)), dns: dns.first, beside };
    });
  });
  return { rules: rules.map((one) => ({ ...one, refused: one.refused ?? [] })), hasDnsRules: teaching.length > 0 };
}

/** The DNS rules that apply to a subject, and then those that may. */
function dnsRulesOf(one: SubjectRules, own: readonly OwnedRule[], overlaps: Overlaps, isDns: (owned: OwnedRule) => boolean): DnsRules {
  const patterns = new Set(own.flatMap(({ rule }) => patternsOf(rule)));
  let others: readonly OwnedRule[] | undefined;
  const further = () => (others ??= [...overlaps.of(one)].flatMap(({ rules }) => rules.filter(isDns)));
  const known = new Map<string, boolean>();
  const allows = (pattern: string, agent: Agent) => {
    const answer =
      known.get(pattern) ??
      (isLet(pattern, patterns, agent) || further().some(({ rule }) => isLet(pattern, new Set(patternsOf(rule)), agent)));
    known.set(pattern, answer);
    return answer;
  };
  return { first: own.at(0) ?? further().at(0), allows };
}

interface DnsRules {
  readonly first: OwnedRule | undefined;
  /** Whether some name of a pattern may be looked up. */
  readonly allows: (pattern: string, agent: Agent) => boolean;
}

/** Whether a name or some name of a pattern is one of the patterns. */
function isLet(pattern: string, patterns: ReadonlySet<string>, { minor }: Agent): boolean {
  if (patterns.has('*') || patterns.has(pattern)) {
    return true;
  }
  return [...patterns].some((other) => {
    if (!pattern.includes('*') && !other.includes('*')) {
      return plainName(pattern) === plainName(other);
    }
    const atoms = dnsAtoms([stepsOf(pattern, minor), stepsOf(other, minor)], MOST_STEPS);
    return atoms === undefined || atoms.some(({ matching }) => matching.length === 2);
  });
}

const MOST_STEPS = 20_000;

function namesOf({ direction, effect, peers }: Rule): readonly NameSelector[] {
  return direction === 'egress' && effect === 'allow' && peers.is === 'selectors' ? peers.selectors.filter((one) => one.is === 'name') : [];
}

function patternsOf({ direction, effect, traffic = [] }: Rule): readonly string[] {
  const isAllowed = direction === 'egress' && effect === 'allow';
  return isAllowed ? traffic.flatMap(({ l7 }) => l7?.dns?.map(({ text }) => text) ?? []) : [];
}

/** The rule that names the port of DNS. */
function besideIn(rules: readonly OwnedRule[]): NamingRule['beside'] {
  for (const owned of rules.filter(({ rule: { effect } }) => effect === 'allow')) {
    const traffic = owned.rule.traffic?.find(isDnsPort);
    if (traffic !== undefined) {
      return { owned, traffic };
    }
  }
  return undefined;
}

/** Whether traffic is written for DNS: by its port, and not by a range or every port. */
export function isDnsPort({ protocol, port }: Traffic): boolean {
  return protocol === 'UDP' && (port.is === 'number' ? port.number === DNS_PORT && port.end <= DNS_PORT : DNS_NAMES.includes(port.name));
}

const DNS_PORT = 53;
const DNS_NAMES = ['dns', 'dns-udp'];

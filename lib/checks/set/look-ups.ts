/**
 * Whether the DNS proxy sees look-ups of the names that a rule allows: only then do the names have addresses.
 *
 * Three quarters of the rules for names rely on a DNS rule of another policy, so all policies are looked at, for each subject.
 */
import type { OwnedRule } from '../../model/flow';
import type { NameSelector, Rule, Traffic } from '../../model/policy';
import type { Agent } from '../../resolve/agent';
import { NameSet } from '../../resolve/name-set';
import { Overlaps } from '../../resolve/overlaps';
import type { SubjectRules } from '../../resolve/subjects';
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

interface LookUps {
  readonly rules: readonly NamingRule[];
  /** Whether any policy has a DNS rule. */
  readonly hasDnsRules: boolean;
}

/** The rules that allow names, where egress is closed: there a look-up must be allowed too. None if the policies cannot be judged. */
export function lookUpsIn(judged: Judged | undefined, agent: Agent): LookUps {
  if (judged === undefined) {
    return { rules: [], hasDnsRules: true };
  }
  const known = KNOWN.get(judged) ?? found(judged, agent);
  KNOWN.set(judged, known);
  return known;
}

/** Several checks ask. */
const KNOWN = new WeakMap<Judged, LookUps>();

function found({ subjects, vague }: Judged, agent: Agent): LookUps {
  // A policy that is filled in later may have any name.
  if (vague.some((policy) => policy.rules.some(({ direction, effect }) => direction === 'egress' && effect === 'allow'))) {
    return { rules: [], hasDnsRules: true };
  }
  const teaching = new Teaching(subjects.all, agent);
  const egressOf = subjects.reader(egressIn);
  const rules = subjects.all.flatMap((one) => {
    const naming = one.subject.is === 'endpoints' ? one.rules.filter(({ rule }) => namesOf(rule).length > 0) : [];
    const around = naming.length === 0 ? [] : egressOf(one);
    if (!around.some(({ isClosed }) => isClosed)) {
      return [];
    }
    const dns = around.find((egress) => egress.dns !== undefined)?.dns ?? teaching.first(one);
    const beside = around.find((egress) => egress.beside !== undefined)?.beside;
    return naming.map((owned): NamingRule => {
      const names = namesOf(owned.rule);
      // What passes beside the proxy is not refused.
      const refused = dns === undefined || beside !== undefined ? [] : names.filter(({ pattern }) => !teaching.lets(pattern, one));
      return { owned, names, refused, dns, beside: dns === undefined ? beside : undefined };
    });
  });
  return { rules, hasDnsRules: teaching.isAny };
}

/** What rules of one subject say of egress. */
interface Egress extends Pick<NamingRule, 'dns' | 'beside'> {
  readonly isClosed: boolean;
}

function egressIn(rules: readonly OwnedRule[]): Egress {
  const egress = rules.filter(({ rule }) => rule.direction === 'egress');
  return { isClosed: egress.some(({ rule }) => rule.defaultDeny), dns: egress.find(isDns), beside: besideIn(egress) };
}

function isDns({ rule }: OwnedRule): boolean {
  return patternsOf(rule).length > 0;
}

/** The DNS rules of all policies. */
class Teaching {
  public readonly isAny: boolean;
  private readonly overlaps: Overlaps;
  private readonly owners = new Map<string, SubjectRules[]>();
  private readonly byPattern = new Map<string, Overlaps>();
  private readonly names: NameSet;

  public constructor(all: readonly SubjectRules[], agent: Agent) {
    const teaching = all.filter(({ rules }) => rules.some(isDns));
    for (const one of teaching) {
      for (const pattern of new Set(one.rules.flatMap(({ rule }) => patternsOf(rule)))) {
        const owners = this.owners.get(pattern) ?? [];
        this.owners.set(pattern, owners);
        owners.push(one);
      }
    }
    this.isAny = teaching.length > 0;
    this.overlaps = new Overlaps(teaching);
    this.names = new NameSet(this.owners.keys(), agent.minor);
  }

  /** A DNS rule that may apply to a subject. */
  public first(one: SubjectRules): OwnedRule | undefined {
    const { value } = this.overlaps.of(one).next() as { readonly value?: SubjectRules };
    return value?.rules.find(isDns);
  }

  /** Whether a rule that may apply to a subject lets some name of a pattern pass. */
  public lets(pattern: string, one: SubjectRules): boolean {
    if (this.isOf(ANY_NAME, one)) {
      return true;
    }
    for (const other of this.names.meeting(pattern)) {
      if (this.isOf(other, one)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a rule with a pattern may apply to a subject. */
  private isOf(pattern: string, one: SubjectRules): boolean {
    const overlaps = this.byPattern.get(pattern) ?? new Overlaps(this.owners.get(pattern) ?? []);
    this.byPattern.set(pattern, overlaps);
    return overlaps.has(one);
  }
}

const ANY_NAME = '*';

/** The names that a rule allows. */
export function namesOf({ direction, effect, peers }: Rule): readonly NameSelector[] {
  return direction === 'egress' && effect === 'allow' && peers.is === 'selectors' ? peers.selectors.filter((one) => one.is === 'name') : [];
}

function patternsOf({ direction, effect, traffic = [] }: Rule): readonly string[] {
  const isAllowed = direction === 'egress' && effect === 'allow';
  return isAllowed ? traffic.flatMap(({ l7 }) => l7?.dns?.map(({ text }) => text) ?? []) : [];
}

/** The rule that names the port of DNS. */
function besideIn(rules: readonly OwnedRule[]): NamingRule['beside'] {
  for (const owned of rules.filter(({ rule: { effect } }) => effect === 'allow')) {
    const traffic = owned.rule.traffic?.find((one) => one.l7 === undefined && isDnsPort(one));
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

/** Whether traffic includes the port of DNS: it may be a range, or every port. */
export function hasDnsPort(traffic: Traffic): boolean {
  const { protocol, port } = traffic;
  const isWide = port.is === 'number' && (port.number === 0 || (port.number <= DNS_PORT && port.end >= DNS_PORT));
  return isDnsPort(traffic) || (protocol === 'UDP' && isWide);
}

const DNS_PORT = 53;
const DNS_NAMES = ['dns', 'dns-udp'];

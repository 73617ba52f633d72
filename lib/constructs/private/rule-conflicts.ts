/**
 * What rules of one subject do to each other that none of them says: Cilium lets requests through that a rule excludes, or cannot merge the
 * rules and leaves the endpoint without its policy.
 *
 * Source: cilium `pkg/policy/rule.go`, `mergePortProto`; `pkg/policy/l4.go`; `pkg/envoy/policy` for the requests of a port range.
 */
import { PortProtocol, PortRule, Section } from './manifest';
import { PeerSection, TrafficPart } from './parts';
import { contains, shareItem } from './peer-cover';
import { isNamed, isSameFilter, overlap } from './port-overlap';
import { portText } from './traffic-text';

/** One call of a verb. */
export interface Statement {
  readonly section: Section;
  readonly peer: PeerSection;
  readonly parts: readonly TrafficPart[];
}

/** One port of a statement, with everything that is said about it. */
interface Entry {
  readonly statement: Statement;
  readonly port: PortProtocol;
  readonly rule?: PortRule;
  readonly authentication?: string;
  /** Set if the conditions of one kind are all that is said: two such entries of one kind add up. */
  readonly only?: 'nothing' | Narrowing;
}

/** Why rules of one subject cannot stand together; each message is complete. */
export function conflictsAmong(statements: readonly Statement[], inNamespace: string | undefined): string[] {
  return (['ingress', 'egress'] as const).flatMap((section) => {
    const mine = statements.filter((one) => one.section === section);
    // Almost every policy has no two rules that could conflict.
    if (mine.length < 2 || !mine.some(({ parts }) => parts.some(({ is }) => is === 'port-rule' || is === 'authentication'))) {
      return [];
    }
    return between(mine.map(entriesOf), inNamespace);
  });
}

function between(entries: readonly (readonly Entry[])[], inNamespace: string | undefined): string[] {
  const found = entries.flatMap((these, index) => {
    const later = entries.slice(index + 1).flat();
    return these.flatMap((one) => later.flatMap((other) => problemOf(one, other, inNamespace) ?? []));
  });
  return [...new Set(found)];
}

const EVERY: PortProtocol = { port: '0', protocol: 'every protocol' };

function entriesOf(statement: Statement): readonly Entry[] {
  const { parts } = statement;
  const authentication = parts.find((part) => part.is === 'authentication')?.mode;
  const entries = parts.flatMap((part): Entry[] => {
    switch (part.is) {
      case 'port':
        return [{ statement, port: part.port, authentication, only: authentication === undefined ? 'nothing' : undefined }];
      case 'port-rule': {
        const only = authentication === undefined ? onlyNarrowing(part.rule) : undefined;
        return part.rule.ports.map((port) => ({ statement, port, rule: part.rule, authentication, only }));
      }
      case 'everything':
      case 'icmp':
      case 'authentication':
        return [];
    }
  });
  const isEverything = parts.every(({ is }) => is === 'authentication' || is === 'everything');
  return isEverything ? [{ statement, port: EVERY, authentication }] : entries;
}

function problemOf(one: Entry, other: Entry, inNamespace: string | undefined): string | undefined {
  if (one.only !== undefined && one.only === other.only) {
    return undefined;
  }
  const overlaps = one.port === EVERY || other.port === EVERY || overlap(one.port, other.port);
  if (!overlaps) {
    return undefined;
  }
  const isOneFilter = one.port === other.port || isSameFilter(one.port, other.port);
  if (isOneFilter && shareItem(one.statement.peer, other.statement.peer)) {
    const conflict = conflictOf(one, other);
    if (conflict !== undefined) {
      return conflict;
    }
  }
  return openedBy(one, other, isOneFilter, inNamespace) ?? openedBy(other, one, isOneFilter, inNamespace);
}

/** What a rule excludes, if it has no other terms that could conflict with those of another rule. */
function onlyNarrowing(rule: PortRule): Narrowing | undefined {
  const terms = Object.keys(rule).filter((key) => key !== 'ports');
  return terms.length === 1 && rule.listener === undefined ? narrowing(rule) : undefined;
}

/** Why the second rule lets everything through that the first one excludes, if it does. */
function openedBy(narrow: Entry, wide: Entry, isOneFilter: boolean, inNamespace: string | undefined): string | undefined {
  const kind = narrowing(narrow.rule);
  if (kind === undefined || isNarrowedToo(kind, wide.rule)) {
    return undefined;
  }
  // The DNS proxy reads only the rules of the same port.
  if (kind === 'dns' && !isOneFilter) {
    return undefined;
  }
  const opened = wide.port === EVERY ? 'every port' : `port ${shownPort(wide.port)}`;
  const what = `${WORDS[kind]} of port ${shownPort(narrow.port)}`;
  const section = narrow.statement.section;
  if (kind === 'serverNames' && wide.rule === undefined && isOneFilter && shareItem(wide.statement.peer, narrow.statement.peer)) {
    // Cilium merges the two rules, and keeps the server names.
    return `${what} limit another ${section} rule too, which opens the port to the same peers; write one of the two rules`;
  }
  if (!contains(wide.statement.peer, narrow.statement.peer, inNamespace)) {
    return undefined;
  }
  return isNamed(narrow.port) === isNamed(wide.port) || wide.port === EVERY
    ? `${what} exclude nothing, because another ${section} rule opens ${opened} to the same peers; remove that rule, or give it the same ${WORDS[kind]}`
    : `${what} may exclude nothing, because another ${section} rule opens ${opened} to the same peers, which may be the same port; write both as numbers`;
}

type Narrowing = 'http' | 'dns' | 'serverNames';

const WORDS: Readonly<Record<Narrowing, string>> = { http: 'HTTP rules', dns: 'DNS names', serverNames: 'server names' };

/** What a rule excludes; `undefined` if it lets everything through, as for example every name of a resolver. */
function narrowing(rule: PortRule | undefined): Narrowing | undefined {
  const { http, dns } = rule?.rules ?? {};
  if (http !== undefined && !http.some(isEmpty)) {
    return 'http';
  }
  if (dns !== undefined && !dns.some((one) => (one as { matchPattern?: string }).matchPattern === '*')) {
    return 'dns';
  }
  return rule?.serverNames === undefined ? undefined : 'serverNames';
}

/** Whether another rule excludes something of the same kind: these add up, as they say. */
function isNarrowedToo(kind: Narrowing, rule: PortRule | undefined): boolean {
  return kind === 'serverNames' ? rule?.serverNames !== undefined : narrowing(rule) === kind;
}

function isEmpty(request: unknown): boolean {
  return Object.values(request as object).every((value) => value === undefined);
}

/** Why Cilium cannot merge two rules for the same peers and port. */
function conflictOf(one: Entry, other: Entry): string | undefined {
  const [a, b] = [one.rule, other.rule];
  const at = `${one.statement.section} of port ${shownPort(one.port)}`;
  const differ = (x: unknown, y: unknown) => x !== undefined && y !== undefined && JSON.stringify(x) !== JSON.stringify(y);
  const hasRules = a?.rules !== undefined || b?.rules !== undefined;
  const hasNames = a?.serverNames !== undefined || b?.serverNames !== undefined;
  if (differ(one.authentication, other.authentication)) {
    return conflict(at, 'two authentication modes', 'give one mode');
  }
  if (differ(kindOf(a), kindOf(b))) {
    return conflict(at, `${kindOf(a)} and ${kindOf(b)}`, 'give one kind of rules');
  }
  if (differ(a?.listener, b?.listener)) {
    return conflict(at, 'two listeners', 'give one listener');
  }
  if (differ(a?.terminatingTLS, b?.terminatingTLS) || differ(a?.originatingTLS, b?.originatingTLS)) {
    return conflict(at, 'two TLS contexts', 'give one context');
  }
  return hasRules && hasNames && a?.terminatingTLS === undefined && b?.terminatingTLS === undefined
    ? conflict(at, 'server names and requests but no TLS termination', 'give one of them, or add terminatingTls')
    : undefined;
}

function kindOf(rule: PortRule | undefined): string | undefined {
  if (rule?.listener !== undefined) {
    return 'a listener';
  }
  return rule?.rules?.http !== undefined ? 'HTTP rules' : rule?.rules?.dns !== undefined ? 'DNS names' : undefined;
}

function conflict(at: string, what: string, help: string): string {
  return `${at} has ${what} for the same peers, which Cilium cannot merge: it would leave the endpoints without the policy; ${help}`;
}

function shownPort(port: PortProtocol): string {
  return port === EVERY ? 'every port' : portText(port);
}

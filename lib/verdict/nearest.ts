/** The allow rule that comes nearest to what was asked, and what would have to differ. */
import type { Flow, HttpRequest, OwnedRule } from '../model/flow';
import type { Labels } from '../model/label';
import type { PathLink } from '../model/path';
import type { HttpCondition, PlacedText, Requirement, Selector, Traffic } from '../model/policy';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import type { Agent } from '../resolve/agent';
import type { Entry } from '../resolve/entries';
import { meets, selects } from '../resolve/matching';
import { matchesName } from '../resolve/names';
import type { LookUp } from './learning';
import { demandsOf, requestsAtEnvoy } from './requests';
import { covers, isAboutTraffic, Question } from './side';

export interface Nearest extends OwnedRule, Differing {}

/** What differs, and where in the policy it is written. */
interface Differing {
  /** For example `namespace is \`other\`, and the rule allows \`shop\``. */
  readonly differs: readonly string[];
  /** The selector, the port or the L7 condition that does not match; absent if nothing is written there. */
  readonly at?: PathLink;
}

/**
 * Of the rules that allow anything, the one with the fewest differences. Among several, one that selects the peer, else the first.
 *
 * `matching` are the rules that match the flow.
 */
export function nearestOf(
  entries: readonly Entry[],
  matching: readonly OwnedRule[],
  question: Question,
  agent: Agent,
): Nearest | undefined {
  const candidates = withoutPassed(entries, matching)
    .filter(({ rule, selectors }) => rule.effect === 'allow' && rule.traffic?.length !== 0 && selectors.length > 0)
    .map(({ policy, rule, selectors }) => {
      const ofPeer = fewest(selectors.map((one) => ({ differs: peerDifferences(one, question.peer.labels, agent), at: one.at })))!;
      const ofTraffic = isAboutTraffic(rule.traffic, question, agent) ? undefined : trafficDifference(rule.traffic ?? [], question);
      const at = ofPeer.differs.length > 0 ? ofPeer.at : ofTraffic?.at;
      return { policy, rule, differs: [...ofPeer.differs, ...(ofTraffic?.differs ?? [])], at, selectsPeer: ofPeer.differs.length === 0 };
    });
  const least = fewest(candidates)?.differs.length;
  const closest = candidates.filter(({ differs }) => differs.length === least);
  return closest.find(({ selectsPeer }) => selectsPeer) ?? closest[0];
}

/** Without the rules of a tier that come after one that passes the connection on. */
function withoutPassed(entries: readonly Entry[], matching: readonly OwnedRule[]): readonly Entry[] {
  const passing = matching.filter(({ rule }) => rule.effect === 'pass');
  const isPassed = ({ rule: { level } }: Entry) =>
    passing.some(({ rule }) => rule.level!.tier === level?.tier && rule.level!.order < level.order);
  return passing.length === 0 ? entries : entries.filter((entry) => !isPassed(entry));
}

/** The same for a request on an allowed connection, of the rules that match the connection. */
export function nearestToRequest(rules: readonly OwnedRule[], question: Question, flow: Flow, agent: Agent): Nearest | undefined {
  return fewest(
    rules
      .filter(({ rule }) => rule.effect === 'allow')
      .flatMap(({ policy, rule }) => {
        const traffic = (rule.traffic ?? []).filter((one) => covers(one, question, agent));
        const differing = fewest(traffic.flatMap((one) => requestDifferences(one, flow, agent)));
        return differing === undefined || differing.differs.length === 0 ? [] : [{ policy, rule, ...differing }];
      }),
  );
}

/** Of the rules for DNS, the one that is nearest to letting a look-up pass. */
export function nearestToLookUp(entries: readonly Entry[], [lookUp]: readonly LookUp[], { minor }: Agent): Nearest | undefined {
  const rules = entries.filter(({ rule }) => rule.effect === 'allow');
  const candidates = rules.flatMap(({ policy, rule }) =>
    (rule.traffic ?? []).flatMap(({ l7 }) => {
      const names = l7?.dns;
      if (names === undefined || lookUp === undefined) {
        return [];
      }
      const isMeant = names.length === 0 || names.some(({ text }) => matchesName(text, lookUp.name, minor));
      const differing = isMeant
        ? [{ differs: ['it is for another DNS server or port, or a rule denies the look-up'], at: names.at(0)?.at }]
        : nameDifferences('the name', lookUp.name, names);
      return differing.map((one) => ({ policy, rule, ...one, isMeant }));
    }),
  );
  const [nearest] = [...candidates.filter(({ isMeant }) => isMeant), ...candidates];
  return nearest;
}

/** For each L7 condition that could allow the request, why it does not. */
function requestDifferences({ l7 }: Traffic, { http, dns, sni }: Flow, agent: Agent): Differing[] {
  const [request] = http === undefined ? [] : requestsAtEnvoy(http, agent);
  return [
    ...(request === undefined ? [] : (l7?.http ?? []).map((condition) => ({ differs: unmet(condition, request), at: condition.at }))),
    ...(dns === undefined ? [] : nameDifferences('the name', dns, l7?.dns ?? [])),
    ...(sni === undefined ? [] : nameDifferences('the server name', sni, l7?.serverNames ?? [])),
  ];
}

function nameDifferences(what: string, name: string, names: readonly PlacedText[]): Differing[] {
  const texts = names.map(({ text }) => text);
  return names.length === 0 ? [] : [{ differs: [`${what} is \`${name}\`, and the rule allows ${listed(texts)}`], at: names[0].at }];
}

function unmet(condition: HttpCondition, request: HttpRequest): string[] {
  return demandsOf(condition, request)
    .filter(({ ruling }) => ruling !== 'allowed')
    .map(({ difference }) => difference);
}

function listed(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(' or ');
}

/** The one with the fewest differences; among several the first. */
function fewest<T extends Differing>(all: readonly T[]): T | undefined {
  return all.reduce<T | undefined>(
    (least, next) => (least === undefined || next.differs.length < least.differs.length ? next : least),
    undefined,
  );
}

function peerDifferences(selector: Selector, labels: Labels, agent: Agent): string[] {
  if (selects(selector, labels, agent)) {
    return [];
  }
  switch (selector.is) {
    case 'labels':
      return selector.requirements
        .filter((requirement) => !meets(requirement, labels))
        .map((requirement) => difference(requirement, labels, PEER));
    case 'name':
      return [`the peer is not an address of \`${selector.pattern}\``];
    case 'block':
      return [
        isOutside(labels) || labels.some(({ source }) => source === 'cidr')
          ? 'the address is outside the CIDR, or in one of its `except` prefixes'
          : 'the peer is in the cluster, and the CIDR matches only addresses outside it',
      ];
    case 'group':
      return [
        isOutside(labels)
          ? 'the address is not in such a CIDR group'
          : 'the peer is in the cluster, and CIDR groups match only addresses outside it',
      ];
  }
}

function isOutside(labels: Labels): boolean {
  return labels.some(({ source, key }) => source === 'reserved' && key.startsWith('world'));
}

/** The words for an end and for what selects it. */
interface Words {
  readonly who: string;
  readonly allows: string;
  readonly excludes: string;
}

const PEER: Words = { who: 'the peer', allows: 'the rule allows', excludes: 'which the rule excludes' };

/** What a requirement allows, and what the end has. */
export function difference({ source, key, operator, values }: Requirement, labels: Labels, { who, allows, excludes }: Words): string {
  if (source === 'reserved') {
    return operator === 'DoesNotExist' || operator === 'NotIn' ? `${who} is \`${key}\`` : `${who} is not \`${key}\``;
  }
  const name = nameOf(key);
  const found = labels.find((label) => label.key === key);
  const has = found === undefined ? `${who} has no ${name}` : `${name} is \`${found.value}\``;
  switch (operator) {
    case 'In':
      return `${has}, and ${allows} ${listed(values)}`;
    case 'Exists':
      return `${who} has no ${name}`;
    case 'NotIn':
    case 'DoesNotExist':
      return `${has}, ${excludes}`;
  }
}

function nameOf(key: string): string {
  const known = Object.keys(NAMES).find((prefix) => key.startsWith(prefix));
  return known === undefined ? `label \`${key}\`` : `${NAMES[known]}${key === known ? '' : ` \`${key.slice(known.length)}\``}`;
}

const NAMES: Readonly<Record<string, string>> = {
  [NAMESPACE_KEY]: 'namespace',
  [NAMESPACE_LABELS_PREFIX]: 'namespace label',
  [SERVICE_ACCOUNT_KEY]: 'service account',
  [CLUSTER_KEY]: 'cluster',
};

function trafficDifference(traffic: readonly Traffic[], { protocol, port }: Question): Differing {
  const asked = trafficText({ protocol, port: { is: 'number', number: port, end: 0 } });
  const allowed = [...new Set(traffic.map(trafficText))].join(', ');
  return { differs: [`the traffic is ${asked}, and the rule allows ${allowed}`], at: traffic[0]?.at };
}

/** As users write it, for example `80/TCP` or `ICMP 8`. */
export function trafficText({ protocol, port }: Pick<Traffic, 'protocol' | 'port'>): string {
  if (port.is === 'name') {
    return `${port.name}/${protocol}`;
  }
  if (protocol === 'ICMP' || protocol === 'ICMPv6') {
    return `${protocol} ${port.number}`;
  }
  const ports = port.end > port.number ? `${port.number}-${port.end}` : String(port.number);
  return port.number === 0 ? protocol : `${ports}/${protocol}`;
}

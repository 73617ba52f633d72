/** The rule that almost allows, and what would have to be otherwise. */
import type { Flow, HttpRequest, OwnedRule } from '../model/flow';
import type { Labels } from '../model/label';
import type { HttpCondition, Requirement, Selector, Traffic } from '../model/policy';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import type { Agent } from '../resolve/agent';
import type { Entry } from '../resolve/entries';
import { meets, selects } from '../resolve/matching';
import { demandsOf } from './requests';
import { covers, isAboutTraffic, Question } from './side';

export interface Nearest extends OwnedRule {
  /** Such as `namespace is \`other\`, and the rule takes \`shop\``. */
  readonly differs: readonly string[];
}

/** Of the allows that allow anything the one with the fewest differences; of several one that selects the peer, else the first. */
export function nearestOf(entries: readonly Entry[], question: Question, agent: Agent): Nearest | undefined {
  const candidates = entries
    .filter(({ rule, selectors }) => rule.effect === 'allow' && rule.traffic?.length !== 0 && selectors.length > 0)
    .map(({ policy, rule, selectors }) => {
      const ofPeer = fewest(selectors.map((one) => peerDifferences(one, question.peer.labels, agent)));
      const ofTraffic = isAboutTraffic(rule.traffic, question, agent) ? [] : [trafficDifference(rule.traffic ?? [], question)];
      return { policy, rule, differs: [...ofPeer, ...ofTraffic], selectsPeer: ofPeer.length === 0 };
    });
  const least = fewest(candidates.map(({ differs }) => differs));
  const closest = candidates.filter(({ differs }) => differs.length === least.length);
  return closest.find(({ selectsPeer }) => selectsPeer) ?? closest[0];
}

/** The same for a request on a connection that is allowed, of the allows that match it. */
export function nearestToRequest(entries: readonly Entry[], question: Question, flow: Flow, agent: Agent): Nearest | undefined {
  const candidates = entries
    .filter(({ rule }) => rule.effect === 'allow')
    .map(({ policy, rule }): Nearest => {
      const traffic = (rule.traffic ?? []).filter((one) => covers(one, question, agent));
      return { policy, rule, differs: fewest(traffic.flatMap((one) => requestDifferences(one, flow))) };
    })
    .filter(({ differs }) => differs.length > 0);
  const least = fewest(candidates.map(({ differs }) => differs));
  return candidates.find(({ differs }) => differs === least);
}

/** For each way in which a request can be let through, what stands against it. */
function requestDifferences({ l7 }: Traffic, { http, dns, sni }: Flow): string[][] {
  const ofNames = (what: string, name: string, names: readonly string[]) =>
    names.length === 0 ? [] : [[`${what} is \`${name}\`, and the rule takes ${listed(names)}`]];
  return [
    ...(http === undefined ? [] : (l7?.http ?? []).map((condition) => unmet(condition, http))),
    ...(dns === undefined
      ? []
      : ofNames(
          'the name',
          dns,
          (l7?.dns ?? []).map(({ text }) => text),
        )),
    ...(sni === undefined
      ? []
      : ofNames(
          'the server name',
          sni,
          (l7?.serverNames ?? []).map(({ text }) => text),
        )),
  ];
}

function unmet(condition: HttpCondition, request: HttpRequest): string[] {
  return demandsOf(condition, request)
    .filter(({ ruling }) => ruling !== 'allowed')
    .map(({ difference }) => difference);
}

function listed(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(' or ');
}

/** The shortest list; of several the first. */
function fewest(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.reduce((least, next) => (next.length < least.length ? next : least), lists[0] ?? []);
}

function peerDifferences(selector: Selector, labels: Labels, agent: Agent): string[] {
  if (selects(selector, labels, agent)) {
    return [];
  }
  switch (selector.is) {
    case 'labels':
      return selector.requirements
        .filter((requirement) => !meets(requirement, labels))
        .map((requirement) => difference(requirement, labels));
    case 'name':
      return [`the peer is no address of \`${selector.pattern}\``];
    case 'block':
      return [
        isOutside(labels) || labels.some(({ source }) => source === 'cidr')
          ? 'the address is outside of the block, or in one of its holes'
          : 'the peer is in the cluster, where blocks match nobody',
      ];
    case 'group':
      return [isOutside(labels) ? 'the address is in no such CIDR group' : 'the peer is in the cluster, where CIDR groups match nobody'];
  }
}

function isOutside(labels: Labels): boolean {
  return labels.some(({ source, key }) => source === 'reserved' && key.startsWith('world'));
}

/** What a requirement takes, and what the peer has in its place. */
function difference({ source, key, operator, values }: Requirement, labels: Labels): string {
  if (source === 'reserved') {
    return operator === 'DoesNotExist' || operator === 'NotIn' ? `the peer is \`${key}\`` : `the peer is not \`${key}\``;
  }
  const name = nameOf(key);
  const found = labels.find((label) => label.key === key);
  const has = found === undefined ? `the peer has no ${name}` : `${name} is \`${found.value}\``;
  switch (operator) {
    case 'In':
      return `${has}, and the rule takes ${listed(values)}`;
    case 'Exists':
      return `the peer has no ${name}`;
    case 'NotIn':
    case 'DoesNotExist':
      return `${has}, which the rule does not take`;
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

function trafficDifference(traffic: readonly Traffic[], { protocol, port }: Question): string {
  const asked = trafficText({ protocol, port: { is: 'number', number: port, end: 0 } });
  return `the traffic is ${asked}, and the rule takes ${[...new Set(traffic.map(trafficText))].join(', ')}`;
}

/** As people write it, such as `80/TCP` or `ICMP 8`. */
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

/** How a verdict comes about, step by step, and what would have to be otherwise. */
import type { OwnedRule, Side } from '../model/flow';
import type { Labels } from '../model/label';
import type { Direction, Requirement, Selector, Traffic } from '../model/policy';
import type { Agent } from './agent';
import type { Entry } from './entries';
import { meets, selects } from './matching';
import type { Resolved } from './resolve';
import { covers, Question } from './side';

/** The steps of one side. Each is a part of the one before. */
export interface Derivation {
  readonly direction: Direction;
  readonly side: Side;
  /** The rules that are about the subject in this direction. */
  readonly selecting: readonly OwnedRule[];
  /** Those of them that make what no rule allows denied. */
  readonly isolating: readonly OwnedRule[];
  /** Those that select the peer. */
  readonly ofPeer: readonly OwnedRule[];
  /** Those that are about the traffic too. */
  readonly ofTraffic: readonly OwnedRule[];
  /** Of a denial: the allow that comes nearest, and what differs. */
  readonly nearest?: Nearest;
}

export interface Nearest extends OwnedRule {
  /** Such as `namespace is \`other\`, and the rule takes \`shop\``. */
  readonly differs: readonly string[];
}

export function derive(question: Question, { direction, selecting, isolating }: Resolved, side: Side, agent: Agent): Derivation {
  const ofPeer = selecting.filter(({ selectors }) => selectors.some((selector) => selects(selector, question.peer.labels, agent)));
  const ofTraffic = ofPeer.filter(({ rule }) => isAboutTraffic(rule.traffic, question, agent));
  const isDefault = side.decision === 'denied' && side.reason === 'default-deny';
  const nearest = isDefault ? nearestOf(selecting, question, agent) : undefined;
  return { direction, side, selecting, isolating, ofPeer, ofTraffic, ...(nearest === undefined ? {} : { nearest }) };
}

/** Whether the traffic of a rule is that of the question. */
export function isAboutTraffic(traffic: readonly Traffic[] | undefined, question: Question, agent: Agent): boolean {
  return traffic === undefined || traffic.some((one) => covers(one, question, agent));
}

/** The allow with the fewest differences; of several the first. */
function nearestOf(selecting: readonly Entry[], question: Question, agent: Agent): Nearest | undefined {
  const candidates = selecting
    .filter(({ rule }) => rule.effect === 'allow')
    .map(({ policy, rule, selectors }): Nearest => {
      const ofPeer = selectors.length === 0 ? [NO_PEER] : fewest(selectors.map((one) => peerDifferences(one, question.peer.labels, agent)));
      const isCovered = isAboutTraffic(rule.traffic, question, agent);
      return { policy, rule, differs: [...ofPeer, ...(isCovered ? [] : [trafficDifference(rule.traffic ?? [], question)])] };
    });
  return candidates.reduce<Nearest | undefined>(
    (least, next) => (least === undefined || next.differs.length < least.differs.length ? next : least),
    undefined,
  );
}

const NO_PEER = 'the rule takes no peer';

/** The shortest list; of several the first. */
function fewest(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.reduce((least, next) => (next.length < least.length ? next : least), lists[0]);
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
      return [`the peer is no address of \`${selector.pattern.text}\``];
    case 'block':
      return [
        isOutside(labels)
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
      return `${has}, and the rule takes ${values.map((value) => `\`${value}\``).join(' or ')}`;
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
  'io.kubernetes.pod.namespace': 'namespace',
  'io.cilium.k8s.namespace.labels.': 'namespace label',
  'io.cilium.k8s.policy.serviceaccount': 'service account',
  'io.cilium.k8s.policy.cluster': 'cluster',
};

function trafficDifference(traffic: readonly Traffic[], { protocol, port }: Question): string {
  const taken = traffic.map(trafficText);
  const asked = trafficText({ protocol, port: { is: 'number', number: port, end: 0 } });
  return traffic.length === 0
    ? 'the rule takes no traffic'
    : `the traffic is ${asked}, and the rule takes ${[...new Set(taken)].join(', ')}`;
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

/** What the words for selectors and peers say about an end of a connection. */
import { Expression, Value } from './expression';
import { isName } from './traffic';
import { BEHIND, End, GROUPS, NAMES, SPACES } from './universe';

/** Whether the other end is meant, as seen from the subject. */
export type Peer = (other: End, self: End) => boolean;

type Labels = Readonly<Record<string, string>>;

/** Whether the words of a selector hold for an endpoint or a node, its namespace aside. */
export function holds({ say: name, args = [], then = [] }: Expression, end: End): boolean {
  const [key, ...values] = args as string[];
  const value = end.labels[String(key).replace(/^(k8s|any):/, '')] as string | undefined;
  const ofSpace = end.space === undefined ? undefined : SPACES[end.space];
  const has = (labels: Labels, wanted: Value) => Object.entries(wanted as Labels).every(([one, text]) => labels[one] === text);
  const word = () => {
    switch (name) {
      case 'Selector.all':
        return true;
      case 'Selector.labels':
      case 'Peer.labels':
        return has(end.labels, args[0]);
      case 'whereIn':
        return value !== undefined && values.includes(value);
      case 'whereNotIn':
        return value === undefined || !values.includes(value);
      case 'whereExists':
        return value !== undefined;
      case 'whereAbsent':
        return value === undefined;
      case 'withServiceAccount':
        return end.account === key;
      case 'exceptGateway':
        return end.is !== 'ingress';
      case 'inNamespace':
        return end.space === key;
      case 'inAnyNamespace':
        return end.space !== undefined;
      case 'inNamespacesLabeled':
        return ofSpace !== undefined && has(ofSpace, args[0]);
      case 'outsideNamespaces':
        return end.space === undefined || !args.includes(end.space);
      case 'outsideNamespacesLabeled':
        return ofSpace === undefined || !has(ofSpace, args[0]);
      case 'outsideNamespacesWithLabel':
        return ofSpace?.[key] === undefined;
      default:
        throw new Error(`no word ${name}`);
    }
  };
  return word() && then.every((one) => holds(one, end));
}

/** As a peer, a selector without a namespace is limited to the policy's own, and matches only pods. */
function pods(selector: Expression, space: string | undefined): Peer {
  const saysSpace = (selector.then ?? []).some(({ say: name }) => /Namespace/.test(name));
  return (other) => other.is === 'pod' && holds(selector, other) && (saysSpace || space === undefined || other.space === space);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

function isIn(block: string, { address = '' }: End): boolean {
  const [first, length] = block.split('/');
  const size = 2 ** (32 - Number(length));
  return address !== '' && Math.floor(numberOf(address) / size) === Math.floor(numberOf(first) / size);
}

/** A group that does not exist has no addresses. */
function isInGroup(group: string, end: End): boolean {
  return (GROUPS[group] ?? []).some((block) => isIn(block, end));
}

/** Whether a selector selects an object of the cluster by its labels. */
function hasLabels(selector: Expression, labels: Labels): boolean {
  return holds(selector, { name: '', is: 'node', labels });
}

const IS_ENTITY: Readonly<Record<string, Peer>> = {
  'Entity.ALL': () => true,
  'Entity.WORLD': ({ is }) => is === 'world',
  'Entity.CLUSTER': ({ is }) => is !== 'world',
  'Entity.HOST': (other, self) => other.is === 'node' && isHere(other, self),
  'Entity.REMOTE_NODE': (other, self) => other.is === 'node' && !isHere(other, self),
  'Entity.KUBE_APISERVER': ({ isApiserver }) => isApiserver === true,
  'Entity.INGRESS': ({ is }) => is === 'ingress',
  'Entity.HEALTH': ({ is }) => is === 'health',
  'Entity.NONE': () => false,
};

const SHORT: Readonly<Record<string, readonly string[]>> = {
  'Peer.any': ['Entity.ALL'],
  'Peer.world': ['Entity.WORLD'],
  'Peer.cluster': ['Entity.CLUSTER'],
  'Peer.host': ['Entity.HOST'],
  'Peer.remoteNodes': ['Entity.REMOTE_NODE'],
  'Peer.allNodes': ['Entity.HOST', 'Entity.REMOTE_NODE'],
  'Peer.kubeApiserver': ['Entity.KUBE_APISERVER'],
  'Peer.ingress': ['Entity.INGRESS'],
  'Peer.health': ['Entity.HEALTH'],
};

/** The peers that an expression means in a policy of a namespace, or of the cluster. */
export function peerOf(expression: Expression, space: string | undefined): Peer {
  const { say: name, args = [] } = expression;
  const entities = SHORT[name] ?? (name === 'Peer.entities' ? (args as Expression[]).map((one) => one.say) : undefined);
  const anyOf =
    (some: readonly Peer[]): Peer =>
    (other, self) =>
      some.some((one) => one(other, self));
  if (entities !== undefined) {
    return anyOf(entities.map((one) => IS_ENTITY[one]));
  }
  switch (name) {
    case 'Peer.labels':
      return pods(expression, space);
    case 'Peer.endpoints':
      return anyOf((args as Expression[]).map((one) => pods(one, space)));
    case 'Peer.sameNamespace':
      return (other) => other.is === 'pod' && other.space === space;
    case 'Peer.kubeDns':
      return ({ labels, space: own }) => own === 'kube-system' && labels['k8s-app'] === 'kube-dns';
    case 'Peer.cidrs':
      return (other) => (args as string[]).some((block) => isIn(block, other));
    case 'Peer.cidrExcept': {
      const [block, ...holes] = args as string[];
      return (other) => isIn(block, other) && !holes.some((hole) => isIn(hole, other));
    }
    case 'Peer.cidrGroups':
      return (other) => (args as string[]).some((group) => isInGroup(group, other));
    case 'Peer.cidrGroupExcept': {
      const [group, ...holes] = args as string[];
      return (other) => isInGroup(group, other) && !holes.some((hole) => isIn(hole, other));
    }
    case 'Peer.cidrGroupsLabeled':
      return (other) => Object.keys(GROUPS).some((group) => hasLabels(args[0] as Expression, { group }) && isInGroup(group, other));
    case 'Peer.service':
    case 'Peer.services':
      return ({ space: own, labels }) => own === args[1] && labels.app === BEHIND[args[1] as string].app;
    case 'Peer.nodes':
      return (other, self) => other.is === 'node' && !isHere(other, self) && (args as Expression[]).some((one) => holds(one, other));
    case 'Peer.fqdns':
      return ({ address }) => (args as string[]).some((one) => Object.keys(NAMES).some((to) => NAMES[to] === address && isName(one, to)));
    default:
      throw new Error(`no word ${name}`);
  }
}

/** Whether a node is the one that an endpoint runs on; Cilium's own endpoints run on every node. */
export function isHere(node: End, self: End): boolean {
  return node.node === (self.node ?? node.node);
}

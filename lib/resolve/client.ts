/** Who opens a connection, and to which node, as far as that decides where it leads to. */
import type { WrittenEnd } from '../model/flow';
import { Address, isLoopback } from '../net/address';
import type { Cluster } from './cluster';
import { End, nodeOf } from './ends';

export interface Client {
  /** A `node` is whatever runs in the network of one. */
  readonly is: 'pod' | 'node' | 'outside';
  /** Empty if it is not known. */
  readonly node: string;
  /** Whether it connects to its own node; `undefined` if that is not known. */
  readonly isAtHome: boolean | undefined;
}

/** A node that a flow goes to. */
export interface AskedNode {
  /** Empty if it is not known. */
  readonly name: string;
  /** `undefined` if it may be any address of the node. */
  readonly address?: Address;
}

/** Who asks for an end that is written so, or has the address. */
export function clientOf(from: End, to: WrittenEnd, address: Address | undefined, cluster: Cluster): Client {
  const [is, node] = [kindOf(from), nodeOf(from) ?? ''];
  // As a source, the entity `host` is the node of the other end.
  const isHost = from.is === 'entity' && from.name === 'host' && address !== undefined && cluster.nodeWith(address) !== undefined;
  return { is, node, isAtHome: isHost || (address === undefined ? isOwnNode(to) : isOwnAddress(address, is, node, cluster)) };
}

function isOwnNode(to: WrittenEnd): boolean | undefined {
  const isApiServer = to.is === 'entity' && to.name === 'kube-apiserver';
  return isApiServer ? undefined : to.is === 'entity' && to.name === 'host';
}

function isOwnAddress(address: Address, is: Client['is'], node: string, cluster: Cluster): boolean | undefined {
  const holder = cluster.nodeWith(address);
  if (holder === undefined) {
    return is === 'node' && isLoopback(address);
  }
  return node === '' ? undefined : holder === node;
}

/** The node that a client asks for. A loopback address is one of its own. */
export function askedNode(
  { node, isAtHome }: Client,
  to: WrittenEnd,
  address: Address | undefined,
  cluster: Cluster,
): AskedNode | undefined {
  if (address !== undefined) {
    const name = cluster.nodeWith(address) ?? (isAtHome === true ? node : undefined);
    return name === undefined ? undefined : { name, address };
  }
  return isNodeAsSuch(to) ? { name: isAtHome === true ? node : '' } : undefined;
}

/** Whether an end is a node without a name or an address. */
export function isNodeAsSuch(to: WrittenEnd): boolean {
  return to.is === 'entity' && NODES.includes(to.name);
}

const NODES: readonly string[] = ['host', 'remote-node', 'kube-apiserver'];

function kindOf(from: End): Client['is'] {
  switch (from.is) {
    case 'pod':
      return 'pod';
    case 'node':
      return 'node';
    case 'address':
    case 'name':
      return 'outside';
    case 'entity':
      break;
  }
  switch (from.name) {
    case 'world':
      return 'outside';
    case 'kube-apiserver':
      return from.isOutside === true ? 'outside' : 'node';
    case 'host':
    case 'remote-node':
      return 'node';
    case 'health':
    case 'ingress':
    case 'init':
    case 'unmanaged':
      return 'pod';
  }
}

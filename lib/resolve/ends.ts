/** Which pod, node, address or entity each end of a flow is, however it is written. */
import type { WrittenEnd, EndEntity } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import type { Address } from '../net/address';
import { plainName } from '../net/dns-pattern';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Agent } from './agent';
import type { Cluster } from './cluster';
import { nearestNames } from './nearest-names';

export type End =
  | { readonly is: 'pod'; readonly pod: Pod }
  /** The name is empty if the node is not known. Without an address, it is the node as such. */
  | { readonly is: 'node'; readonly name: string; readonly address?: Address }
  | { readonly is: 'address'; readonly address: Address }
  /** An address that DNS returns for a name, in no prefix that anybody names. */
  | { readonly is: 'name'; readonly name: string }
  /** Without a node, an endpoint of Cilium is that of the other end's node. */
  | { readonly is: 'entity'; readonly name: EndEntity; readonly node?: string; readonly isOutside?: true };

/** What an end may be. Where there are several, what decides between them is not known. */
export interface Ends {
  readonly ends: readonly End[];
  /** What is missing to decide between several. */
  readonly missing: string;
}

/** Everything that an end of a flow may be. */
export function endsOf(written: WrittenEnd, cluster: Cluster, agent: Agent, isSource: boolean): Parsed<Ends> {
  const end = endOf(written, cluster);
  if (!end.ok) {
    return end;
  }
  const { value } = end;
  if (value.is === 'entity' && value.name === 'kube-apiserver') {
    return accepted({ ends: apiServers(cluster), missing: API_SERVER });
  }
  if (value.is === 'node' && value.name === '') {
    return accepted({ ends: someNode(cluster, agent), missing: 'the node that the pod is on' });
  }
  const isNamed = value.is === 'node' && written.is !== 'ip' && written.is !== 'fqdn';
  return isSource && isNamed && agent.hasTunnel && isSpecial(value.address, cluster, agent)
    ? accepted({ ends: [value, ...tunnelEnds(value.name, cluster)], missing: TUNNEL })
    : accepted({ ends: [value], missing: '' });
}

export const API_SERVER = 'the addresses of the API server, which the EndpointSlice `default/kubernetes` lists';
const TUNNEL = 'the address that the node connects from: with `routing-mode: tunnel` it is its CiliumInternalIP, otherwise its InternalIP';

/** The addresses of the API server; without them, a node that it may run on or a machine outside the cluster. */
function apiServers(cluster: Cluster): readonly End[] {
  return cluster.apiServer.length > 0
    ? cluster.apiServer.map((address) => addressEnd(address, cluster))
    : [
        { is: 'entity', name: 'kube-apiserver' },
        { is: 'entity', name: 'kube-apiserver', isOutside: true },
      ];
}

/** The nodes that a pod without a node may be on, as far as they differ: that of the other end, one that is not listed, and special ones. */
function someNode(cluster: Cluster, agent: Agent): readonly End[] {
  const nodes = [...cluster.inventory.nodes.keys()].map((name): End & { is: 'node' } => nodeEnd(name, cluster));
  const differing =
    agent.hasNodeLabels || agent.hasHostFirewall ? nodes : nodes.filter(({ address }) => isSpecial(address, cluster, agent));
  return [{ is: 'entity', name: 'host' }, { is: 'node', name: '' }, ...differing];
}

/** Whether an address has more than the labels of its node. */
function isSpecial(address: Address | undefined, cluster: Cluster, { blocksMatchNodes }: Agent): boolean {
  return address !== undefined && (blocksMatchNodes || cluster.isApiServer(address));
}

/** A node with the addresses of its tunnel. */
function tunnelEnds(name: string, { inventory }: Cluster): readonly End[] {
  const own = inventory.nodes.get(name)?.addresses.filter(({ type }) => type === 'CiliumInternalIP') ?? [];
  return own.length === 0 ? [{ is: 'node', name }] : own.map((address) => ({ is: 'node', name, address }));
}

/** Resolves an end of a flow. */
export function endOf(written: WrittenEnd, cluster: Cluster): Parsed<End> {
  const { inventory } = cluster;
  switch (written.is) {
    case 'pod': {
      const pod = inventory.pods.get(written.name);
      return pod === undefined
        ? refused(`no pod or workload \`${written.name}\``, helpForPod(written.name, inventory))
        : accepted(podEnd(pod, cluster));
    }
    case 'node':
      return inventory.nodes.has(written.name)
        ? accepted(nodeEnd(written.name, cluster))
        : refused(`no node \`${written.name}\``, guessOf(written.name, inventory.nodes.keys()) ?? 'give an inventory with it');
    case 'ip':
      return accepted(addressEnd(written.address, cluster));
    case 'fqdn': {
      const [address] = inventory.names.get(plainName(written.name)) ?? [];
      if (address === undefined && !cluster.learns) {
        return refused(`no address for \`${written.name}\``, 'give the address that DNS returns with `names`');
      }
      return accepted(address === undefined ? { is: 'name', name: plainName(written.name) } : addressEnd(address, cluster));
    }
    case 'entity':
      return accepted({ is: 'entity', name: written.name });
    case 'labels':
      return givenEnd(written, cluster);
    case 'service':
      return refused('a Service cannot be a source', 'name the pod that connects');
  }
}

/** A pod by its labels. The labels of namespaces in other clusters are known only if they are given. */
function givenEnd(given: GivenPod, { inventory, clusterName }: Cluster): Parsed<End> {
  const { labels, namespace, serviceAccount, moreNamespaceLabels, ports } = given;
  const isElsewhere = given.cluster !== undefined && given.cluster !== clusterName;
  const ofNamespace = given.namespaceLabels ?? (isElsewhere ? {} : inventory.namespaces.get(namespace));
  const namespaceLabels =
    moreNamespaceLabels === undefined && !isElsewhere ? given.namespaceLabels : { ...ofNamespace, ...moreNamespaceLabels };
  const pod: Pod = {
    ...{ labels, namespace, serviceAccount, ports, node: '', hostNetwork: false, addresses: [] },
    ...(isElsewhere && { cluster: given.cluster }),
    ...(namespaceLabels !== undefined && { namespaceLabels }),
  };
  return accepted({ is: 'pod', pod });
}

type GivenPod = Extract<WrittenEnd, { is: 'labels' }>;

function helpForPod(name: string, { pods, owned }: Inventory): string {
  const [namespace] = name.split('/');
  return (
    guessOf(name, [...pods.keys(), ...owned.keys()]) ??
    `write the labels of a possible pod, such as \`labels:app=web@${namespace}\`, or give an inventory`
  );
}

export function guessOf(name: string, known: Iterable<string>): string | undefined {
  const guesses = nearestNames(name, known);
  return guesses.length === 0 ? undefined : `did you mean ${guesses.map((guess) => `\`${guess}\``).join(' or ')}?`;
}

/** To every other endpoint, a hostNetwork pod is its node. */
export function podEnd(pod: Pod, cluster: Cluster): End {
  const [address] = pod.addresses;
  return pod.hostNetwork ? nodeEnd(pod.node, cluster, address) : { is: 'pod', pod };
}

function nodeEnd(name: string, cluster: Cluster, address = cluster.addressOfNode(name)): End & { is: 'node' } {
  return address === undefined ? { is: 'node', name } : { is: 'node', name, address };
}

/** An address of a pod or node is that pod or node. */
export function addressEnd(address: Address, cluster: Cluster): End {
  const pod = cluster.podWith(address);
  if (pod !== undefined) {
    return podEnd(pod, cluster);
  }
  const node = cluster.nodeWith(address);
  return node === undefined ? addressOutside(address, cluster) : { is: 'node', name: node, address };
}

/** An address of no pod and no node. */
function addressOutside(address: Address, cluster: Cluster): End {
  const endpoint = cluster.nodeEndpointWith(address);
  return endpoint === undefined ? { is: 'address', address } : { is: 'entity', ...endpoint };
}

/** The node that an end is on; `undefined` for an end that is on no node. */
export function nodeOf(end: End): string | undefined {
  switch (end.is) {
    case 'pod':
      return end.pod.node;
    case 'node':
      return end.name;
    case 'entity':
      return end.node;
    case 'address':
    case 'name':
      return undefined;
  }
}

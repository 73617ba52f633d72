/** The cluster as the agent of one node sees it: its own node is the host, all others are remote. */
import { isSince } from '../crd/minor';
import type { NamedPort, Pod } from '../model/inventory';
import { label, Label, Labels } from '../model/label';
import type { NameSelector, Selector } from '../model/policy';
import { Address, singleBlock } from '../net/address';
import type { Prefix } from '../net/prefix';
import { NAME_OF_GROUP } from '../read/policy/peers';
import type { Agent } from './agent';
import type { Cluster } from './cluster';
import type { End } from './ends';
import type { Entry } from './entries';
import { Ipcache } from './ipcache';
import { blockLabels, LabelMap, reserved, sorted, worldKey } from './labels';
import { encoded } from './matching';
import { matchesName } from './names';

/** Who somebody is to policy. */
export interface Identity {
  readonly labels: Labels;
  /** Of the pod, if it is one: what `toPorts` may call by name. */
  readonly ports: readonly NamedPort[];
  /** One that Cilium reserves, whatever its labels. */
  readonly isEntity?: boolean;
}

export class View {
  private readonly ipcache: Ipcache;
  private readonly host: LabelMap;
  private readonly pods = new WeakMap<Pod, Identity>();

  /** `node` is empty for a pod that is on none. */
  public constructor(
    private readonly node: string,
    private readonly cluster: Cluster,
    entries: readonly Entry[],
    private readonly agent: Agent,
  ) {
    this.ipcache = new Ipcache(agent);
    this.fill(entries);
    const { inventory } = cluster;
    const found = (inventory.nodes.get(node)?.addresses ?? []).flatMap((address) => [...(this.ipcache.lookup(address) ?? [])]);
    this.host = new Map([...this.nodeLabels(node), ...found]);
  }

  /** An end of a flow as another one's policy sees it. */
  public peer(end: End): Identity {
    switch (end.is) {
      case 'pod':
        return this.pod(end.pod);
      case 'node':
        return { labels: this.nodePeer(end.name), ports: [] };
      case 'address':
        return { labels: this.address(end.address), ports: [] };
      case 'entity':
        return { labels: this.entity(end.name), ports: [], isEntity: true };
    }
  }

  public pod(pod: Pod): Identity {
    const identity = this.pods.get(pod) ?? this.podIdentity(pod);
    this.pods.set(pod, identity);
    return identity;
  }

  private podIdentity(pod: Pod): Identity {
    const labels: LabelMap = new Map(this.cluster.podLabels(pod));
    const ofBlocks = this.agent.blocksMatchPods ? pod.addresses.flatMap((address) => this.ipcache.podLabels(address)) : [];
    ofBlocks.forEach((one) => labels.set(`${one.source}:${one.key}`, one));
    return { labels: sorted(labels), ports: pod.ports };
  }

  /** The node itself, as one that a policy of nodes is about. */
  public hostSubject(): Identity {
    return { labels: sorted(this.cluster.hostLabels(this.cluster.inventory.nodes.get(this.node))), ports: [] };
  }

  /** Identities that Cilium reserves. */
  public entity(name: string): Labels {
    switch (name) {
      case 'host':
        return sorted(this.host);
      case 'world':
        return sorted(reserved(this.isDualStack() ? 'world-ipv4' : 'world'));
      case 'kube-apiserver':
        return sorted(reserved('kube-apiserver', 'remote-node'));
      default:
        return sorted(reserved(name));
    }
  }

  private isDualStack(): boolean {
    return this.agent.hasIPv4 && this.agent.hasIPv6;
  }

  private nodePeer(name: string): Labels {
    const [address] = this.cluster.inventory.nodes.get(name)?.addresses ?? [];
    if (address !== undefined) {
      return this.address(address);
    }
    return sorted(name === this.node ? this.host : this.nodeLabels(name));
  }

  /** What no prefix is around is the world. */
  private address(address: Address): Labels {
    const labels = this.ipcache.lookup(address) ?? reserved(worldKey(address.version, this.agent));
    return sorted(labels.has('host') ? this.host : labels);
  }

  /** Source: cilium `pkg/node/manager/manager.go`, nodeIdentityLabels; the agent's own node has labels of nodes from 1.20 on. */
  private nodeLabels(name: string): LabelMap {
    const isHost = name === this.node;
    const node = this.cluster.inventory.nodes.get(name);
    const hasLabels = node !== undefined && this.agent.hasNodeLabels && (!isHost || isSince(this.agent.minor, '1.20'));
    return new Map([...reserved(isHost ? 'host' : 'remote-node'), ...(hasLabels ? this.cluster.nodeLabels(node) : [])]);
  }

  /** In the order in which labels win: the API server, nodes, names, CIDR groups, policies. */
  private fill(entries: readonly Entry[]): void {
    const { inventory, apiServer } = this.cluster;
    apiServer.forEach((address) => this.ipcache.add(singleBlock(address), reserved('kube-apiserver')));
    for (const [name, address] of [...inventory.nodes.values()].flatMap((node) => node.addresses.map((one) => [node.name, one] as const))) {
      const ofBlock: LabelMap = this.agent.blocksMatchNodes ? blockLabels(singleBlock(address), this.agent) : new Map<string, Label>();
      this.ipcache.add(singleBlock(address), new Map([...ofBlock, ...this.nodeLabels(name)]));
    }
    const selectors = entries.flatMap((entry) => entry.selectors);
    this.addNames(selectors.filter((selector) => selector.is === 'name'));
    this.addGroups();
    const known = [...selectors, ...entries.flatMap(({ beside }) => beside)];
    new Set(known.flatMap(prefixesOf)).forEach((prefix) => this.ipcache.add(prefix, blockLabels(prefix, this.agent)));
  }

  /** An address has a label for every pattern that matches one of its names. Source: cilium `pkg/fqdn/namemanager`. */
  private addNames(selectors: readonly NameSelector[]): void {
    for (const [name, addresses] of this.cluster.inventory.names) {
      const matching = selectors.filter(({ pattern }) => matchesName(pattern, name, this.agent.minor));
      const labels: LabelMap = new Map(matching.map(({ pattern }) => [pattern, label('fqdn', pattern)]));
      addresses.forEach((address) => this.ipcache.add(singleBlock(address), labels));
    }
  }

  /** Source: cilium `pkg/policy/k8s/cilium_cidr_group.go`. */
  private addGroups(): void {
    const groups = [...this.cluster.inventory.groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, labels, blocks } of groups) {
      const own = Object.entries(labels).filter(([key]) => !key.startsWith('io.cilium.k8s'));
      const all: Label[] = [
        ...own.map(([key, value]) => label('cidrgroup', key, value)),
        ...(isSince(this.agent.minor, '1.19') ? own.map(([key, value]) => label('cidrgroup', encoded(key, value))) : []),
        label('cidrgroup', `${NAME_OF_GROUP}/${name}`),
      ];
      blocks.forEach((block) => this.ipcache.add(block, new Map(all.map((one) => [one.key, one]))));
    }
  }
}

/** The prefixes that a selector makes the agent know. */
function prefixesOf(selector: Selector): readonly Prefix[] {
  switch (selector.is) {
    case 'block':
      return [selector.block, ...selector.except];
    case 'group':
      return selector.except;
    case 'labels':
    case 'name':
      return [];
  }
}

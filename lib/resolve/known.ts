/**
 * The labels of prefixes: what agents know about addresses from the API server, nodes, DNS names, CIDR groups and policies.
 *
 * Agents differ only in the addresses of their own nodes, so everything else is stored once for all of them.
 */
import { isSince } from '../crd/minor';
import { label, Label } from '../model/label';
import type { Selector } from '../model/policy';
import { Address, addressKey } from '../net/address';
import { plainName } from '../net/dns-pattern';
import { groupedBy } from '../net/grouped';
import { CIDR_GROUP_NAME_KEY, RESERVED_KEY_PREFIX } from '../net/label-keys';
import { Prefix, singleBlock } from '../net/prefix';
import type { Agent } from './agent';
import { Cluster, holdersByAddress } from './cluster';
import type { Entry } from './entries';
import { blockLabels, LabelMap, reserved } from './labels';
import { encoded } from './matching';
import { matchesName, tailOf } from './names';

/** Labels by prefix. */
export class Prefixes {
  private readonly byKey = new Map<string, LabelMap>();
  public readonly all: Prefix[] = [];
  public readonly lengths = new Set<number>();

  /** Adds labels to a prefix. A label with the same key that is already there stays. */
  public add(prefix: Prefix, labels: LabelMap): void {
    const key = keyOf(prefix);
    const known = this.byKey.get(key);
    if (known === undefined) {
      this.all.push(prefix);
    }
    const all = known ?? new Map<string, Label>();
    labels.forEach((one, name) => all.set(name, all.get(name) ?? one));
    this.byKey.set(key, all);
    this.lengths.add(prefix.length);
  }

  public of(prefix: Prefix): LabelMap | undefined {
    return this.byKey.get(keyOf(prefix));
  }
}

export class Known {
  /** From the API server, and from all nodes as other nodes see them. These labels win. */
  public readonly nodes = new Prefixes();
  /** From DNS names, CIDR groups and policies. The first label of a key wins. */
  public readonly others = new Prefixes();
  /** The names of the nodes that have an address. */
  private readonly nodesAt: ReadonlyMap<string, readonly string[]>;
  /** The patterns of names in policies: plain names, and those with a wildcard. */
  private readonly plainNames: ReadonlyMap<string, readonly string[]>;
  /** By what names end with that they match. */
  private readonly wildNames: ReadonlyMap<string, readonly string[]>;
  private readonly tailLengths: ReadonlySet<number>;

  public constructor(
    private readonly cluster: Cluster,
    entries: readonly Entry[],
    private readonly agent: Agent,
  ) {
    const nodes = [...cluster.inventory.nodes.values()];
    this.nodesAt = holdersByAddress(nodes.map(({ name, addresses }) => [name, addresses]));
    this.addNodes(this.nodes, [...cluster.apiServer, ...nodes.flatMap(({ addresses }) => addresses)], '');
    for (const { health, ingress } of nodes) {
      health.forEach((address) => this.nodes.add(singleBlock(address), reserved('health')));
      ingress.forEach((address) => this.nodes.add(singleBlock(address), reserved('ingress')));
    }
    const selectors = entries.flatMap((entry) => entry.selectors);
    const patterns = [...new Set(selectors.filter((selector) => selector.is === 'name').map(({ pattern }) => pattern))];
    this.wildNames = groupedBy(
      patterns.filter((pattern) => pattern.includes('*')),
      tailOf,
    );
    this.tailLengths = new Set([...this.wildNames.keys()].map((tail) => tail.length));
    // Most patterns are plain names: they are looked up, not tried one by one.
    this.plainNames = groupedBy(
      patterns.filter((one) => !one.includes('*')),
      plainName,
    );
    for (const [name, addresses] of cluster.inventory.names) {
      const labels = this.labelsOfName(name);
      addresses.forEach((address) => this.others.add(singleBlock(address), labels));
    }
    this.addGroups();
    // The agent of 1.18 labels what is beside too.
    const beside = isSince(agent.minor, '1.19') ? [] : entries.flatMap((entry) => entry.beside);
    const blocks = [...selectors, ...beside].flatMap(prefixesOf);
    new Set(blocks).forEach((prefix) => this.others.add(prefix, blockLabels(prefix, agent)));
  }

  /** What the agent of a node knows about its own addresses. It replaces what other agents know about them. */
  public ownOf(node: string): Prefixes {
    const own = new Prefixes();
    this.addNodes(own, this.cluster.inventory.nodes.get(node)?.addresses ?? [], node);
    return own;
  }

  /** Source: cilium `pkg/node/manager/manager.go`, nodeIdentityLabels; the local node has node labels from 1.20 on. */
  public nodeLabels(name: string, isHost: boolean): LabelMap {
    const node = this.cluster.inventory.nodes.get(name);
    const hasLabels = node !== undefined && this.agent.hasNodeLabels && (!isHost || isSince(this.agent.minor, '1.20'));
    return new Map([...reserved(isHost ? 'host' : 'remote-node'), ...(hasLabels ? this.cluster.nodeLabels(node) : [])]);
  }

  private addNodes(prefixes: Prefixes, addresses: readonly Address[], host: string): void {
    // Nodes may share an address, and each time it would get the labels of all of them.
    for (const address of new Map(addresses.map((one) => [addressKey(one), one])).values()) {
      const block = singleBlock(address);
      if (this.cluster.isApiServer(address)) {
        prefixes.add(block, reserved('kube-apiserver'));
      }
      for (const name of this.nodesAt.get(addressKey(address)) ?? []) {
        const ofBlock: LabelMap = this.agent.blocksMatchNodes ? blockLabels(block, this.agent) : new Map<string, Label>();
        prefixes.add(block, new Map([...ofBlock, ...this.nodeLabels(name, name === host)]));
      }
    }
  }

  /** The addresses of a name have a label for every pattern that matches it. Source: cilium `pkg/fqdn/namemanager`. */
  public labelsOfName(name: string): LabelMap {
    const wild = [...this.tailLengths]
      .filter((length) => length <= name.length)
      .flatMap((length) => this.wildNames.get(name.slice(name.length - length)) ?? [])
      .filter((pattern) => matchesName(pattern, name, this.agent.minor));
    return new Map([...(this.plainNames.get(name) ?? []), ...wild].map((pattern) => [pattern, label('fqdn', pattern)]));
  }

  /** The prefix of a whole family has the identity of the world, whatever else is said of it. Source: cilium `daemon/cmd/hostips-sync.go`. */
  private isTheWorld({ version, length }: Prefix): boolean {
    return length === 0 && (version === 4 ? this.agent.hasIPv4 : this.agent.hasIPv6);
  }

  /** Source: cilium `pkg/policy/k8s/cilium_cidr_group.go`. */
  private addGroups(): void {
    const groups = [...this.cluster.inventory.groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, labels, blocks } of groups) {
      const own = Object.entries(labels).filter(([key]) => !key.startsWith(RESERVED_KEY_PREFIX));
      const all: Label[] = [
        ...own.map(([key, value]) => label('cidrgroup', key, value)),
        ...(isSince(this.agent.minor, '1.19') ? own.map(([key, value]) => label('cidrgroup', encoded(key, value))) : []),
        label('cidrgroup', `${CIDR_GROUP_NAME_KEY}/${name}`),
      ];
      const labelled = blocks.filter((block) => !this.isTheWorld(block));
      labelled.forEach((block) => this.others.add(block, new Map(all.map((one) => [one.key, one]))));
    }
  }
}

/** Whether the peers of a rule change what agents know about addresses: only labels of pods do not. */
export function labelsAddresses({ selectors, beside }: Entry): boolean {
  return [...selectors, ...beside].some(({ is }) => is !== 'labels');
}

/** The prefixes that a selector adds to what the agent knows. */
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

function keyOf({ version, first, length }: Prefix): string {
  return `${version}/${length}/${first}`;
}

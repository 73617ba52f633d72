/**
 * What an agent knows of addresses: the labels that policies, CIDR groups, names, nodes and the API server give to prefixes.
 *
 * Source: cilium 1.20 `pkg/ipcache/metadata.go`, mergeLabels and resolveLabels.
 */
import { label, Label } from '../model/label';
import { Address, addressBits, singleBlock } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Agent } from './agent';
import { blockLabel, blockLabels, LabelMap, worldKey, WORLD_KEYS } from './labels';

export class Ipcache {
  private readonly prefixes = new Map<string, LabelMap>();
  /** The lengths that prefixes have, longest first. */
  private lengths: readonly number[] = [];

  public constructor(private readonly agent: Agent) {}

  /** Labels a prefix; what has a label with a key already keeps it. */
  public add(prefix: Prefix, labels: LabelMap): void {
    const key = keyOf(prefix);
    this.prefixes.set(key, new Map([...labels, ...(this.prefixes.get(key) ?? [])]));
    this.lengths = [...new Set([...this.lengths, prefix.length])].sort((a, b) => b - a);
  }

  /** What the longest prefix around an address is labelled with; nothing where there is none. */
  public lookup(address: Address): LabelMap | undefined {
    const [longest] = this.around(address);
    return longest === undefined ? undefined : this.resolved(this.merged(address), longest);
  }

  /** What a pod's identity takes from its address where blocks match pods. Source: cilium 1.20 `pkg/endpoint/endpoint.go`. */
  public podLabels(address: Address): Label[] {
    const found = [...this.merged(address).values()].filter(({ source }) => source === 'cidr' || source === 'cidrgroup');
    return found.some(({ source }) => source === 'cidr')
      ? found
      : [...found, blockLabel({ version: address.version, first: 0n, length: 0 })];
  }

  /** The labels of all prefixes around an address; those of longer ones win, and one block remains. */
  private merged(address: Address): LabelMap {
    const labels: LabelMap = new Map();
    let hasBlock = false;
    for (const [key, one] of this.around(address).flatMap((prefix) => [...this.prefixes.get(keyOf(prefix))!])) {
      const isBlock = one.source === 'cidr';
      if (!labels.has(key) && !(isBlock && hasBlock)) {
        labels.set(key, one);
        hasBlock ||= isBlock;
      }
    }
    return labels;
  }

  private around(address: Address): Prefix[] {
    const bits = addressBits(address.version);
    const { first } = singleBlock(address);
    return this.lengths
      .filter((length) => length <= bits)
      .map((length) => ({ version: address.version, first: (first >> BigInt(bits - length)) << BigInt(bits - length), length }))
      .filter((prefix) => this.prefixes.has(keyOf(prefix)));
  }

  /**
   * What is in the cluster is not of the world, and has no block, name or group, unless blocks match nodes. If nothing remains, as of a group with
   * the label `health`, it is a block of the world after all.
   */
  private resolved(labels: LabelMap, prefix: Prefix): LabelMap {
    const isNode = labels.has('host') || labels.has('remote-node');
    const isInCluster = isNode || labels.has('health') || labels.has('ingress');
    const keepsBlocks = !isInCluster || (isNode && this.agent.blocksMatchNodes);
    const kept = [...labels].filter(([key, { source }]) =>
      source === 'reserved' ? !(isInCluster && WORLD_KEYS.includes(key)) : keepsBlocks || !['cidr', 'fqdn', 'cidrgroup'].includes(source),
    );
    if (isInCluster) {
      return kept.length > 0 ? new Map(kept) : blockLabels(prefix, this.agent);
    }
    const world = worldKey(prefix.version, this.agent);
    return new Map([...kept, [world, label('reserved', world)]]);
  }
}

function keyOf({ version, first, length }: Prefix): string {
  return `${version}/${length}/${first}`;
}

/**
 * How the agent of a node labels an address: with the labels of all prefixes that contain it.
 *
 * Source: cilium 1.20 `pkg/ipcache/metadata.go`, mergeLabels and resolveLabels.
 */
import { label, Label } from '../model/label';
import { Address, addressBits } from '../net/address';
import { Prefix, singleBlock } from '../net/prefix';
import type { Agent } from './agent';
import type { Known, Prefixes } from './known';
import { blockLabel, blockLabels, LabelMap, worldKey, WORLD_KEYS } from './labels';

export class Ipcache {
  private readonly own: Prefixes;
  /** The prefix lengths that occur, longest first. */
  private readonly lengths: readonly number[];

  public constructor(
    node: string,
    private readonly known: Known,
    private readonly agent: Agent,
  ) {
    this.own = known.ownOf(node);
    this.lengths = [...new Set([...known.nodes.lengths, ...known.others.lengths])].sort((a, b) => b - a);
  }

  /** The labels of an address; `undefined` if no prefix contains it. */
  public lookup(address: Address): LabelMap | undefined {
    return this.labelsAt(singleBlock(address));
  }

  /** The labels of each prefix that the agent knows. */
  public *all(): Generator<LabelMap> {
    const { nodes, others } = this.known;
    const ofNodes = nodes.all.filter((prefix) => this.own.of(prefix) === undefined);
    const further = others.all.filter((prefix) => this.own.of(prefix) === undefined && nodes.of(prefix) === undefined);
    for (const prefix of [...this.own.all, ...ofNodes, ...further]) {
      yield this.labelsAt(prefix)!;
    }
  }

  private labelsAt(prefix: Prefix): LabelMap | undefined {
    const around = this.around(prefix);
    return around.length === 0 ? undefined : this.resolved(merged(around), around[0].prefix);
  }

  /** The labels that a pod's identity takes from its address if CIDRs match pods. Source: cilium 1.20 `pkg/endpoint/endpoint.go`. */
  public podLabels(address: Address): Label[] {
    const found = [...merged(this.around(singleBlock(address))).values()].filter(
      ({ source }) => source === 'cidr' || source === 'cidrgroup',
    );
    return found.some(({ source }) => source === 'cidr')
      ? found
      : [...found, blockLabel({ version: address.version, first: 0n, length: 0 })];
  }

  /** The known prefixes that contain a prefix, longest first. */
  private around({ version, first, length: longest }: Prefix): Labelled[] {
    const bits = addressBits(version);
    return this.lengths
      .filter((length) => length <= longest)
      .map((length) => ({ version, first: (first >> BigInt(bits - length)) << BigInt(bits - length), length }))
      .flatMap((prefix) => {
        const labels = this.labelsOf(prefix);
        return labels === undefined ? [] : [{ prefix, labels }];
      });
  }

  private labelsOf(prefix: Prefix): LabelMap | undefined {
    const ofNode = this.own.of(prefix) ?? this.known.nodes.of(prefix);
    const others = this.known.others.of(prefix);
    return ofNode === undefined || others === undefined ? (ofNode ?? others) : new Map([...others, ...ofNode]);
  }

  /**
   * An address inside the cluster does not belong to the world, and has no CIDR, FQDN or group labels unless CIDRs match nodes. If no label remains,
   * as for a CIDR group with the label `health`, the prefix belongs to the world after all.
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

interface Labelled {
  readonly prefix: Prefix;
  readonly labels: LabelMap;
}

/** Labels of longer prefixes win, and only one CIDR label remains. */
function merged(around: readonly Labelled[]): LabelMap {
  const all: LabelMap = new Map();
  let hasBlock = false;
  for (const [key, one] of around.flatMap(({ labels }) => [...labels])) {
    const isBlock = one.source === 'cidr';
    if (!all.has(key) && !(isBlock && hasBlock)) {
      all.set(key, one);
      hasBlock ||= isBlock;
    }
  }
  return all;
}

/** The addresses of the inventory that no CIDR matches: Cilium knows pods and nodes by their labels. */
import type { Inventory } from '../../model/inventory';
import type { Address } from '../../net/address';
import { contains, Prefix, singleBlock } from '../../net/prefix';
import type { Agent } from '../../resolve/agent';
import { isOfProxy } from '../../resolve/frontends';

export interface ListedAddress {
  readonly is: 'pod' | 'node' | 'Service';
  readonly name: string;
  readonly address: Address;
}

/** The addresses of pods and nodes that CIDRs do not match. */
export function unmatchedIn({ nodes, pods }: Inventory, { blocksMatchNodes, blocksMatchPods }: Agent): readonly ListedAddress[] {
  const ofNodes = [...nodes.values()].flatMap(({ name, addresses }) =>
    addresses.map((address): ListedAddress => ({ is: 'node', name, address })),
  );
  const ofPods = [...pods].flatMap(([name, { addresses, hostNetwork }]) =>
    hostNetwork ? [] : addresses.map((address): ListedAddress => ({ is: 'pod', name, address })),
  );
  return [...(blocksMatchNodes ? [] : ofNodes), ...(blocksMatchPods ? [] : ofPods)];
}

/** The addresses of Services that the agent replaces by those of pods before any policy is asked. */
export function serviceAddresses({ services }: Inventory, agent: Agent): readonly ListedAddress[] {
  return [...services].flatMap(([name, { addresses, proxy }]) =>
    (isOfProxy(proxy, agent) ? addresses : []).flatMap((address): ListedAddress[] =>
      address.type === 'ClusterIP' ? [{ is: 'Service', name, address }] : [],
    ),
  );
}

export class ListedAddresses {
  private readonly sorted: readonly ListedAddress[];

  public constructor(all: readonly ListedAddress[]) {
    this.sorted = [...all].sort(
      ({ address: a }, { address: b }) => a.version - b.version || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
    );
  }

  /** The first address in a prefix that is in no hole, unless the prefix is every address. */
  public firstIn(prefix: Prefix, holes: readonly Prefix[] = []): ListedAddress | undefined {
    if (prefix.length === 0) {
      return undefined;
    }
    for (let i = this.startOf(prefix), tries = 0; i < this.sorted.length && tries < MOST_TRIES; i++, tries++) {
      const block = singleBlock(this.sorted[i].address);
      if (!contains(prefix, block)) {
        return undefined;
      }
      if (!holes.some((hole) => contains(hole, block))) {
        return this.sorted[i];
      }
    }
    return undefined;
  }

  /** The index of the first address that is not below a prefix. */
  private startOf({ version, first }: Prefix): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { address } = this.sorted[middle];
      const isBelow = address.version < version || (address.version === version && address.value < first);
      [low, high] = isBelow ? [middle + 1, high] : [low, middle];
    }
    return low;
  }
}

/** Of addresses in holes. */
const MOST_TRIES = 1_000;

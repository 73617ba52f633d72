/** Finds the few cells that may select a peer, where there may be as many peers as cells. */
import type { Label, Labels } from '../model/label';
import type { Selector } from '../model/policy';
import { addressBits } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Filter } from '../resolve/cells';
import { encoded } from '../resolve/matching';

export class Candidates {
  /** Filters with one cell each, by a CIDR or a key that the labels of a peer must have for the cell to select it. */
  private readonly byPart = new Map<string, Filter[]>();
  private readonly others: Filter[] = [];
  /** The lengths of the CIDRs. */
  private readonly lengths = new Set<number>();

  public constructor(filters: readonly Filter[]) {
    for (const { cells, ...filter } of filters) {
      cells.forEach((cell) => this.add({ ...filter, cells: [cell] }, cell.selector));
    }
  }

  private add(filter: Filter, selector: Selector): void {
    if (selector.is === 'block') {
      this.lengths.add(selector.block.length);
    }
    const parts = partsOf(selector);
    parts?.forEach((part) => {
      const same = this.byPart.get(part) ?? [];
      same.push(filter);
      this.byPart.set(part, same);
    });
    if (parts === undefined) {
      this.others.push(filter);
    }
  }

  /** The filters with cells that may select a peer with one of these lists of labels. The selectors are still to be asked. */
  public of(...all: readonly Labels[]): readonly Filter[] {
    const parts = new Set(all.flatMap((labels) => labels.flatMap((label) => [keyPart(label.key), ...this.blocksAround(label)])));
    return [...new Set([...this.others, ...[...parts].flatMap((part) => this.byPart.get(part) ?? [])])];
  }

  private blocksAround({ block }: Label): readonly string[] {
    return block === undefined
      ? []
      : [...this.lengths].filter((length) => length <= block.length).map((length) => blockPart({ ...block, length }));
  }
}

/** What the labels of a peer must have one of; `undefined` if that cannot be said. */
function partsOf(selector: Selector): readonly string[] | undefined {
  switch (selector.is) {
    case 'name':
      return [keyPart(selector.pattern)];
    case 'block':
      // A CIDR of length 0 selects the world too.
      return selector.block.length === 0 ? undefined : [blockPart(selector.block)];
    case 'group':
    case 'labels': {
      // The key of a CIDR is also found by a CIDR in it.
      const required = selector.requirements.find(
        ({ source, operator }) => source !== 'cidr' && (operator === 'In' || operator === 'Exists'),
      );
      // Groups may have the value in the key.
      return required && [required.key, ...required.values.map((value) => encoded(required.key, value))].map(keyPart);
    }
  }
}

function keyPart(key: string): string {
  return `key ${key}`;
}

/** The CIDR of this length that an address is in. */
function blockPart({ version, first, length }: Prefix): string {
  const hostBits = BigInt(addressBits(version) - length);
  return `block ${version}/${length}/${first >> hostBits}`;
}

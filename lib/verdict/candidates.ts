/** Finds the few cells that may select a peer, where there may be as many peers as cells. */
import type { Labels } from '../model/label';
import type { Selector } from '../model/policy';
import { PrefixMap } from '../net/prefix-map';
import type { Filter } from '../resolve/cells';
import { encoded } from '../resolve/matching';

export class Candidates {
  /** Filters with one cell each, by what the labels of a peer must have for the cell to select it: a CIDR in this one, or one of these keys. */
  private readonly byBlock = new PrefixMap<Filter[]>();
  private readonly byKey = new Map<string, Filter[]>();
  private readonly others: Filter[] = [];

  public constructor(filters: readonly Filter[]) {
    for (const { cells, ...filter } of filters) {
      cells.forEach((cell) => this.listsFor(cell.selector).forEach((list) => list.push({ ...filter, cells: [cell] })));
    }
  }

  /** The filters with cells that may select a peer with one of these lists of labels. The selectors are still to be asked. */
  public of(...all: readonly Labels[]): readonly Filter[] {
    const found = all
      .flat()
      .flatMap(({ key, block }) => [this.byKey.get(key) ?? [], ...(block === undefined ? [] : this.byBlock.around(block))]);
    return [...new Set([this.others, ...found])].flat();
  }

  private listsFor(selector: Selector): readonly Filter[][] {
    switch (selector.is) {
      case 'name':
        return [this.listOf(selector.pattern)];
      case 'block': {
        const list = this.byBlock.get(selector.block) ?? [];
        this.byBlock.set(selector.block, list);
        // A CIDR of length 0 selects the world too.
        return [selector.block.length === 0 ? this.others : list];
      }
      case 'group':
      case 'labels': {
        // The key of a CIDR is also found by a CIDR in it.
        const required = selector.requirements.find(
          ({ source, operator }) => source !== 'cidr' && (operator === 'In' || operator === 'Exists'),
        );
        // Groups may have the value in the key.
        const keys = required && [required.key, ...required.values.map((value) => encoded(required.key, value))];
        return keys?.map((key) => this.listOf(key)) ?? [this.others];
      }
    }
  }

  private listOf(key: string): Filter[] {
    const list = this.byKey.get(key) ?? [];
    this.byKey.set(key, list);
    return list;
  }
}

/** Identities as numbers, and which of them a selector selects. They are found through an index of labels, not one by one. */
import type { NamedPort } from '../model/inventory';
import type { Labels } from '../model/label';
import type { Requirement, Selector } from '../model/policy';
import { PrefixMap } from '../net/prefix-map';
import type { Agent } from '../resolve/agent';
import { aggregateOf } from '../resolve/aggregate';
import { LabelIndex } from '../resolve/label-index';
import { WORLD_KEYS } from '../resolve/labels';
import { isFoundByLabel, requiredLabels, selects } from '../resolve/matching';
import { portsKey } from '../resolve/named-ports';
import type { Identity } from '../resolve/view';
import { BitSet } from './bit-set';

/** The identities that a selector selects. */
export interface Selection {
  readonly selector: Selector;
  readonly all: BitSet;
  /** Without the identities of which it selects only the aggregate. */
  readonly direct: BitSet;
}

/** The identities that have a label with some key. */
interface Keyed {
  readonly numbers: number[];
  readonly byValue: Map<string, Valued>;
}

/** Those of them that have it with some value. The label has a number of its own. */
interface Valued {
  readonly id: number;
  readonly numbers: number[];
}

export class Identities {
  private readonly all: Identity[] = [];
  private readonly numbers = new Map<string, number>();
  /** The identities that have a label, by its key. */
  private readonly byKey = new Map<string, Keyed>();
  private distinctLabels = 0;
  /** The identities that have an address or belong to the world: those that CIDRs can select. */
  private readonly addressed: number[] = [];
  /** By `name/protocol` and by port number. */
  private readonly byPort = new Map<string, Map<number, BitSet>>();
  private readonly selections = new Map<string, Selection>();
  private readonly index = new LabelIndex<Selection>();
  private readonly byBlock = new PrefixMap<readonly Selection[]>();
  private readonly unions = new Map<string, { readonly parts: readonly BitSet[]; readonly set: BitSet }>();
  private readonly partNumbers = new Map<BitSet, number>();

  public constructor(private readonly agent: Agent) {}

  public get size(): number {
    return this.all.length;
  }

  /** The number of an identity. Identities with the same labels and ports have the same number. */
  public numberOf(identity: Identity): number {
    let key = `${portsKey(identity.ports)} ${identity.isEntity ?? false} ${identity.isRemote ?? false}`;
    for (const { source, key: name, value } of identity.labels) {
      // A source has no colon, and may end with a digit.
      key += ` ${source}:${this.valued(name, value).id}`;
    }
    return this.numbers.get(key) ?? this.added(key, identity);
  }

  private added(key: string, identity: Identity): number {
    const number = this.all.push(identity) - 1;
    this.numbers.set(key, number);
    for (const { key: name, value } of identity.labels) {
      this.keyed(name).numbers.push(number);
      this.valued(name, value).numbers.push(number);
    }
    if (isAddressed(identity)) {
      this.addressed.push(number);
    }
    identity.ports.forEach((port) => this.addPort(number, port));
    this.mayBeSelectedBy(identity).forEach((selection) => this.place(number, selection));
    this.unions.forEach(({ parts, set }) => {
      if (parts.some((part) => part.has(number))) {
        set.add(number);
      }
    });
    return number;
  }

  /** A name refers to the first port that has it. */
  private addPort(identity: number, { name, protocol, number }: NamedPort): void {
    const key = `${name}/${protocol}`;
    const having = this.byPort.get(key) ?? new Map<number, BitSet>();
    this.byPort.set(key, having);
    if (![...having.values()].some((set) => set.has(identity))) {
      having.set(number, (having.get(number) ?? new BitSet()).with(identity));
    }
  }

  /** The identities that have a named port, by its number. */
  public meaning(name: string, protocol: string): ReadonlyMap<number, BitSet> {
    return this.byPort.get(`${name}/${protocol}`) ?? new Map<number, BitSet>();
  }

  /** The union of distinct sets. It grows with them when identities are added later. */
  public union(sets: readonly BitSet[]): BitSet {
    const key = sets
      .map((part) => this.partNumber(part))
      .sort((a, b) => a - b)
      .join();
    let union = this.unions.get(key);
    if (union === undefined) {
      union = { parts: sets, set: BitSet.union(sets) };
      this.unions.set(key, union);
    }
    return union.set;
  }

  private partNumber(part: BitSet): number {
    const number = this.partNumbers.get(part) ?? this.partNumbers.size;
    this.partNumbers.set(part, number);
    return number;
  }

  private keyed(key: string): Keyed {
    let keyed = this.byKey.get(key);
    if (keyed === undefined) {
      keyed = { numbers: [], byValue: new Map() };
      this.byKey.set(key, keyed);
    }
    return keyed;
  }

  private valued(key: string, value: string): Valued {
    const { byValue } = this.keyed(key);
    let valued = byValue.get(value);
    if (valued === undefined) {
      valued = { id: this.distinctLabels++, numbers: [] };
      byValue.set(value, valued);
    }
    return valued;
  }

  /** The identities that a selector selects. The sets grow when identities are added later. */
  public selected(selector: Selector): Selection {
    const known = this.selections.get(selector.key);
    if (known !== undefined) {
      return known;
    }
    const selection = { selector, all: new BitSet(), direct: new BitSet() };
    for (const number of this.candidates(selector) ?? this.all.keys()) {
      this.place(number, selection);
    }
    this.selections.set(selector.key, selection);
    this.addToIndex(selection);
    return selection;
  }

  /** A CIDR selects what has a CIDR inside it; one of length 0 selects the world, too. */
  private addToIndex(selection: Selection): void {
    const { selector } = selection;
    if (selector.is === 'block' && selector.block.length > 0) {
      this.byBlock.set(selector.block, [...(this.byBlock.get(selector.block) ?? []), selection]);
    } else {
      this.index.add(selection, selector.is === 'block' ? [[ADDRESSED]] : requiredLabels(selector));
    }
  }

  /** The selections that an identity may belong to. */
  private mayBeSelectedBy(identity: Identity): readonly Selection[] {
    const ofBlocks = identity.labels.flatMap(({ block }) => (block === undefined ? [] : this.byBlock.around(block).flat()));
    return [...new Set([...this.index.mayBeFor(identity.labels, ...(isAddressed(identity) ? [ADDRESSED] : [])), ...ofBlocks])];
  }

  private place(number: number, { selector, all, direct }: Selection): void {
    const identity = this.all[number];
    if (selects(selector, identity.labels, this.agent)) {
      direct.add(number);
      all.add(number);
    } else if (this.selectsKind(selector, aggregateOf(identity, this.agent))) {
      all.add(number);
    }
  }

  private selectsKind(selector: Selector, kind: Labels | undefined): boolean {
    return kind !== undefined && selects(selector, kind, this.agent);
  }

  /** The identities that a selector may select; `undefined` if any may be. */
  private candidates(selector: Selector): readonly number[] | undefined {
    switch (selector.is) {
      case 'labels':
        return this.fewest(selector.requirements.filter(isFoundByLabel));
      case 'name':
        return this.keyed(selector.pattern).numbers;
      case 'block':
        return this.addressed;
      case 'group':
        return undefined;
    }
  }

  /** The identities that fulfil the requirement that the fewest fulfil. */
  private fewest(requirements: readonly Requirement[]): readonly number[] | undefined {
    const [first, ...others] = requirements.map((requirement) => this.fulfilling(requirement));
    return others.reduce((fewest, list) => (list.length < fewest.length ? list : fewest), first);
  }

  private fulfilling({ key, operator, values }: Requirement): readonly number[] {
    const lists = operator === 'Exists' ? [this.keyed(key).numbers] : values.map((value) => this.valued(key, value).numbers);
    return lists.length === 1 ? lists[0] : lists.flat();
  }
}

/** What CIDRs are kept under in the index: only what has an address can be in a CIDR. */
const ADDRESSED = 'an address';

/** Whether an identity has an address or belongs to the world: CIDRs select no other one. */
function isAddressed({ labels }: Identity): boolean {
  return labels.some(({ block, key }) => block !== undefined || WORLD_KEYS.includes(key));
}

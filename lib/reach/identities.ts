/** Identities by numbers, and which of them a selector selects: found by their labels, never one by one. */
import { identityKey, Labels } from '../model/label';
import type { Requirement, Selector } from '../model/policy';
import type { Agent } from '../verdict/agent';
import { selects } from '../verdict/matching';
import { aggregateOf } from '../verdict/side';
import type { Identity } from '../verdict/view';
import { BitSet } from './bit-set';

/** Whom a selector selects. */
export interface Selection {
  readonly selector: Selector;
  readonly all: BitSet;
  /** Without those of whom it only selects the kind. */
  readonly direct: BitSet;
}

export class Identities {
  private readonly all: Identity[] = [];
  private readonly numbers = new Map<string, number>();
  /** Who has a key, and who has a key with a value. */
  private readonly byLabel = new Map<string, number[]>();
  private readonly selections = new Map<string, Selection>();
  private readonly unions = new Map<string, { readonly parts: readonly BitSet[]; readonly set: BitSet }>();
  private readonly partNumbers = new Map<BitSet, number>();

  public constructor(private readonly agent: Agent) {}

  public get size(): number {
    return this.all.length;
  }

  public at(number: number): Identity {
    return this.all[number];
  }

  /** The number of an identity: the same for those with the same labels and ports. */
  public numberOf(identity: Identity): number {
    const ports = identity.ports.map(({ name, protocol, number }) => `${name}/${protocol}/${number}`).join();
    const key = `${identityKey(identity.labels)} ${ports} ${identity.isEntity ?? false}`;
    return this.numbers.get(key) ?? this.added(key, identity);
  }

  private added(key: string, identity: Identity): number {
    const number = this.all.push(identity) - 1;
    this.numbers.set(key, number);
    for (const { key: name, value } of identity.labels) {
      this.listed(name).push(number);
      this.listed(`${name}=${value}`).push(number);
    }
    this.selections.forEach((selection) => this.place(number, selection));
    this.unions.forEach(({ parts, set }) => {
      if (parts.some((part) => part.has(number))) {
        set.add(number);
      }
    });
    return number;
  }

  /** Who is in any of the sets, of all that are known and will be. */
  public union(sets: readonly BitSet[]): BitSet {
    const parts = [...new Set(sets)];
    if (parts.length === 1) {
      return parts[0];
    }
    const key = parts
      .map((part) => this.partNumber(part))
      .sort((a, b) => a - b)
      .join();
    let union = this.unions.get(key);
    if (union === undefined) {
      union = { parts, set: BitSet.union(parts) };
      this.unions.set(key, union);
    }
    return union.set;
  }

  private partNumber(part: BitSet): number {
    const number = this.partNumbers.get(part) ?? this.partNumbers.size;
    this.partNumbers.set(part, number);
    return number;
  }

  private listed(label: string): number[] {
    const list = this.byLabel.get(label) ?? [];
    this.byLabel.set(label, list);
    return list;
  }

  /** Whom a selector selects, of all that are known and will be. */
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
    return selection;
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

  /** Those who fulfil the requirement that fewest do; nothing if none asks for a label that must be there. */
  private candidates(selector: Selector): readonly number[] | undefined {
    if (selector.is !== 'labels') {
      return undefined;
    }
    const lists = selector.requirements.filter(isPositive).map((requirement) => this.fulfilling(requirement));
    return lists.reduce<readonly number[] | undefined>(
      (fewest, list) => (fewest === undefined || list.length < fewest.length ? list : fewest),
      undefined,
    );
  }

  private fulfilling({ key, operator, values }: Requirement): readonly number[] {
    const lists = operator === 'Exists' ? [this.listed(key)] : values.map((value) => this.listed(`${key}=${value}`));
    return lists.length === 1 ? lists[0] : lists.flat();
  }
}

/** A block is found by its addresses, and an aggregate by what it stands for. */
function isPositive({ source, key, operator }: Requirement): boolean {
  return source !== 'cidr' && !key.startsWith('aggregate-') && (operator === 'In' || operator === 'Exists');
}

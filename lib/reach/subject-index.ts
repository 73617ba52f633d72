/** Finds the rules that select an endpoint, by the labels that their subjects ask for. */
import type { Entry } from '../resolve/entries';
import { LabelIndex } from '../resolve/label-index';
import { requiredLabels } from '../resolve/matching';
import type { LocalEndpoint } from '../resolve/resolve';
import type { BitSet } from './bit-set';
import type { Identities } from './identities';

/** A rule with a number of its own. */
export interface NumberedEntry {
  readonly number: number;
  readonly entry: Entry;
  readonly subject: NumberedSubject;
}

/** The endpoints that rules select. */
interface NumberedSubject {
  readonly number: number;
  readonly identities: BitSet;
  readonly isNode: boolean;
}

/** The subjects and numbers of rules. Engines over the same cluster share them, so a rule has the same number in all of them. */
export class Subjects {
  private readonly index = new LabelIndex<NumberedSubject>();
  private readonly byKey = new Map<string, NumberedSubject>();
  private readonly byEntry = new WeakMap<Entry, NumberedEntry>();
  private rules = 0;

  public constructor(private readonly identities: Identities) {}

  /** The number of rules that there have been. */
  public get size(): number {
    return this.rules;
  }

  public numbered(entry: Entry): NumberedEntry {
    const numbered = this.byEntry.get(entry) ?? { number: this.rules++, entry, subject: this.subjectOf(entry) };
    this.byEntry.set(entry, numbered);
    return numbered;
  }

  private subjectOf({ rule }: Entry): NumberedSubject {
    const { selector, is } = rule.subject;
    const key = `${is} ${selector.key}`;
    const known = this.byKey.get(key);
    if (known !== undefined) {
      return known;
    }
    const subject = { number: this.byKey.size, identities: this.identities.selected(selector).direct, isNode: is === 'nodes' };
    this.byKey.set(key, subject);
    this.index.add(subject, requiredLabels(selector));
    return subject;
  }

  /** The subjects that an endpoint with a number as an identity is one of. */
  public of({ isHost, labels }: LocalEndpoint, identity: number): readonly NumberedSubject[] {
    return this.index.mayBeFor(labels).filter(({ identities, isNode }) => isNode === isHost && identities.has(identity));
  }
}

/** The rules of one engine. */
export class SubjectIndex {
  /** By the number of their subject. */
  private readonly bySubject: (NumberedEntry[] | undefined)[] = [];
  /** The place of each rule among all rules, by its number. */
  private readonly places: number[] = [];

  public constructor(
    entries: readonly Entry[],
    private readonly subjects: Subjects,
  ) {
    for (const [place, entry] of entries.entries()) {
      const numbered = subjects.numbered(entry);
      this.places[numbered.number] = place;
      (this.bySubject[numbered.subject.number] ??= []).push(numbered);
    }
  }

  /** The rules that select an endpoint, which has a number as an identity, in order. */
  public selecting(endpoint: LocalEndpoint, identity: number): readonly NumberedEntry[] {
    const found: NumberedEntry[] = [];
    for (const { number } of this.subjects.of(endpoint, identity)) {
      this.bySubject[number]?.forEach((one) => found.push(one));
    }
    return found.sort((a, b) => this.places[a.number] - this.places[b.number]);
  }
}

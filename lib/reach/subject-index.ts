/** Finds the rules that select an endpoint, by the labels that their subjects ask for. */
import type { Entry } from '../resolve/entries';
import { LabelIndex } from '../resolve/label-index';
import { requiredLabels } from '../resolve/matching';
import type { LocalEndpoint } from '../resolve/resolve';
import type { BitSet } from './bit-set';
import type { Identities } from './identities';

/** A rule with the number of its place among all rules. */
export interface NumberedEntry {
  readonly number: number;
  readonly entry: Entry;
}

/** The rules that select the same endpoints. */
interface SubjectEntries {
  readonly subjects: BitSet;
  readonly isNode: boolean;
  readonly numbered: NumberedEntry[];
}

export class SubjectIndex {
  private readonly index = new LabelIndex<SubjectEntries>();

  public constructor(entries: readonly Entry[], identities: Identities) {
    const found = new Map<string, SubjectEntries>();
    entries.forEach((entry, number) => {
      const { selector, is } = entry.rule.subject;
      const key = `${is} ${selector.key}`;
      let same = found.get(key);
      if (same === undefined) {
        same = { subjects: identities.selected(selector).direct, isNode: is === 'nodes', numbered: [] };
        found.set(key, same);
        this.index.add(same, requiredLabels(selector));
      }
      same.numbered.push({ number, entry });
    });
  }

  /** The rules that select an endpoint, which has a number as an identity, in order. */
  public selecting({ isHost, labels }: LocalEndpoint, identity: number): readonly NumberedEntry[] {
    const found: NumberedEntry[] = [];
    for (const { subjects, isNode, numbered } of this.index.mayBeFor(labels)) {
      if (isNode === isHost && subjects.has(identity)) {
        numbered.forEach((one) => found.push(one));
      }
    }
    return found.sort((a, b) => a.number - b.number);
  }
}

/** The rules that may select an endpoint, found by its labels: of thousands of rules, only a few need to be looked at. */
import type { Labels } from '../model/label';
import type { Entry } from './entries';
import { requiredLabels } from './matching';

export class EntryIndex {
  /** By a label that an endpoint must have to be selected; under the empty text, those of any endpoint. */
  private readonly byLabel = new Map<string, number[]>();

  public constructor(private readonly entries: readonly Entry[]) {
    entries.forEach(({ rule }, i) => {
      for (const label of requiredLabels(rule.subject.selector)) {
        const list = this.byLabel.get(label) ?? [];
        this.byLabel.set(label, list);
        list.push(i);
      }
    });
  }

  /** In their order. */
  public mayBeFor(labels: Labels): readonly Entry[] {
    const keys = new Set(['', ...labels.flatMap(({ key, value }) => [key, `${key}=${value}`])]);
    const found = [...keys].flatMap((key) => this.byLabel.get(key) ?? []);
    return [...new Set(found)].sort((a, b) => a - b).map((i) => this.entries[i]);
  }
}

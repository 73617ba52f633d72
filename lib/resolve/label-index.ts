/** Finds what may select labels: of thousands of selectors, only a few need to be asked. */
import type { Labels } from '../model/label';

export class LabelIndex<T> {
  /** By a label that the labels must have; under the empty text, what may select any labels. */
  private readonly byLabel = new Map<string, T[]>();

  /** Adds something that selects only labels with one of each list: it is kept under the list whose labels lead to the fewest others. */
  public add(one: T, required: readonly (readonly string[])[]): void {
    const lists = required.map((labels) => labels.map((label) => this.listOf(label)));
    const sizeOf = (all: readonly (readonly T[])[]) => all.reduce((sum, { length }) => sum + length, 0);
    const [first = [this.listOf('')], ...others] = lists;
    others.reduce((fewest, all) => (sizeOf(all) < sizeOf(fewest) ? all : fewest), first).forEach((list) => list.push(one));
  }

  /** What may select the labels, and what is kept under one of these texts. */
  public mayBeFor(labels: Labels, ...more: readonly string[]): readonly T[] {
    const found = new Set<T>();
    const find = (text: string) => this.byLabel.get(text)?.forEach((one) => found.add(one));
    ['', ...more].forEach(find);
    for (const { key, value } of this.byLabel.size === 0 ? [] : labels) {
      find(key);
      find(`${key}=${value}`);
    }
    return [...found];
  }

  /** The same one by one; what is kept under several labels may come several times. */
  public *each(...keys: readonly string[]): Generator<T> {
    for (const key of new Set(['', ...keys])) {
      yield* this.byLabel.get(key) ?? [];
    }
  }

  private listOf(label: string): T[] {
    const list = this.byLabel.get(label) ?? [];
    this.byLabel.set(label, list);
    return list;
  }
}

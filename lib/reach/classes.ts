/** Ends between which and all others the same passes are one class: what is told of them is told once. */
import { groupedBy } from '../net/grouped';

/** Ends by number, and what passes between two classes. */
export interface Classes<T> {
  readonly classes: readonly (readonly number[])[];
  /** Between two classes by number, as between any end of the one and any of the other. */
  readonly between: (from: number, to: number) => T;
}

/** `valueOf` must return the same object, or the same primitive, for what is equal. */
export function classesOf<T>(count: number, valueOf: (from: number, to: number) => T): Classes<T> {
  const ids = new Map<T, number>();
  const idOf = (value: T) => {
    const id = ids.get(value) ?? ids.size;
    ids.set(value, id);
    return id;
  };
  const table = Array.from({ length: count }, () => new Uint32Array(count));
  const values: T[] = [];
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) {
      const value = valueOf(from, to);
      const id = idOf(value);
      values[id] = value;
      table[from][to] = id;
    }
  }
  const columns = columnKeys(table);
  const groups = groupedBy([...table.keys()], (i) => `${table[i].join()} ${columns[i]}`);
  const classes = [...groups.values()];
  return {
    classes,
    between: (from, to) => values[table[classes[from][0]][classes[to][0]]],
  };
}

function columnKeys(table: readonly Uint32Array[]): readonly string[] {
  return table.map((_, column) => table.map((row) => row[column]).join());
}

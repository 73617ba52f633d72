/** Ends between which and all others the same passes are one class: what is told of them is told once. */

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
  const classes = alikeIn(table);
  return { classes, between: (from, to) => values[table[classes[from][0]][classes[to][0]]] };
}

/** The numbers with the same row and the same column. */
function alikeIn(table: readonly Uint32Array[]): readonly (readonly number[])[] {
  const found = new Map<string, number[][]>();
  for (const i of table.keys()) {
    const key = `${hashOf(table.length, (k) => table[i][k])} ${hashOf(table.length, (k) => table[k][i])}`;
    const groups = found.get(key) ?? [];
    found.set(key, groups);
    const own = groups.find(([first]) => areAlike(table, first, i));
    if (own === undefined) {
      groups.push([i]);
    } else {
      own.push(i);
    }
  }
  return [...found.values()].flat();
}

function hashOf(length: number, at: (index: number) => number): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < length; k++) {
    hash = Math.imul(hash ^ at(k), 0x01000193);
  }
  return hash;
}

function areAlike(table: readonly Uint32Array[], a: number, b: number): boolean {
  return table.every((row, k) => table[a][k] === table[b][k] && row[a] === row[b]);
}

/** How often something occurs, by name. */
export type Counts = Readonly<Record<string, number>>;

/** Counts names. The names in `every` count 0 if they do not occur. */
export function counted(names: readonly string[], every: readonly string[] = []): Counts {
  const counts = new Map(every.map((name) => [name, 0]));
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** The names that do not occur. */
export function missing(counts: Counts): string[] {
  return Object.keys(counts).filter((name) => counts[name] === 0);
}

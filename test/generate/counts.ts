/** How often something was seen, by its name. */
export type Counts = Readonly<Record<string, number>>;

/** How often each name comes; those of `every` count 0 if they do not come. */
export function counted(names: readonly string[], every: readonly string[] = []): Counts {
  const counts = new Map(every.map((name) => [name, 0]));
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** What was never seen. */
export function missing(counts: Counts): string[] {
  return Object.keys(counts).filter((name) => counts[name] === 0);
}

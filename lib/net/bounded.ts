/** A map that keeps the most recently used values, up to a total weight. The last value set is always kept. */
export class Bounded<K, V> {
  private readonly kept = new Map<K, { readonly value: V; readonly weight: number }>();
  private total = 0;

  public constructor(private readonly most: number) {}

  public get(key: K): V | undefined {
    const found = this.kept.get(key);
    if (found !== undefined) {
      // A map lists its keys in the order in which they were set, so the first key is the least recently used.
      this.kept.delete(key);
      this.kept.set(key, found);
    }
    return found?.value;
  }

  public set(key: K, value: V, weight: number): void {
    this.remove(key);
    this.kept.set(key, { value, weight });
    this.total += weight;
    for (const oldest of this.kept.keys()) {
      if (this.total <= this.most || oldest === key) {
        return;
      }
      this.remove(oldest);
    }
  }

  public remove(key: K): void {
    this.total -= this.kept.get(key)?.weight ?? 0;
    this.kept.delete(key);
  }
}

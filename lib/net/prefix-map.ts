/** Finds the prefixes around another one, by their lengths: there may be as many on both sides. */
import { addressBits } from './address';
import type { Prefix } from './prefix';

export class PrefixMap<T> {
  private readonly byKey = new Map<string, T>();
  private readonly lengths = new Set<number>();

  public get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  public get(prefix: Prefix): T | undefined {
    return this.byKey.get(keyOf(prefix));
  }

  public set(prefix: Prefix, value: T): void {
    this.lengths.add(prefix.length);
    this.byKey.set(keyOf(prefix), value);
  }

  /** The values of all prefixes that contain this one. */
  public around({ version, first, length: own }: Prefix): readonly T[] {
    const found: T[] = [];
    for (const length of this.lengths) {
      const value = length <= own ? this.get({ version, first, length }) : undefined;
      if (value !== undefined) {
        found.push(value);
      }
    }
    return found;
  }
}

/** A key for the prefix of this length that an address is in. */
function keyOf({ version, first, length }: Prefix): string {
  return `${version}/${length}/${first >> BigInt(addressBits(version) - length)}`;
}

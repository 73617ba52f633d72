/** An address for each prefix that no longer one contains: what prefixes tell apart. */
import { Address, addressBits } from './address';
import { contains, Prefix } from './prefix';

export interface PrefixAtom {
  readonly prefix: Prefix;
  /** An address in the prefix, and in none of those inside it. */
  readonly address: Address;
}

/** The prefixes of which something is left beside those inside them. `taken` are those of which no address may be given. */
export function prefixAtoms(prefixes: readonly Prefix[], taken: readonly Prefix[]): readonly PrefixAtom[] {
  const all = new Map<string, { readonly prefix: Prefix; isTaken: boolean; readonly inside: Prefix[] }>();
  [...prefixes.map((prefix) => ({ prefix, isTaken: false })), ...taken.map((prefix) => ({ prefix, isTaken: true }))].forEach((one) =>
    all.set(`${one.prefix.version}/${one.prefix.length}/${one.prefix.first}`, { ...one, inside: [] }),
  );
  const inOrder = [...all.values()].sort(({ prefix: a }, { prefix: b }) => compare(a, b));
  const around: typeof inOrder = [];
  for (const one of inOrder) {
    while (around.length > 0 && !contains(around[around.length - 1].prefix, one.prefix)) {
      around.pop();
    }
    const outer = around.at(-1);
    outer?.inside.push(one.prefix);
    one.isTaken ||= outer?.isTaken === true;
    around.push(one);
  }
  return inOrder.flatMap(({ prefix, isTaken, inside }) => {
    const value = isTaken ? undefined : firstFree(prefix, inside);
    return value === undefined ? [] : [{ prefix, address: { version: prefix.version, value } }];
  });
}

/** Prefixes come before those inside them. */
function compare(a: Prefix, b: Prefix): number {
  return a.version - b.version || (a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length);
}

/** The first address that is in none of the prefixes inside, which are in order; where there are several, not the one of the network itself. */
function firstFree({ version, first, length }: Prefix, inside: readonly Prefix[]): bigint | undefined {
  const size = (prefix: Pick<Prefix, 'length'>) => 1n << BigInt(addressBits(version) - prefix.length);
  let free = first;
  let network: bigint | undefined;
  for (const [i, next] of [...inside.map((prefix) => ({ from: prefix.first, to: prefix.first + size(prefix) })), undefined].entries()) {
    const end = next?.from ?? first + size({ length });
    if (i === 0 && free === first && free < end) {
      network = first;
      free += 1n;
    }
    if (free < end) {
      return free;
    }
    free = next === undefined || next.to < free ? free : next.to;
  }
  return network;
}

/** What passes if some values are filled in later: between what passes with the fewest peers and with the most. */
import { Passage, termsOf, Traffic, trafficOf } from './traffic';

export function vagueTraffic(closed: Traffic, open: Traffic): Traffic {
  return closed.key === open.key
    ? closed
    : trafficOf(pairedPassages(closed, open).flatMap(({ a, b }) => ((a ?? b) ? [vaguePassage(a, b)] : [])));
}

function vaguePassage(a: Passage | undefined, b: Passage | undefined): Passage {
  const one = (a ?? b)!;
  return a !== undefined && b !== undefined && termsOf(a) === termsOf(b) ? one : { ...one, is: 'unknown', proxies: [] };
}

/** What two kinds of traffic say of the same range. */
export interface PairedPassages {
  readonly first: number;
  readonly last: number;
  readonly protocol: Passage['protocol'];
  readonly a: Passage | undefined;
  readonly b: Passage | undefined;
}

/** The ranges of which at least one of two says something, cut where either changes. */
export function pairedPassages(a: Traffic, b: Traffic): readonly PairedPassages[] {
  const protocols = [...new Set([...a.passages, ...b.passages].map(({ protocol }) => protocol))];
  return protocols.flatMap((protocol) => {
    const [own, other] = [a, b].map(({ passages }) => passages.filter((one) => one.protocol === protocol));
    const starts = [...own, ...other].flatMap(({ first, last }) => [first, last + 1]);
    const cuts = [...new Set(starts)].sort((x, y) => x - y);
    return cuts.slice(0, -1).flatMap((first, i): PairedPassages[] => {
      const at = (all: readonly Passage[]) => all.find((one) => one.first <= first && first <= one.last);
      const pair = { protocol, first, last: cuts[i + 1] - 1, a: at(own), b: at(other) };
      const cut = (one: Passage | undefined) => one && { ...one, first: pair.first, last: pair.last };
      return pair.a === undefined && pair.b === undefined ? [] : [{ ...pair, a: cut(pair.a), b: cut(pair.b) }];
    });
  });
}

/** Slips of the pen in names and labels. */
import { closest, isSlip } from '../../net/did-you-mean';

/**
 * Whether one text is the other one with a slip, so that hardly anybody would have chosen both: `web-1` and `web-2` are two names, and so are `web` and
 * `wed`.
 */
export function isTypo(text: string, known: string): boolean {
  if (text === known || Math.abs(text.length - known.length) > 1 || text.length < SHORTEST) {
    return text !== known && text.toLowerCase() === known.toLowerCase();
  }
  const digits = (one: string) => one.replace(/\D/g, '');
  return digits(text) === digits(known) && partsOf(text) === partsOf(known) && isSlip(text, known) && !hasShortDifference(text, known);
}

const SHORTEST = 5;

function partsOf(text: string): number {
  return text.split(/[-_./]/).length;
}

/** Whether what differs is a word by itself, as in `worker-a` and `worker-b`. */
function hasShortDifference(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split(/[-_./]/));
  return left.some((part, i) => part !== right[i] && (part.length < SHORTEST - 1 || right[i].length < SHORTEST - 1));
}

/** Finds the texts that one is a slip for: of thousands, only a few need to be compared. */
export class Typos {
  /** By each text in small letters, as it is and without one of its characters: texts with one slip have such a part in common. */
  private readonly byPart = new Map<string, string[]>();

  public constructor(texts: Iterable<string>) {
    for (const text of texts) {
      partsWithout(text).forEach((part) => {
        const same = this.byPart.get(part) ?? [];
        this.byPart.set(part, same);
        same.push(text);
      });
    }
  }

  /** The texts that may have been meant, in their order. */
  public of(text: string): readonly string[] {
    const found = partsWithout(text).flatMap((part) => this.byPart.get(part) ?? []);
    return [...new Set(found)].filter((known) => isTypo(text, known));
  }
}

/** A swap of two characters is a removal of either. Longer texts are no names. */
function partsWithout(text: string): readonly string[] {
  const small = text.toLowerCase();
  const shorter =
    small.length > MOST_CHARACTERS ? [] : Array.from({ length: small.length }, (_, i) => small.slice(0, i) + small.slice(i + 1));
  return [...new Set([small, ...shorter])];
}

const MOST_CHARACTERS = 320;

/** The nearest of the values that pods have; less sure than a slip. */
export function nearestText(text: string, known: readonly string[]): string | undefined {
  return closest(text, known.slice(0, MOST_COMPARED));
}

const MOST_COMPARED = 100;

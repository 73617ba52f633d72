/** Texts that nobody means, for the law that every parser answers whatever it is asked. */
import * as fc from 'fast-check';

/** Any text: ASCII, graphemes, and any code points, halves of surrogate pairs too. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0x10ffff }), fc.integer({ min: 0xd7ff, max: 0xe000 })))
    .map((points) => String.fromCodePoint(...points)),
);

/** Texts made of the given parts, so that they nearly mean something. */
export function textOf(parts: readonly string[], maxLength = 12): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...parts), { maxLength }).map((chosen) => chosen.join(''));
}

/** The part again and again: at least 100,000 characters. */
export function long(part: string): string {
  return part.repeat(Math.ceil(100_000 / part.length));
}

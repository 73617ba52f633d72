/**
 * The size of the program that RE2 compiles a pattern to. Envoy refuses a pattern whose program has more than 100 instructions.
 *
 * RE2 is written in C++, and its size is its own: Go's `regexp` and `re2js` compile the same patterns to other programs. The steps in `re2/`
 * are therefore those of RE2, in its order: it parses and factors, simplifies, compiles to bytes of UTF-8, and removes the instructions that
 * do nothing. `npm run conformance:re2` compares the sizes with those of RE2.
 * Source: envoy `source/common/common/regex.cc`; re2 `re2/re2.cc`, RE2::Init and ProgramSize.
 */
import { ENVOY_INSTRUCTIONS } from './envoy-instructions';
import { compile } from './re2/compile';
import { flattenedSize } from './re2/flatten';
import { GivenUp } from './re2/given-up';
import { leastSize } from './re2/least-size';
import { parse } from './re2/parse';
import { coalesced, simplified } from './re2/simplify';
import { Node, series } from './re2/tree';
import { remember } from './remember';

export type Re2Size =
  | { readonly is: 'size'; readonly size: number }
  /** It is more than a number, and not counted any further. */
  | { readonly is: 'more'; readonly than: number }
  /** It may be more than Envoy allows. */
  | { readonly is: 'may-exceed' }
  /** RE2 cannot compile the pattern. */
  | { readonly is: 'refused' };

/** The maximum size that is counted exactly. */
export const MAX_COUNTED = 400;

/** The maximum length of a pattern that is compiled, in characters. */
export const MAX_PATTERN = 100_000;

/** The number of instructions of the program that RE2 compiles a pattern to, with the options that Envoy gives. */
export const re2Size = remember(sizeOf);

function sizeOf(pattern: string): Re2Size {
  try {
    return compiledSize(pattern);
  } catch (error) {
    if (error instanceof GivenUp) {
      return error.answer;
    }
    throw error;
  }
}

function compiledSize(pattern: string): Re2Size {
  if (pattern.length > MAX_PATTERN) {
    throw new GivenUp({ is: 'may-exceed' });
  }
  const expression = coalesced(withoutText(parse(pattern)));
  const isLarge = (leastSize(expression) ?? 0) > MAX_COUNTED;
  const size = isLarge ? MAX_COUNTED + 1 : flattenedSize(compile(simplified(expression)));
  if (/\\[pP]/.test(pattern) && size > ENVOY_INSTRUCTIONS - UNSURE) {
    return size > ENVOY_INSTRUCTIONS + UNSURE ? { is: 'more', than: ENVOY_INSTRUCTIONS } : { is: 'may-exceed' };
  }
  return size > MAX_COUNTED ? { is: 'more', than: MAX_COUNTED } : { is: 'size', size };
}

/** By how much the size of a Unicode class may differ, because Node and RE2 have different versions of Unicode. */
const UNSURE = 20;

/** RE2 compares the text after a `^` that a pattern begins with by itself, and compiles only what follows it. */
function withoutText(node: Node): Node {
  if (node.is !== 'sequence') {
    return node;
  }
  const first = node.nodes.findIndex(({ is }) => is !== 'text-start');
  return first > 0 && node.nodes[first].is === 'literal' ? series('sequence', node.nodes.slice(first + 1)) : node;
}

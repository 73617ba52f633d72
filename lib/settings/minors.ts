/** Reads minors of Cilium as users write them. */
import { Minor, minorOf, MINORS, NEWEST } from '../crd/minor';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Quote } from '../read/config';

/** Reads `1.20`, `v1.20.3` or the number 1.2. `1.19..1.20`, or a list of the two, is every minor from the first to the second. */
export function parseMinors(value: unknown, quote: Quote): Parsed<readonly Minor[]> {
  const text = Array.isArray(value) ? value.map(minorText).join('..') : minorText(value);
  const [from, to, ...rest] = text.split('..').map((part) => minorOf(part.replace(/^v/, '').replace(/^(\d+\.\d+)\.\d+$/, '$1')));
  if (from === undefined || rest.length > 0 || (text.includes('..') && to === undefined)) {
    return refused(
      `unknown Cilium minor${quote(text)}`,
      `write one of ${MINORS.join(', ')}, or a range such as \`${MINORS[0]}..${NEWEST}\``,
    );
  }
  if (to === undefined) {
    return accepted([from]);
  }
  return MINORS.indexOf(from) < MINORS.indexOf(to)
    ? accepted(MINORS.slice(MINORS.indexOf(from), MINORS.indexOf(to) + 1))
    : refused(`the range${quote(text)} is not an upgrade`, 'write the older minor first');
}

/** YAML reads `1.20` without quotes as the number 1.2. No supported minor has a single digit, so there is no ambiguity. */
function minorText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return typeof value === 'number' ? text.replace(/^\d+\.\d$/, '$&0') : text;
}

/** Formats minors for a report: `1.20`, or `1.19..1.20` for a comparison. */
export function minorsText(minors: readonly Minor[]): string {
  return minors.length === 1 ? minors[0] : `${minors[0]}..${minors[minors.length - 1]}`;
}

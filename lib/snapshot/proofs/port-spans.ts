/** The ports of passages, in spans. */
import type { PortSpan } from '../../model/property';
import { lastOf, Passage } from '../../reach/traffic';

/** The parts of passages that are on ports. */
export function onPorts(passages: readonly Passage[], ports: readonly PortSpan[] | undefined): readonly PortSpan[] {
  return passages.flatMap(({ protocol, first, last }) =>
    ports === undefined
      ? [{ protocol, first, last }]
      : ports.flatMap((span) => {
          const [low, high] = [Math.max(first, span.first), Math.min(last, span.last)];
          return span.protocol === protocol && low <= high ? [{ protocol, first: low, last: high }] : [];
        }),
  );
}

/** The parts of a span that no other is on. */
export function gapsIn({ protocol, first, last }: PortSpan, passages: readonly PortSpan[]): readonly PortSpan[] {
  const own = passages.filter((one) => one.protocol === protocol).sort((a, b) => a.first - b.first);
  const gaps: PortSpan[] = [];
  let next = first;
  for (const one of own) {
    if (one.first > next && next <= last) {
      gaps.push({ protocol, first: next, last: Math.min(last, one.first - 1) });
    }
    next = Math.max(next, one.last + 1);
  }
  return next <= last ? [...gaps, { protocol, first: next, last: Math.min(last, lastOf(protocol)) }] : gaps;
}

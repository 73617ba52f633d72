/** What passes, for people: by source, or by destination where one is asked for. */
import { groupedBy } from '../../net/grouped';
import { printable } from '../../net/printable';
import { counted } from '../findings/words';
import { EndView, endsText } from './ends';
import { trafficText } from './traffic';
import type { ConnectionView, ReachView } from './view';

/** `by`: which end of the connections comes first. */
export function reachText({ ends, connections, protocols, missing, partial }: ReachView, by: 'from' | 'to'): string {
  const [one, other] = by === 'from' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  const groups = [...groupedBy(connections, (connection) => connection[one].join())];
  const paragraphs = groups.map(([, same]) => {
    const head = `${one} ${endsText(viewsOf(same[0][one], ends), MOST_HEADS)}`;
    const byTraffic = groupedBy(same, ({ traffic }) => trafficText(traffic, protocols));
    const lines = [...byTraffic].map(([traffic, alike]) => `  ${other} ${namesOf(alike, other, ends)}: ${traffic}`);
    return [head, ...lines].join('\n');
  });
  const hidden = [
    ...(missing === undefined ? [] : [`not all is known: ${missing} may allow less or more`]),
    ...partial.map((text) => `not all: ${text}`),
  ];
  const count = connections.length === 0 ? 'nothing passes' : `${counted(ends.length, 'kind')} of ends`;
  return `${[...hidden, ...paragraphs, count]
    .flatMap((text) => text.split('\n'))
    .map(printable)
    .join('\n')}\n`;
}

/** What world reaches and who reaches it, what pods of other namespaces reach, and what no policy protects. */
export function exposureText({ ends, exposure, protocols, missing, partial }: ReachView): string {
  const { fromWorld, toWorld, fromUnknownPods, unprotected } = exposure;
  const hidden = [
    ...(missing === undefined ? [] : [`not all is known: ${missing} may allow less or more`]),
    ...partial.map((text) => `not all: ${text}`),
  ];
  const linesOf = (head: string, connections: readonly ConnectionView[]) => {
    const lines = connections.map(
      ({ from, to, traffic }) => `  ${namesIn(from, ends)} → ${namesIn(to, ends)}: ${trafficText(traffic, protocols)}`,
    );
    return [`${head}:${lines.length === 0 ? ' nothing' : ''}`, ...lines];
  };
  const unselected = (['ingress', 'egress'] as const).map((direction) => {
    const names = unprotected[direction];
    return `no policy for ${direction}: ${names.length === 0 ? 'none of the listed pods' : namesIn(names, ends)}`;
  });
  const lines = [
    ...hidden,
    ...linesOf('from outside', fromWorld),
    ...linesOf('to the outside', toWorld),
    ...linesOf('from pods of other namespaces', fromUnknownPods),
    ...unselected,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function namesIn(numbers: readonly number[], ends: readonly EndView[]): string {
  return endsText(viewsOf(numbers, ends), MOST_NAMED);
}

const MOST_HEADS = 12;
const MOST_NAMED = 12;

function viewsOf(numbers: readonly number[], ends: readonly EndView[]): readonly EndView[] {
  return numbers.map((number) => ends[number]);
}

function namesOf(connections: readonly ConnectionView[], side: 'from' | 'to', ends: readonly EndView[]): string {
  const numbers = [...new Set(connections.flatMap((one) => one[side]))].sort((a, b) => a - b);
  return endsText(viewsOf(numbers, ends), MOST_NAMED);
}

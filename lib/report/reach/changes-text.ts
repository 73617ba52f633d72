/** Changes of meaning, for people. What has one cause stands together. */
import { groupedBy } from '../../net/grouped';
import { printable } from '../../net/printable';
import { counted } from '../findings/words';
import { ChangesView, ChangeView, summaryOf } from './changes';
import { endsText } from './ends';

export function changesText(view: ChangesView): string {
  const kinds = [...groupedBy(view.changes, kindText)];
  const paragraphs = kinds.flatMap(([kind, same]) => [
    `${kind}:`,
    ...[...groupedBy(same, causeOf).values()].flatMap(causeLines).map((line) => `  ${line}`),
  ]);
  const lines = [...view.refusals, ...paragraphs, ...doubtLines(view), summaryOf(view)];
  return `${lines.map(printable).join('\n')}\n`;
}

/** For example `opened`, or `undecided, may open`. */
export function kindText({ is, may }: ChangeView): string {
  return is === 'undecided' && may.length === 1 ? `${is}, may ${may[0]}` : is;
}

/** An empty diff is a proof, unless there is a doubt. */
export function doubtLines({ changes, doubts }: ChangesView): readonly string[] {
  return doubts.map((doubt) => `${changes.length === 0 ? 'no proof' : 'not all'}: ${doubt}`);
}

/** What decides before and after. */
export function causeOf({ witness }: ChangeView): string {
  return witness === undefined ? '' : `${stateText(witness.before)} → ${stateText(witness.after)}`;
}

function stateText({ decision, because }: { readonly decision: string; readonly because: string }): string {
  return `${decision} (${because})`;
}

function causeLines(same: readonly ChangeView[]): readonly string[] {
  const [{ witness }] = same;
  const shown = same.slice(0, MOST_SHOWN);
  const more = same.length - shown.length;
  return [
    ...shown.map(changeLine),
    ...(more === 0 ? [] : [`and ${counted(more, 'change')} more for the same reason`]),
    ...(witness === undefined ? [] : [`  ${causeOf(same[0])}`, `  verdict ${witness.flow}`]),
  ];
}

const MOST_SHOWN = 12;
const MOST_NAMED = 6;

/** For example `shop/web → shop/db 5432/TCP`. */
export function changeLine({ from, to, traffic, asks }: ChangeView): string {
  const requests = asks === undefined ? '' : ` (requests: ${asks.before} → ${asks.after})`;
  return `${endsText(from, MOST_NAMED)} → ${endsText(to, MOST_NAMED)} ${traffic}${requests}`;
}

/** Changes of meaning, as JSON: `docs/formats/diff.schema.json`; and as Markdown for a comment of a pull request. */
import { groupedBy } from '../../net/grouped';
import { printable, safeJson } from '../../net/printable';
import { shortened } from '../../net/shortened';
import { ChangesView, ChangeView, summaryOf } from './changes';
import { causeOf, changeLine, doubtLines, kindText } from './changes-text';
import type { EndView } from './ends';
import { PassageData, passageData } from './json';
import { rangeText } from './traffic';

export interface ChangesData {
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly ChangeData[];
  /** Why nothing found is no proof; empty if it is one. */
  readonly doubts: readonly string[];
  /** Policies that are accepted on one side only. */
  readonly refusals: readonly string[];
}

export interface ChangeData {
  readonly is: string;
  /** What it does, or may do where that is not known: `open`, `close`. */
  readonly may: readonly string[];
  readonly from: readonly EndOfChange[];
  readonly to: readonly EndOfChange[];
  readonly traffic: readonly {
    readonly protocol: string;
    readonly first: number;
    readonly last: number;
    readonly text: string;
    /** Null if it is denied. */
    readonly before: PassageData | null;
    readonly after: PassageData | null;
  }[];
  readonly witness: {
    readonly flow: string;
    readonly before: { readonly decision: string; readonly because: string };
    readonly after: { readonly decision: string; readonly because: string };
  } | null;
}

export interface EndOfChange {
  readonly is: string;
  readonly name: string;
  readonly example: string;
  readonly members: readonly string[];
}

export function changesData({ changes, doubts, refusals }: ChangesView): ChangesData {
  const summary = Object.fromEntries(KINDS.map((is) => [is, changes.filter((one) => one.is === is).length]));
  return { summary, changes: changes.map(changeData), doubts, refusals };
}

const KINDS = ['opened', 'closed', 'rewritten', 'undecided'];

function changeData({ is, may, from, to, passages, witness }: ChangeView): ChangeData {
  return {
    is,
    may,
    from: from.map(endData),
    to: to.map(endData),
    traffic: passages.map(({ protocol, first, last, before, after }) => ({
      ...{ protocol, first, last, text: rangeText({ protocol, first, last }) },
      before: before === undefined ? null : passageData(before),
      after: after === undefined ? null : passageData(after),
    })),
    witness: witness ?? null,
  };
}

function endData({ is, name, example, members }: EndView): EndOfChange {
  return { is, name, example, members };
}

export function changesJson(view: ChangesView): string {
  return `${safeJson(changesData(view), 2)}\n`;
}

/** At most twenty lines are open; the rest is folded. */
export function changesMarkdown(view: ChangesView): string {
  const entries = [...groupedBy(view.changes, (one) => `${one.is} ${causeOf(one)}`).values()].flatMap((same) => same.map(bullet));
  const [open, folded] = [entries.slice(0, MOST_OPEN), entries.slice(MOST_OPEN, MOST_LINES)];
  const left = entries.length - open.length - folded.length;
  const more = [...folded, ...(left > 0 ? [`- and ${left} more, which \`cdk8s-cilium diff\` prints`] : [])];
  const notes = [...view.refusals, ...doubtLines(view)].map((text) => `- ${cell(text)}`);
  return [
    `**What this change does: ${summaryOf(view)}**`,
    '',
    ...open,
    ...(more.length === 0 ? [] : ['', `<details><summary>${entries.length - open.length} more</summary>`, '', ...more, '', '</details>']),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
  ].join('\n');
}

const MOST_OPEN = 16;
const MOST_LINES = 400;

function bullet(change: ChangeView): string {
  const { witness } = change;
  const why = witness === undefined ? '' : ` — ${cell(causeOf(change))}`;
  return `- **${kindText(change)}** ${cell(changeLine(change))}${why}`;
}

/** A stranger's text must not become markup, a mention or a link. */
function cell(text: string): string {
  return shortened(printable(text)).replace(/[\\`*_[\]<>|#&~@$!:]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Cases about meaning: a manifest, and what a change makes of it, are compared and what passes in them is printed. */
import { refusalOf } from '../../dist/net/parsed.js';
import { printable } from '../../dist/net/printable.js';
import { readSources } from '../../dist/read/read.js';
import { changesView } from '../../dist/report/reach/changes.js';
import { changesJson, changesMarkdown } from '../../dist/report/reach/changes-data.js';
import { changesText } from '../../dist/report/reach/changes-text.js';
import { reachJson } from '../../dist/report/reach/json.js';
import { reachCsv, reachDot, reachMarkdown, reachMermaid } from '../../dist/report/reach/tables.js';
import { exposureText, reachText } from '../../dist/report/reach/text.js';
import { reachView } from '../../dist/report/reach/view.js';
import { compared } from '../../dist/snapshot/changes.js';
import { openComparison, openReach } from '../../dist/snapshot/reach.js';
import { Snapshot } from '../../dist/snapshot/snapshot.js';
import { refuse, settingsOf } from './cases.mjs';
import { mutated } from './mutations.mjs';
import { unparsable, unsafeText } from './outputs.mjs';

const REACH = {
  text: (view) => reachText(view, 'from'),
  exposure: exposureText,
  json: (view) => reachJson(view, []),
  // RFC 4180 ends rows so.
  csv: (view) => reachCsv(view).replaceAll('\r\n', '\n'),
  markdown: reachMarkdown,
  dot: reachDot,
  mermaid: reachMermaid,
};
const CHANGES = { text: changesText, json: changesJson, markdown: changesMarkdown };

/** Fewer kinds of pods than users get, so that a case is as fast as others. */
const MOST_POSSIBLE = 4;

export const meaning = {
  make: (seeds, random) => {
    const before = random.pick(seeds.manifests);
    return { before, text: mutated(before, seeds.manifests, random), cilium: random.pick(['1.18', '1.19', '1.20']) };
  },
  run: ({ before, text, cilium }) => {
    const [old, now] = [before, text].map((one) => verdictsOf(one, cilium));
    if (now === undefined) {
      return;
    }
    judgeReach(now);
    judgeChanges(now, now, (view) => (view.changes.length > 0 ? 'is not empty for a manifest and itself' : undefined));
    if (old !== undefined) {
      judgeChanges(old, now, ({ changes }) =>
        changes.some(({ is, witness }) => is !== 'undecided' && witness === undefined)
          ? 'has a change without a flow that shows it'
          : undefined,
      );
    }
  },
};

function verdictsOf(text, cilium) {
  const settings = settingsOf({ cilium });
  const verdicts = new Snapshot(readSources([{ name: 'a.yaml', text }], settings), settings).verdicts();
  refuse(verdicts.ok ? undefined : unsafeText(printable(refusalOf(verdicts))), 'a refusal');
  return verdicts.ok ? verdicts.value : undefined;
}

function judgeReach(verdicts) {
  const opened = openReach(verdicts, MOST_POSSIBLE);
  if (opened.ok) {
    judgeOutputs(REACH, reachView(opened.value), 'what passes');
  }
}

function judgeChanges(before, after, wrongIn) {
  const opened = openComparison(before, after, MOST_POSSIBLE);
  if (opened.ok) {
    const view = changesView(compared(opened.value), after.inventory);
    refuse(wrongIn(view), 'a comparison');
    judgeOutputs(CHANGES, view, 'a comparison');
  }
}

function judgeOutputs(formats, view, what) {
  for (const [format, render] of Object.entries(formats)) {
    const text = render(view);
    refuse(unsafeText(text) ?? (format === 'json' ? unparsable(text) : undefined), `${what} as ${format}`);
  }
}

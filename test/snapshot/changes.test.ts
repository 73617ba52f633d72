/** Changes of meaning, against the verdicts of the specification before and after. */
import type { Minor } from '../../lib/crd/minor';
import { MINORS } from '../../lib/crd/minor';
import type { Flow, WrittenEnd } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import { expectParsed } from '../../lib/net/parsed';
import type { ChangedPassage, ChangeKind } from '../../lib/reach/compare';
import { Pairs } from '../../lib/reach/differing';
import { isUsed } from '../../lib/reach/traffic';
import { parseFlow } from '../../lib/read/flow';
import { readObjects } from '../../lib/read/read';
import { settle } from '../../lib/settings/settings';
import { compared, Comparison } from '../../lib/snapshot/changes';
import { openComparison } from '../../lib/snapshot/reach';
import { Snapshot } from '../../lib/snapshot/snapshot';
import type { Verdicts } from '../../lib/snapshot/verdicts';
import { decisionOf } from '../../lib/verdict/decision';
import { edited } from '../generate/edits';
import { tierWorldCases, WorldCase, worldCases } from '../generate/worlds';

function verdictsOver(
  objects: readonly object[],
  { config, names }: Pick<WorldCase, 'config' | 'names'>,
  cilium: Minor,
): Verdicts | undefined {
  const settings = settle([], { values: { cilium, config, names, learn: false } });
  if (!settings.ok) {
    return undefined;
  }
  const read = readObjects(
    'world',
    objects.map((value) => ({ value: value as JsonObject })),
    settings.value,
  );
  const verdicts = new Snapshot(read, settings.value).verdicts();
  return verdicts.ok ? verdicts.value : undefined;
}

/** The kinds of changes that a comparison has for a flow. */
function kindsFor(
  { changes }: Comparison,
  from: number,
  to: number,
  { protocol, port }: { readonly protocol: string; readonly port: number },
): readonly ChangeKind[] {
  return changes
    .filter((one) => one.from.includes(from) && one.to.includes(to))
    .filter(({ traffic }) =>
      traffic.some((range) => isOfConnection(range) && range.protocol === protocol && range.first <= port && port <= range.last),
    )
    .map(({ is }) => is);
}

/** Whether the connection changes, and not what a proxy asks of the requests on it. */
function isOfConnection({ before, after }: ChangedPassage): boolean {
  return before === undefined || after === undefined || before.is === 'unknown' || after.is === 'unknown';
}

/** The changes, as a text to compare. */
function textOf({ changes }: Comparison): string {
  return changes
    .map(({ is, from, to, traffic }) => JSON.stringify([is, from, to, traffic.map(({ protocol, first, last }) => [protocol, first, last])]))
    .sort()
    .join('\n');
}

interface Outcome {
  readonly compared: number;
  readonly changed: number;
  readonly wrong: readonly string[];
}

function outcomeOf(world: WorldCase, number: number, cilium: Minor): Outcome {
  const edit = edited(world.objects, number);
  const [before, after] = [world.objects, edit.objects].map((objects) => verdictsOver(objects, world, cilium));
  if (before === undefined || after === undefined) {
    return { compared: 0, changed: 0, wrong: [] };
  }
  const opened = expectParsed(openComparison(before, after, 100));
  const comparison = compared(opened);
  const { universe } = comparison;
  // Nothing is beyond the pairs that are compared.
  expect(textOf(comparison)).toEqual(textOf(compared({ ...opened, pairs: Pairs.all(universe.ends.length) })));
  if (edit.isOnlyWritten) {
    expect(comparison.changes.filter(({ is }) => is === 'opened' || is === 'closed')).toEqual([]);
  }
  const outcomes = world.flows.flatMap((written) => {
    const flow = parseFlow(written);
    const [from, to] = flow.ok ? [universe.find(flow.value.from), universe.find(flow.value.to)] : [];
    if (!flow.ok || from === undefined || to === undefined || flow.value.port >= 30_000 || !isUsed(flow.value.protocol, after.agent)) {
      return [];
    }
    const asked = {
      ...flow.value,
      http: undefined,
      dns: undefined,
      sni: undefined,
      code: undefined,
      from: universe.ends[from].written,
      to: universe.ends[to].written,
    };
    const [old, now] = [before, after].map((one) => one.verdict(asked));
    if (!old.ok || !now.ok || from === to || areAtHome(asked, before)) {
      return [];
    }
    const decisions = [old.value, now.value].map(decisionOf);
    const kinds = kindsFor(comparison, from, to, flow.value);
    const expected = expectedOf(decisions[0], decisions[1]);
    const isRight =
      expected === undefined
        ? !kinds.includes('opened') && !kinds.includes('closed')
        : kinds.includes(expected) || kinds.includes('undecided');
    return [
      {
        isChanged: expected !== undefined,
        text: isRight
          ? ''
          : JSON.stringify({ asked, decisions, kinds, number }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      },
    ];
  });
  return {
    compared: outcomes.length,
    changed: outcomes.filter(({ isChanged }) => isChanged).length,
    wrong: outcomes.flatMap(({ text }) => (text === '' ? [] : text)),
  };
}

/** Whether one end is the node of the other one, which is the entity `host` to it: nodes by name are others. */
function areAtHome({ from, to }: Pick<Flow, 'from' | 'to'>, { inventory }: Verdicts): boolean {
  const nodeOf = (end: WrittenEnd) => (end.is === 'pod' ? inventory.pods.get(end.name)?.node : undefined);
  const isOn = (pod: WrittenEnd, node: WrittenEnd) => node.is === 'node' && nodeOf(pod) === node.name;
  return isOn(from, to) || isOn(to, from);
}

function expectedOf(before: string, after: string): ChangeKind | undefined {
  if (before === after) {
    return undefined;
  }
  return before === 'unknown' || after === 'unknown' ? 'undecided' : after === 'allowed' ? 'opened' : 'closed';
}

function total(outcomes: readonly Outcome[]): Outcome {
  return {
    compared: outcomes.reduce((sum, one) => sum + one.compared, 0),
    changed: outcomes.reduce((sum, one) => sum + one.changed, 0),
    wrong: outcomes.flatMap(({ wrong }) => wrong),
  };
}

/** Some edits of each world. */
const EDITS = 3;

function outcomesOf(worlds: readonly WorldCase[], minor: Minor): Outcome {
  return total(worlds.flatMap((world, i) => Array.from({ length: EDITS }, (_, k) => outcomeOf(world, i * EDITS + k, minor))));
}

test.each(MINORS)('where a flow changes, a change says so, and where it does not, none does, in %s', (minor) => {
  const { wrong, changed, compared: count } = outcomesOf(worldCases(101, 5), minor);
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(50);
  expect(changed).toBeGreaterThan(0);
});

test('in tiers too', () => {
  const { wrong, changed } = outcomesOf(tierWorldCases(102, 5), '1.20');
  expect(wrong).toEqual([]);
  expect(changed).toBeGreaterThan(0);
});

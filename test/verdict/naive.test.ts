/** Both engines against an evaluator that looks at one rule after the other, on generated worlds. */
import { expectParsed } from '../../lib/net/parsed';
import { FastEngine } from '../../lib/reach/engine';
import { parseFlow } from '../../lib/read/flow';
import { SideAnswer, sideAnswer } from '../../lib/report/verdicts/answer';
import { tierWorldCases, WorldCase, worldCases } from '../generate/worlds';
import { NaiveSide, naiveVerdict } from '../support/naive';
import { Minor, MINORS } from '../support/vectors/minors';
import { engineOf } from '../support/world-engine';

/** A side of a flow that resolves: what the naive evaluator says, and what both engines say. */
interface Compared {
  readonly about: { readonly world: WorldCase; readonly flow: unknown; readonly direction: string };
  readonly naive: NaiveSide;
  readonly said: readonly SideAnswer[];
}

function comparedIn(world: WorldCase, minor: Minor): readonly Compared[] {
  const engine = engineOf(world, minor);
  return engine === undefined ? [] : world.flows.flatMap((flow) => comparedOn(flow, world, engine));
}

function comparedOn(written: unknown, world: WorldCase, engine: FastEngine): Compared[] {
  const flow = parseFlow(written);
  const naive = flow.ok ? naiveVerdict(flow.value, engine.resolver) : undefined;
  if (!flow.ok || naive === undefined) {
    return [];
  }
  const [slow, fast] = [engine.specification, engine].map((judge) => expectParsed(judge.verdict(flow.value)));
  return (['egress', 'ingress'] as const)
    .filter((direction) => slow[direction].decision !== 'unknown')
    .map((direction) => ({
      about: { world, flow: written, direction },
      naive: naive[direction],
      said: [slow, fast].map((verdict) => sideAnswer(verdict[direction])),
    }));
}

/** What both engines say must be what the naive evaluator says. Returns what was met. */
function expectSame(worlds: readonly WorldCase[], minor: Minor): ReadonlySet<string> {
  const met = new Set<string>();
  for (const { about, naive, said } of worlds.flatMap((world) => comparedIn(world, minor))) {
    const { decision, reason = null, redirect = null } = naive;
    // In 1.18 a deny names the allows that it displaced, which is a matter of merging.
    const policies = minor === '1.18' && reason === 'deny-rule' ? (expect.any(Array) as readonly string[]) : naive.policies;
    const expected = { decision, reason, redirect, policies };
    expect({ ...about, said }).toEqual({ ...about, said: [expected, expected] });
    met.add(`${reason} ${redirect}`);
  }
  return met;
}

test('in tiers too', () => {
  expect([...expectSame(tierWorldCases(32, 100), '1.20')]).toEqual(
    expect.arrayContaining(['rule null', 'deny-rule null', 'default-deny null']),
  );
});

test.each(MINORS)('the specification and the fast engine say what one rule after the other says, in %s', (minor) => {
  const met = expectSame(worldCases(31, 100), minor);
  const all = [
    'rule null',
    'rule http',
    'rule dns',
    'rule tls',
    'deny-rule null',
    'default-deny null',
    'not-enforced null',
    'localhost null',
  ];
  expect([...met]).toEqual(expect.arrayContaining(all));
});

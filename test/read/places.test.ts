/** Where things are in texts, and how often a text is parsed for it. */
import { applyFixes } from '../../lib/checks/apply-fixes';
import { checkSources } from '../../lib/checks/check-texts';
import { Bounded } from '../../lib/net/bounded';
import { parseFlow } from '../../lib/read/flow';
import { readSources } from '../../lib/read/read';
import { parseYaml } from '../../lib/read/yaml/parse';
import { RENDERERS } from '../../lib/report/findings/renderers';
import { reportOf } from '../../lib/report/findings/summary';
import { explainedAnswer } from '../../lib/report/verdicts/explained';
import { verdictText } from '../../lib/report/verdicts/text';
import { Snapshot } from '../../lib/snapshot/snapshot';
import { settingsOf } from '../support/settings';

jest.mock('../../lib/read/yaml/parse', () => {
  const actual = jest.requireActual<typeof import('../../lib/read/yaml/parse')>('../../lib/read/yaml/parse');
  return { ...actual, parseYaml: jest.fn(actual.parseYaml) };
});

const parsed = jest.mocked(parseYaml);

beforeEach(() => parsed.mockClear());

const policy = (name: string, rules: string) =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  endpointSelector: {}\n  ingress:\n${rules}`;

describe('no document is parsed a third time', () => {
  const many = Array.from({ length: 200 }, (_, i) => i);

  test('by a check with findings, suppressions and fixes, in any format', () => {
    const bad = (i: number) => policy(`p${i}`, '    # cilium-check: allow CIL213 -- not yet\n    - toPorts: [{ ports: [{ port: 80 }] }]\n');
    const run = checkSources([{ name: 'all.yaml', text: many.map(bad).join('---\n') }], settingsOf());
    expect(run.diagnostics).toHaveLength(400);
    for (const renderer of Object.values(RENDERERS)) {
      renderer()(reportOf(run, '1'), { color: false });
    }
    expect(parsed.mock.calls.length).toBe(400);
    // The text after a fix is another text.
    expect(applyFixes(run.fixes, run.read.problems)).toHaveLength(1);
    expect(parsed.mock.calls.length).toBe(600);
  });

  test.each([
    ['one policy', [policy('p', many.map((i) => `    - fromEndpoints: [{ matchLabels: { app: a${i} } }]\n`).join(''))]],
    ['as many policies', many.map((i) => policy(`p${i}`, `    - fromEndpoints: [{ matchLabels: { app: a${i} } }]\n`))],
    ['as many policies of 5 kB', many.map((i) => policy(`p${i}`, `    # ${'-'.repeat(5_000)}\n    - fromEndpoints: [{}]\n`))],
  ])('by the explanation of 200 rules of %s', (_, texts) => {
    const settings = settingsOf();
    const verdicts = new Snapshot(readSources([{ name: 'all.yaml', text: texts.join('---\n') }], settings), settings).verdicts();
    const flow = parseFlow({ from: 'labels:app=b@shop', to: 'labels:app=c@shop', port: 80 });
    const explanation = verdicts.ok && flow.ok && verdicts.value.explain(flow.value);
    if (!flow.ok || explanation === false || !explanation.ok) {
      throw new Error('the flow cannot be judged');
    }
    expect(explainedAnswer(explanation.value).explanation[0].ingress?.isolating).toHaveLength(200);
    verdictText(flow.value, explanation.value, true);
    expect(parsed.mock.calls.length).toBe(2 * texts.length);
  });
});

describe('what is kept', () => {
  test('is what was used last, up to a total weight', () => {
    const kept = new Bounded<string, number>(3);
    ['a', 'b', 'c'].forEach((key, i) => kept.set(key, i, 1));
    kept.get('a');
    kept.set('d', 3, 1);
    expect(['a', 'b', 'c', 'd'].map((key) => kept.get(key))).toEqual([0, undefined, 2, 3]);
  });

  test('is always the last, however heavy, and nothing beside it then', () => {
    const kept = new Bounded<string, number>(3);
    kept.set('a', 0, 1);
    kept.set('b', 1, 9);
    expect([kept.get('a'), kept.get('b')]).toEqual([undefined, 1]);
    kept.set('c', 2, 3);
    expect([kept.get('b'), kept.get('c')]).toEqual([undefined, 2]);
  });

  test('weighs what it weighed last, and nothing once it is removed', () => {
    const kept = new Bounded<string, number>(3);
    kept.set('a', 0, 3);
    kept.set('a', 1, 1);
    kept.set('b', 2, 2);
    expect([kept.get('a'), kept.get('b')]).toEqual([1, 2]);
    kept.remove('a');
    kept.set('c', 3, 1);
    expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([undefined, 2, 3]);
  });
});

/** Every input gives a result or a clear error, and nothing hangs. */
import fc from 'fast-check';
import { checkObjects, checkSources } from '../../lib/checks/check-texts';
import type { JsonObject } from '../../lib/model/json';
import { parseYaml } from '../../lib/read/yaml/parse';
import { viewOf } from '../../lib/report/findings/view';
import { settingsOf } from '../support/settings';
import { readSet } from '../support/vectors/store';

const texts = readSet('texts').map(({ question }) => question);

/** Pieces that break parsers. */
const SHARDS = [
  '\t',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '- ',
  '? ',
  ': ',
  '"',
  "'",
  '|\n',
  '>-\n',
  '\n',
  '!!str ',
  '\\',
  '<<: ',
  '%',
  '---\n',
  '...\n',
  '\u0000',
  '\ud800',
  '\ufeff',
  '#',
  '${',
  '{{',
  '}}',
  '\u2028',
  '__proto__: ',
];

/** A text with pieces removed, inserted and moved. */
const broken = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.constantFrom('', ...SHARDS)), { minLength: 1, maxLength: 6 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce((cut, [at, length, shard]) => {
      const place = at % (cut.length + 1);
      return `${cut.slice(0, place)}${shard}${cut.slice(place + (shard === '' ? length : 0))}`;
    }, text),
  );

test('every broken text is read, or rejected with a place and a message', () => {
  fc.assert(
    fc.property(broken, (text) => {
      const { read, diagnostics } = checkSources([{ name: 'a.yaml', text }], settingsOf());
      const views = diagnostics.map(viewOf);
      expect(views.filter(({ code }) => code === 'CIL909')).toEqual([]);
      expect(views.every(({ line, column, message }) => line! > 0 && column! > 0 && message !== '')).toBe(true);
      expect(read.unchecked <= read.documents).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

const MILLION = 1_000_000;

test.each<[string, string]>([
  ['brackets that open', '['.repeat(MILLION)],
  ['mappings that open', '{a: '.repeat(MILLION / 4)],
  ['anchors', '&a '.repeat(MILLION / 3)],
  ['question marks', '? '.repeat(MILLION / 2)],
  ['hyphens', '- '.repeat(MILLION / 2)],
  ['lines that are indented too little', `a: [${'\n1,'.repeat(MILLION / 3)}\n]`],
  ['keys without a value', `{${'? a, '.repeat(MILLION / 5)}}`],
  ['one key', 'a:\n'.repeat(MILLION / 3)],
  ['escapes', `a: "${'\\u0041'.repeat(MILLION / 6)}"`],
  ['one alias', `x: &x [1]\ny: [${'*x, '.repeat(MILLION / 4)}]`],
  ['separators', '---\n'.repeat(MILLION / 4)],
  ['small documents', 'a: 1\n---\n'.repeat(MILLION / 20)],
  ['templates', '{{ a }}\n'.repeat(MILLION / 8)],
  ['placeholders that open', '${'.repeat(MILLION / 2)],
  ['tags', '!a '.repeat(MILLION / 3)],
  ['a long key', `? ${'k'.repeat(MILLION)}\n: 1`],
  ['comments of suppressions', '# cilium-check: allow CIL201 -- no\n'.repeat(MILLION / 100)],
])('%s, a million characters of them, are read to the end', (_, text) => {
  const { diagnostics } = checkSources([{ name: 'a.yaml', text }], settingsOf());
  expect(diagnostics.filter(({ code }) => code === 'CIL909')).toEqual([]);
});

test.each<[string, string]>([
  ['comments', '#\n'.repeat(8 * MILLION)],
  ['empty lines', '\n'.repeat(16 * MILLION)],
  ['empty lines before an indented separator', `${'\n'.repeat(16 * MILLION)} ---\n`],
  ['tags', '!a\n'.repeat(5 * MILLION)],
  ['base64', `!!binary ${'aaaa'.repeat(4 * MILLION)}`],
  ['escapes', `a: "\n${'\\n'.repeat(8 * MILLION)}"`],
  ['quotes in quotes', `'${"''".repeat(8 * MILLION)}' x: [`],
])('%s in 16 million characters do not fill the stack of a regular expression', (_, text) => {
  expect(() => parseYaml(`${text}a: 1`)).not.toThrow();
});

test('aliases that expand to gigabytes are rejected', () => {
  const lines = Array.from({ length: 30 }, (_, i) => `a${i}: &x${i} [${i === 0 ? '1' : `*x${i - 1}, *x${i - 1}`}]`);
  expect(
    checkSources([{ name: 'a.yaml', text: `kind: CiliumNetworkPolicy\n${lines.join('\n')}` }], settingsOf()).diagnostics.map(
      ({ code }) => code,
    ),
  ).toEqual(['CIL008']);
});

test.each<[string, string]>([
  ['of one text', `a: &x ${'v'.repeat(40_000)}\nb: [${'*x, '.repeat(1_000)}]`],
  ['of one key', `a: &x {${'k'.repeat(1_000)}: 1}\nb: [${'*x, '.repeat(40_000)}]`],
])('aliases %s that repeat more than 32 million characters are rejected', (_, text) => {
  const { diagnostics } = checkSources([{ name: 'a.yaml', text: `kind: CiliumNetworkPolicy\n${text}` }], settingsOf());
  expect(diagnostics.map(({ code }) => code)).toEqual(['CIL008']);
});

test.each<[string, string]>([
  ['matchName', `${'a-'.repeat(50_000)}!`],
  ['matchPattern', `${'a.'.repeat(50_000)}!`],
])('a hostile %s does not hang the patterns of the CRDs', (field, text) => {
  const spec = { endpointSelector: {}, egress: [{ toFQDNs: [{ [field]: text }] }] };
  const value = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'a' }, spec };
  expect(checkObjects('test', [{ value }], settingsOf()).diagnostics.map(({ code }) => code)).toContain('CIL105');
});

test('an internal error is a finding, and the other policies are checked', () => {
  const policy = (name: string, spec: object) => ({
    value: { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name }, spec: spec as JsonObject },
  });
  const hostile = policy('one', {});
  Object.defineProperty(hostile.value.spec, 'endpointSelector', { enumerable: true, get: () => { throw new Error('no'); } }); // prettier-ignore
  const { diagnostics } = checkObjects('test', [hostile, policy('two', { endpointSelector: {}, ingress: [] })], settingsOf());
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['CIL909', 'the check of CiliumNetworkPolicy `one` failed: no'],
    // Policies are looked at together, too. It is said once, and not by each check that does so.
    ['CIL909', 'the check CIL402 failed: no'],
    ['CIL202', 'the policy has no rule, so the agent rejects it'],
  ]);
});

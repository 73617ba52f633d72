/** Settings from several layers. */
import { CODES } from '../../lib/checks/registry';
import { oneMinor, settle } from '../../lib/settings/settings';

const settled = (...layers: object[]) => settle(CODES, ...layers.map((values) => ({ values })));

test('without a layer, everything has its default', () => {
  expect(settled()).toEqual({
    ok: true,
    value: {
      ...{
        minors: ['1.20'],
        configs: { '1.18': {}, '1.19': {}, '1.20': {} },
        configProblems: [],
        namespace: 'default',
        isNamespaceGiven: false,
        variables: undefined,
        inventory: [],
        names: {},
      },
      ...{
        select: undefined,
        ignore: [],
        learn: true,
        maxWarnings: Infinity,
        suppressions: true,
        embedded: false,
        exclude: [],
        file: undefined,
        found: [],
      },
    },
  });
});

test('for each setting the last layer that has it takes precedence, and an undefined value is ignored', () => {
  expect(settled({ cilium: '1.18', namespace: 'a' }, { cilium: '1.19', namespace: undefined })).toMatchObject({
    ok: true,
    value: { minors: ['1.19'], namespace: 'a' },
  });
});

test.each([
  ['1.19', ['1.19']],
  ['v1.20.2', ['1.20']],
  [1.2, ['1.20']],
  ['1.18..1.20', ['1.18', '1.19', '1.20']],
  [
    ['1.19', '1.20'],
    ['1.19', '1.20'],
  ],
])('cilium may be %j', (cilium, minors) => {
  expect(settled({ cilium })).toMatchObject({ ok: true, value: { minors } });
});

const CODE_HELP = 'write a code such as `CIL201`, or a prefix with a digit such as `CIL2`';

test.each<[object, string, string | undefined]>([
  [{ cilium: '1.17' }, 'unknown Cilium minor `1.17`', 'write one of 1.18, 1.19, 1.20, or a range such as `1.18..1.20`'],
  [{ cilium: 1.199 }, 'unknown Cilium minor `1.199`', 'write one of 1.18, 1.19, 1.20, or a range such as `1.18..1.20`'],
  [{ cilium: 120 }, 'unknown Cilium minor `120`', 'write one of 1.18, 1.19, 1.20, or a range such as `1.18..1.20`'],
  [{ cilium: '1.20..1.19' }, 'the range `1.20..1.19` is not an upgrade', 'write the older minor first'],
  [{ cilium: '1.19..' }, 'unknown Cilium minor `1.19..`', 'write one of 1.18, 1.19, 1.20, or a range such as `1.18..1.20`'],
  [
    { cilium: '1.18..1.19..1.20' },
    'unknown Cilium minor `1.18..1.19..1.20`',
    'write one of 1.18, 1.19, 1.20, or a range such as `1.18..1.20`',
  ],
  [{ config: 'x' }, '`config` must be a mapping of keys of `cilium-config` to values', undefined],
  [{ config: { a: [] } }, 'the value of `a` in `config` is not a string, a boolean or a number', undefined],
  [{ namespace: 1 }, '`namespace` must be a string', 'write it in quotes'],
  [{ inventory: [1] }, '`inventory` must be a string or a list of strings', undefined],
  [{ names: [] }, '`names` must be a mapping of names to addresses', undefined],
  [{ names: { 'a.example': '192.0.2.1' } }, '`names` must have a list of addresses for `a.example`', undefined],
  [{ select: [1] }, '`select` must be a string or a list of strings', undefined],
  [{ select: ['CIL2', 'CIL777'] }, 'unknown check `CIL777` in `select`', CODE_HELP],
  [{ ignore: 'CIL777' }, 'unknown check `CIL777` in `ignore`', CODE_HELP],
  // Each of these is the beginning of every code, or of none.
  ...['', 'C', 'cil', 'CIL', ' CIL201', 'CIL201 ', '201', 'CIL*', 'CIL2010'].flatMap((code): [object, string, string][] => [
    [{ select: [code] }, `unknown check \`${code}\` in \`select\``, CODE_HELP],
    [{ ignore: ['CIL010', code] }, `unknown check \`${code}\` in \`ignore\``, CODE_HELP],
  ]),
  [{ select: null }, '`select` must be a string or a list of strings', undefined],
  [{ ignore: null }, '`ignore` must be a string or a list of strings', undefined],
  [{ ignore: [null] }, '`ignore` must be a string or a list of strings', undefined],
  [{ ignore: {} }, '`ignore` must be a string or a list of strings', undefined],
  ...['CIL9', 'cil90', 'CIL902', 'CIL909'].map((code): [object, string, string] => [
    { ignore: code },
    `the check \`${code}\` cannot be ignored`,
    'checks from CIL900 on tell what the run itself did not do',
  ]),
  ...['', 'A B', 'Shop', '-a', 'a'.repeat(64)].map((namespace): [object, string, string] => [
    { namespace },
    `the namespace \`${namespace}\` is not a valid name`,
    'write 1–63 lower-case letters, digits and hyphens, for example `shop`',
  ]),
  [{ suppressions: 'no' }, '`suppressions` must be true or false', undefined],
  [{ maxWarnings: '1' }, '`maxWarnings` must be a number', undefined],
])('%j is rejected', (values, problem, help) => {
  expect(settled(values)).toEqual({ ok: false, problem, help });
});

test('an error about a value in a file has its place, and does not quote it', () => {
  const file = (values: object) => ({ file: 'a.yaml', placeOf: (name: string) => `a.yaml:3:1 (${name})`, values });
  expect(settle(CODES, file({ cilium: '1.17' }), { values: { namespace: 'x' } })).toMatchObject({
    problem: 'a.yaml:3:1 (cilium): unknown Cilium minor',
  });
  expect(settle(CODES, file({ cilium: '1.17' }), { values: { cilium: '1.18' } })).toMatchObject({ ok: true });
});

test('a verdict needs exactly one minor', () => {
  const settings = settled({ cilium: '1.19..1.20' });
  expect(settings.ok && oneMinor(settings.value)).toEqual({
    ok: false,
    problem: 'a verdict needs exactly one minor',
    help: 'write one minor, for example `1.20`',
  });
});

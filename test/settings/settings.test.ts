/** Layers of settings → one checked value. */
import { CODES } from '../../lib/checks/registry';
import { oneMinor, settle } from '../../lib/settings/settings';

const settled = (...layers: object[]) => settle(CODES, ...layers.map((values) => ({ values })));

test('without a layer, everything has its default', () => {
  expect(settled()).toEqual({
    ok: true,
    value: {
      ...{ minors: ['1.20'], config: {}, namespace: 'default', inventory: [], names: {} },
      ...{ select: undefined, ignore: [], maxWarnings: Infinity },
    },
  });
});

test('of each setting the last layer that has it wins, and what is undefined says nothing', () => {
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

test.each<[object, string, string | undefined]>([
  [{ cilium: '1.17' }, 'unknown Cilium `1.17`', 'known are 1.18, 1.19, 1.20, and two of them with `..` between'],
  [{ cilium: '1.20..1.19' }, '`1.20..1.19` is not an upgrade', 'write the older minor first'],
  [{ cilium: '1.19..' }, 'unknown Cilium `1.19..`', 'known are 1.18, 1.19, 1.20, and two of them with `..` between'],
  [{ cilium: '1.18..1.19..1.20' }, 'unknown Cilium `1.18..1.19..1.20`', 'known are 1.18, 1.19, 1.20, and two of them with `..` between'],
  [{ config: 'x' }, 'the keys of cilium-config are not a mapping', undefined],
  [{ config: { a: [] } }, '`a` is not a string, a boolean or a number', undefined],
  [{ namespace: 1 }, '`namespace` is not a string', 'write it in quotes'],
  [{ inventory: [1] }, '`inventory` is not a string and not a list of strings', undefined],
  [{ names: [] }, '`names` must be a mapping of names to addresses', undefined],
  [{ names: { 'a.example': '192.0.2.1' } }, '`names` has no list of addresses for `a.example`', undefined],
  [{ select: [1] }, '`select` is not a string and not a list of strings', undefined],
  [{ select: ['CIL2', 'CIL777'] }, 'there is no check `CIL777`', 'write a code such as `CIL201`, or a prefix such as `CIL2`'],
  [{ ignore: 'CIL777' }, 'there is no check `CIL777`', 'write a code such as `CIL201`, or a prefix such as `CIL2`'],
  [{ maxWarnings: '1' }, '`maxWarnings` is not a number', undefined],
])('%j is rejected', (values, problem, help) => {
  expect(settled(values)).toEqual({ ok: false, problem, help });
});

test('an error names the file that the value comes from', () => {
  expect(settle(CODES, { file: 'a.yaml', values: { cilium: '1.17' } }, { values: { namespace: 'x' } })).toMatchObject({
    problem: 'a.yaml: unknown Cilium `1.17`',
  });
  expect(settle(CODES, { file: 'a.yaml', values: { cilium: '1.17' } }, { values: { cilium: '1.18' } })).toMatchObject({ ok: true });
});

test('a verdict is for one minor', () => {
  const settings = settled({ cilium: '1.19..1.20' });
  expect(settings.ok && oneMinor(settings.value)).toEqual({
    ok: false,
    problem: 'a verdict is for one minor',
    help: 'write one such as `1.20`',
  });
});

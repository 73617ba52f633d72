import { parseOptions } from '../../lib/checks/options';
import { parseConfig } from '../../lib/read/config';
import { parseSettings } from '../../lib/read/settings';

test('a settings file has a minor, a cilium-config, paths, a namespace and codes', () => {
  const text = 'cilium: 1.20\nconfig: {enable-l7-proxy: false}\ninventory: cluster.yaml\nnamespace: shop\nselect: [CIL1]\nignore: CIL103\n';
  expect(parseSettings(text, '/project')).toEqual({
    ok: true,
    value: {
      cilium: '1.20',
      config: { 'enable-l7-proxy': 'false' },
      inventory: ['/project/cluster.yaml'],
      namespace: 'shop',
      select: ['CIL1'],
      ignore: ['CIL103'],
    },
  });
});

test('an empty settings file says nothing', () => {
  expect(parseSettings('# later\n', '/')).toEqual({ ok: true, value: {} });
});

test.each([
  ['ciliun: 1.20\n', 'unknown setting `ciliun`', 'did you mean `cilium`?'],
  ['- a\n', 'the text is no mapping', undefined],
  ['a: [\n', 'the text is no YAML: unexpected end of the stream within a flow collection', undefined],
  ['config: nowhere.yaml\n', 'there is no file `nowhere.yaml`', 'it is looked for beside the settings file'],
  ['config: [1]\n', '`config` is no file and no mapping', undefined],
  ['select: [1]\n', '`select` is no text and no list of texts', undefined],
  ['namespace: 1\n', '`namespace` is no text', 'write it in quotes'],
])('%j is refused', (text, problem, help) => {
  expect(parseSettings(text, '/nowhere')).toEqual({ ok: false, problem, help });
});

test.each([
  [
    'a ConfigMap',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  enable-l7-proxy: "false"\n  debug: ""\n',
    { 'enable-l7-proxy': 'false', debug: '' },
  ],
  [
    'plain keys',
    'enable-l7-proxy: false\npolicy-cidr-match-mode: nodes\n',
    { 'enable-l7-proxy': 'false', 'policy-cidr-match-mode': 'nodes' },
  ],
])('cilium-config can be %s', (_, text, value) => {
  expect(parseConfig(text)).toEqual({ ok: true, value });
});

test.each([
  ['1.19', '1.19'],
  ['v1.20.2', '1.20'],
  ['1.18..1.20', ['1.18', '1.20']],
])('--cilium takes %s', (cilium, expected) => {
  expect(parseOptions({ cilium })).toMatchObject({ ok: true, value: { cilium: expected } });
});

test.each([
  ['1.17', 'unknown Cilium `1.17`'],
  ['1.20..1.19', '`1.20..1.19` is no upgrade'],
  ['1.19..', 'unknown Cilium `1.19..`'],
  ['1.18..1.19..1.20', 'unknown Cilium `1.18..1.19..1.20`'],
])('--cilium does not take %s', (cilium, problem) => {
  expect(parseOptions({ cilium })).toMatchObject({ ok: false, problem });
});

test('a code that no check has is no selection', () => {
  expect(parseOptions({ select: ['CIL2', 'CIL777'] })).toMatchObject({ ok: false, problem: 'there is no check `CIL777`' });
});

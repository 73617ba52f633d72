import { parseConfig } from '../../lib/read/config';
import { parseSettings } from '../../lib/settings/file';

test('a settings file has a minor, a cilium-config, paths, a namespace and codes', () => {
  const text = 'cilium: 1.20\nconfig: {enable-l7-proxy: false}\ninventory: cluster.yaml\nnamespace: shop\nselect: [CIL1]\nignore: CIL103\n';
  expect(parseSettings(text, '/project')).toEqual({
    ok: true,
    value: {
      cilium: 1.2,
      config: { 'enable-l7-proxy': false },
      inventory: '/project/cluster.yaml',
      namespace: 'shop',
      select: ['CIL1'],
      ignore: 'CIL103',
    },
  });
});

test('an absolute path in a settings file stays as it is', () => {
  expect(parseSettings('inventory: [/cluster/a.yaml, b.yaml]\n', '/project')).toEqual({
    ok: true,
    value: { inventory: ['/cluster/a.yaml', '/project/b.yaml'] },
  });
});

test('an empty settings file has no settings', () => {
  expect(parseSettings('# later\n', '/')).toEqual({ ok: true, value: {} });
});

test.each([
  ['ciliun: 1.20\n', 'unknown setting `ciliun`', 'did you mean `cilium`?'],
  ['- a\n', 'the document is not a mapping', undefined],
  ['a: [\n', 'not valid YAML: unexpected end of the stream within a flow collection', undefined],
  ['config: nowhere.yaml\n', 'no such file `nowhere.yaml`', 'the path is relative to the settings file'],
  ['config: /\n', '`/` cannot be read', 'the path is relative to the settings file'],
])('%j is rejected', (text, problem, help) => {
  expect(parseSettings(text, '/nowhere')).toEqual({ ok: false, problem, help });
});

test.each([
  [
    'a ConfigMap',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  enable-l7-proxy: "false"\n  debug: ""\n',
    { 'enable-l7-proxy': 'false', debug: '' },
  ],
  [
    'a mapping of keys',
    'enable-l7-proxy: false\npolicy-cidr-match-mode: nodes\n',
    { 'enable-l7-proxy': 'false', 'policy-cidr-match-mode': 'nodes' },
  ],
])('cilium-config can be %s', (_, text, value) => {
  expect(parseConfig(text)).toEqual({ ok: true, value });
});

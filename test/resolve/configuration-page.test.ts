/** The table of keys in docs/concepts/configuration.md: complete, and with the defaults that are used. */
import { readFileSync } from 'node:fs';
import { MINORS, Minor } from '../../lib/crd/minor';
import { optionsOf } from '../../lib/crd/options';
import { AgentConfig, SWITCHES } from '../../lib/model/config';
import { scopeOf } from '../../lib/model/scope';
import { expectParsed } from '../../lib/net/parsed';
import { agentOf, JUDGED_KEYS, switchedOffBy } from '../../lib/resolve/agent';
import { UNJUDGED_KEYS } from '../../lib/settings/unjudged';

const page = readFileSync('docs/concepts/configuration.md', 'utf8');
const part = (title: string) => page.split(`\n## ${title}\n`)[1].split('\n## ')[0];
const rows = [...part('Keys that change an answer').matchAll(/^\| `([a-z0-9-]+)` +\| ([^|]+?) +\|/gm)].map(([, key, text]) => ({
  key,
  text,
}));

/** The default of a minor: `true; false in 1.18` has two, `empty` is an empty text, and `not in` names the minors without the key. */
function defaultIn(minor: Minor, text: string): string | undefined {
  const [general, other] = text.split('; ');
  const value = (words: string) => (words === 'empty' ? '' : /`([^`]*)`/.exec(words)![1]);
  if (other?.includes(minor)) {
    return other.startsWith('not in') ? undefined : value(other);
  }
  return value(general);
}

const helm = JSON.parse(readFileSync('test/vectors/helm.json', 'utf8')) as { readonly base: Readonly<Record<Minor, AgentConfig>> };

const readings = (minor: Minor, config: AgentConfig) => {
  const agent = expectParsed(agentOf(minor, config));
  const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'].map((kind) => switchedOffBy(kind, agent));
  const { keepsLabel, keepsNodeLabel, ...rest } = agent;
  const kept = ['app', 'pod-template-hash', 'kubernetes.io/hostname'].map((key) => [keepsLabel('k8s', key), keepsNodeLabel('k8s', key)]);
  return { ...rest, config: undefined, kinds, kept, scope: scopeOf('shop', minor, config) };
};

test('the table has every key that is judged, in order', () => {
  expect(rows.map(({ key }) => key)).toEqual([...JUDGED_KEYS].sort());
});

test.each(rows)('the table says which minors have no `$key`', ({ key, text }) => {
  expect(MINORS.map((minor) => defaultIn(minor, text) !== undefined)).toEqual(MINORS.map((minor) => optionsOf(minor).has(key)));
});

test.each(rows)('the default of `$key` is that of the chart, and it is the one that an absent key has', ({ key, text }) => {
  for (const minor of MINORS) {
    const value = defaultIn(minor, text);
    if (value !== undefined) {
      expect(readings(minor, { [key]: value })).toEqual(readings(minor, {}));
      expect(helm.base[minor][key] ?? value).toBe(value);
    }
  }
});

/** Switches that the agent does not read: those of what is accepted, and of objects that are not judged. */
const ELSEWHERE = [
  'enable-envoy-config',
  'enable-icmp-rules',
  'enable-k8s-cluster-network-policy',
  'enable-l7-proxy',
  'enable-local-redirect-policy',
];

test.each(rows.filter(({ key }) => SWITCHES.includes(key) && !ELSEWHERE.includes(key)))(
  'the other value of `$key` is another agent',
  ({ key, text }) => {
    const minor = '1.20';
    const other = defaultIn(minor, text) === 'true' ? 'false' : 'true';
    expect(readings(minor, { [key]: other })).not.toEqual(readings(minor, {}));
  },
);

test('the page has every key that is not judged', () => {
  const named = [...part('Warnings').matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, key]) => key),
  );
  expect(named.sort()).toEqual([...UNJUDGED_KEYS].sort());
});

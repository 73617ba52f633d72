/** `cilium-config` of the settings: switches, names that no minor knows, and values of the chart. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Minor, MINORS } from '../../lib/crd/minor';
import { chartValuesOf, optionsOf } from '../../lib/crd/options';
import { AgentConfig, SWITCHES } from '../../lib/model/config';
import { expectParsed, refusalOf } from '../../lib/net/parsed';
import { parseConfig } from '../../lib/read/config';
import { configProblemText } from '../../lib/report/verdicts/warnings';
import { JUDGED_KEYS } from '../../lib/resolve/agent';
import { parseSettings } from '../../lib/settings/file';
import { settle } from '../../lib/settings/settings';
import { UNJUDGED_KEYS } from '../../lib/settings/unjudged';
import { MOST_UNKNOWN } from '../../lib/settings/unknown-names';

const settled = (config: unknown, cilium: unknown = '1.20') => settle([], { values: { config, cilium } });
const problems = (config: unknown, cilium?: unknown) => expectParsed(settled(config, cilium)).configProblems.map(configProblemText);
const inFile = (text: string, cilium?: unknown) => problems(expectParsed(parseConfig('c.yaml', text)), cilium);
const keysOf = (config: unknown, minor: Minor = '1.20'): AgentConfig => expectParsed(settled(config, minor)).configs[minor];

test.each(MINORS)('Cilium %s has several hundred options, each in the spelling of a key', (minor) => {
  expect(optionsOf(minor).size).toBeGreaterThan(500);
  expect([...optionsOf(minor)].filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect([...chartValuesOf(minor)].filter((name) => !/^[A-Za-z0-9]+$/.test(name))).toEqual([]);
  // Options that the pages leave out, and keys that only the chart writes.
  expect(
    ['enable-icmp-rules', 'enable-k8s-networkpolicy', 'clean-cilium-state', 'enable-policy'].filter((key) => !optionsOf(minor).has(key)),
  ).toEqual([]);
});

test('every key that is judged is an option of every minor, but for those of later ones', () => {
  const lacking = (minor: Minor) => [...JUDGED_KEYS, ...UNJUDGED_KEYS].filter((key) => !optionsOf(minor).has(key));
  expect(lacking('1.18')).toEqual([
    'enable-k8s-cluster-network-policy',
    'enable-extended-ip-protocols',
    ...['enable-encryption-strict-mode-egress', 'enable-encryption-strict-mode-ingress', 'enable-ztunnel'],
    ...['proxy-use-original-source-address', 'enable-remote-node-masquerade'],
  ]);
  expect(lacking('1.19')).toEqual(['enable-k8s-cluster-network-policy', 'enable-node-port', 'enable-external-ips', 'enable-host-port']);
  expect(lacking('1.20')).toEqual(['enable-encryption-strict-mode', 'enable-node-port', 'enable-external-ips', 'enable-host-port']);
});

test('every switch is judged', () => {
  expect(SWITCHES.filter((key) => !JUDGED_KEYS.includes(key))).toEqual([]);
});

test.each([
  [{ 'enable-polcy': 'always' }, '1.20', ['Cilium 1.20 has no key `enable-polcy` of `cilium-config`; did you mean `enable-policy`?']],
  [{ 'Enable-Policy': 'always' }, '1.20', ['Cilium 1.20 has no key `Enable-Policy` of `cilium-config`; did you mean `enable-policy`?']],
  [{ nonsense: 'x' }, '1.20', ['Cilium 1.20 has no key `nonsense` of `cilium-config`']],
  [{ 'enable-node-port': 'false' }, '1.20', ['Cilium 1.20 has no key `enable-node-port` of `cilium-config`; 1.18 has it']],
  [{ 'enable-ztunnel': 'false' }, '1.18..1.19', ['Cilium 1.18 has no key `enable-ztunnel` of `cilium-config`; 1.19 and 1.20 have it']],
  [{ nonsense: 'x' }, '1.18..1.20', ['Cilium 1.18, 1.19 and 1.20 have no key `nonsense` of `cilium-config`']],
  [{ 'mesh-auth-enabled': 'false', 'bpf-lb-sock': 'false' }, '1.20', []],
  [{ 'static-cnp-path': '/policies' }, '1.20', ['not judged: the key `static-cnp-path` of `cilium-config`, which changes answers']],
  [{ 'static-cnp-path': '' }, '1.20', []],
  [{ 'enable-node-port': 'true' }, '1.18', ['not judged: the key `enable-node-port` of `cilium-config`, which changes answers']],
  [{ 'enable-node-port': 'true', 'kube-proxy-replacement': 'true' }, '1.18', []],
  [{ 'proxy-use-original-source-address': 'true' }, '1.20', []],
])('of the keys %j of Cilium %s a user is told %j', (config, cilium, told) => {
  expect(problems(config, cilium)).toEqual(told);
});

test('a name in a file has its place, and is quoted only if it is one of Cilium', () => {
  expect(inFile('kind: ConfigMap\ndata:\n  s3cret-key: s3cret\n  enable-policy-: x\n  enable-node-port: "false"\n')).toEqual([
    'c.yaml:3:3: Cilium 1.20 has no such key of `cilium-config`',
    'c.yaml:4:3: Cilium 1.20 has no such key of `cilium-config`; did you mean `enable-policy`?',
    'c.yaml:5:3: Cilium 1.20 has no key `enable-node-port` of `cilium-config`; 1.18 has it',
  ]);
  expect(inFile('hostFirewal: {enabled: true}\nextraConfig: {s3cret-key: x}\n')).toEqual([
    'c.yaml:1:1: Cilium 1.20 has no such value of the chart; did you mean `hostFirewall`?',
    'c.yaml:2:15: Cilium 1.20 has no such key of `cilium-config`',
  ]);
  const layer = expectParsed(parseSettings('config: {s3cret-key: x}\n', 'settings.yaml'));
  expect(expectParsed(settle([], layer)).configProblems.map(configProblemText)).toEqual([
    'settings.yaml:1:1: Cilium 1.20 has no such key of `cilium-config`',
  ]);
});

test('of ten thousand unknown names the first are told, within seconds', () => {
  const config = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`enable-policies-of-everybody-${i}`, 'x']));
  const start = performance.now();
  const told = problems(config);
  const values = problems({ hostFirewall: {}, ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`hostFirewalls${i}`, {}])) });
  expect(performance.now() - start).toBeLessThan(30_000);
  expect(told).toHaveLength(MOST_UNKNOWN);
  expect(told[MOST_UNKNOWN - 1]).toMatch(/, and 9990 more names like it$/);
  expect(values.length).toBeLessThanOrEqual(MOST_UNKNOWN);
});

test.each(SWITCHES)('the agent does not start if `%s` is no boolean', (key) => {
  ['true', 'T', '0', false, 1, ' true\n'].forEach((value) => expect(settled({ [key]: value })).toMatchObject({ ok: true }));
  ['yes', 'on', '', null, 'enabled'].forEach((value) => expect(settled({ [key]: value })).toMatchObject({ ok: false }));
});

test('a switch that is no boolean is told with its place, or with its value', () => {
  expect(settled({ 'enable-ipv6': 'yes' })).toMatchObject({
    ...{
      problem: '`enable-ipv6` is neither true nor false, but `yes`, and the agent does not start with it',
      help: 'write `true` or `false`',
    },
  });
  expect(settled(expectParsed(parseConfig('c.yaml', 'debug: x\nenable-ipv6: s3cret\n')))).toMatchObject({
    problem: 'c.yaml:2:1: `enable-ipv6` is neither true nor false, and the agent does not start with it',
  });
});

test.each([
  [{ 'enable-policy': 'Always', 'routing-mode': 'native' }, undefined],
  [{ 'enable-policy': 'sometimes' }, 'unknown enable-policy `sometimes`; write `default`, `always` or `never`'],
  [{ 'routing-mode': 'hybrid' }, 'unknown routing-mode `hybrid`; write `native` or `tunnel`'],
  [{ 'routing-mode': '' }, 'unknown routing-mode ``; write `native` or `tunnel`'],
  [{ policyEnforcementMode: 'sometimes' }, 'unknown enable-policy `sometimes`; write `default`, `always` or `never`'],
  [expectParsed(parseConfig('c.yaml', 'routing-mode: s3cret\n')), 'c.yaml:1:1: unknown routing-mode; write `native` or `tunnel`'],
])('a word that the agent does not accept is refused: %j', (config, problem) => {
  const parsed = settled(config);
  expect(parsed.ok ? undefined : refusalOf(parsed)).toBe(problem);
});

const VALUES = 'hostFirewall: {enabled: true}\n';

test.each([
  ['in a file of their own', VALUES],
  ['below the name of the chart', 'cilium: {hostFirewall: {enabled: true}}\nother: {}\n'],
  ['in a HelmRelease', `kind: HelmRelease\nspec: {values: {hostFirewall: {enabled: true}}}\n`],
  ['in an Application', `kind: Application\nspec: {source: {helm: {valuesObject: {hostFirewall: {enabled: true}}}}}\n`],
  [
    'in one source of an Application',
    `kind: Application\nspec: {sources: [{}, {helm: {valuesObject: {cilium: {hostFirewall: {enabled: true}}}}}]}\n`,
  ],
])('values of the chart are read %s', (_, text) => {
  const given = expectParsed(parseConfig('c.yaml', text));
  expect(keysOf(given)).toMatchObject({ 'enable-host-firewall': 'true', 'enable-ipv6': 'false', 'routing-mode': 'tunnel' });
});

test('a program may give values too', () => {
  expect(keysOf({ sctp: { enabled: true }, extraConfig: { 'enable-icmp-rules': 'false' } })).toMatchObject({
    ...{ 'enable-sctp': 'true', 'enable-icmp-rules': 'false' },
  });
});

test('keys of `extraConfig` win over what other values say', () => {
  expect(keysOf({ ipv6: { enabled: true }, extraConfig: { 'enable-ipv6': 'false' } })).toMatchObject({ 'enable-ipv6': 'false' });
});

test('values are the keys of each minor that is compared', () => {
  const { configs } = expectParsed(settled({ eni: { enabled: true } }, '1.18..1.19'));
  expect([configs['1.18']['routing-mode'], configs['1.19']['routing-mode']]).toEqual(['tunnel', 'native']);
  expect([configs['1.18']['mesh-auth-enabled'], configs['1.19']['mesh-auth-enabled']]).toEqual(['true', 'false']);
});

test.each([
  [{ kubeProxyReplacement: 'strict' }, '`kubeProxyReplacement` must be true or false'],
  [{ ipv4: { enabled: null } }, '`enable-ipv4` is neither true nor false, but ``, and the agent does not start with it'],
  [{ extraConfig: { labels: ['x'] }, ipv4: {} }, '`extraConfig` must be a mapping of keys of `cilium-config` to strings'],
])('values %j are refused', (values, problem) => {
  expect(settled(values)).toMatchObject({ ok: false, problem });
});

test.each([
  [{ hostFirewal: { enabled: true }, ipv4: {} }, 'Cilium 1.20 has no value `hostFirewal` of the chart; did you mean `hostFirewall`?'],
  [{ hostFirewall: { enable: true } }, 'Cilium 1.20 has no value `hostFirewall.enable` of the chart; did you mean `hostFirewall.enabled`?'],
  [{ ipv4: {}, 'enable-policy': 'x' }, 'Cilium 1.20 has no value `enable-policy` of the chart; did you mean `extraConfig.enable-policy`?'],
  [
    { ipv4: {}, global: {}, proxy: {}, replicas: 2, encryption: { strictMode: { ingress: {} } }, k8s: { requireIPv4PodCIDR: true } },
    undefined,
  ],
])('of the values %j a user is told %s', (values, told) => {
  expect(problems(values)).toEqual(told === undefined ? [] : [told]);
});

test('a file of the command line has the same meaning as a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  writeFileSync(join(folder, 'values.yaml'), VALUES);
  const text = expectParsed(parseSettings('config: values.yaml\n', join(folder, 'cdk8s-cilium.yaml')));
  rmSync(folder, { recursive: true });
  expect(expectParsed(settle([], text)).configs['1.20']).toEqual(keysOf({ hostFirewall: { enabled: true } }));
});

/** What Helm writes: the keys for the first values, and of each other case what differs. */
const helm = JSON.parse(readFileSync('test/vectors/helm.json', 'utf8')) as {
  readonly base: Readonly<Record<Minor, AgentConfig>>;
  readonly cases: readonly {
    readonly values: object;
    readonly keys: Readonly<Record<Minor, Readonly<Record<string, string | null>> | null>>;
  }[];
};

test.each(helm.cases)('of $values the keys are those that Helm writes', ({ values, keys }) => {
  const written = MINORS.filter((minor) => keys[minor] !== null);
  const ours = written.map((minor) => of(keysOf(values, minor)));
  expect(ours).toEqual(written.map((minor) => of({ ...helm.base[minor], ...keys[minor] })));
});

function of(keys: Readonly<Record<string, string | null>>): object {
  return Object.fromEntries(
    Object.entries(keys).filter(([key, value]) => value !== null && [...JUDGED_KEYS, ...UNJUDGED_KEYS].includes(key)),
  );
}

/** The entry point for TypeScript programs. */
import { budget, check, compare, compile, compileObjects, prove, reachability, verdict } from '../lib/engine';
import { policy } from './support/check';

const DB = policy('  endpointSelector: { matchLabels: { app: db } }\n  ingress:\n    - fromEndpoints: [{ matchLabels: { app: web } }]\n');
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: db, labels: { app: db } }\nspec: { containers: [] }\n';
const SOURCES = [{ name: 'db.yaml', text: `${DB}---\n${POD}` }];
const FLOW = { from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 80 };

test('compiles once and answers often', () => {
  const engine = compile(SOURCES);
  expect(engine.verdict(FLOW)).toEqual({
    allowed: true,
    passes: true,
    egress: { decision: 'allowed', reason: 'not-enforced', redirect: null, policies: [] },
    ingress: { decision: 'allowed', reason: 'rule', redirect: null, policies: ['CiliumNetworkPolicy/shop/web'] },
  });
  expect(engine.verdict({ ...FLOW, from: 'entity:world' }).allowed).toBe(false);
  expect(engine.explain({ ...FLOW, from: 'entity:world' }).explanation[0].ingress?.nearest).toMatchObject({
    file: 'db.yaml',
    line: 9,
    differs: [
      'the peer has no label `app`, and the rule allows `web`',
      'the peer has no namespace, and the rule allows `shop`',
      'the peer has no cluster, and the rule allows `default`',
    ],
  });
  expect(engine.refused).toEqual([]);
});

test('answers one flow at once', () => {
  expect(verdict(SOURCES, FLOW).allowed).toBe(true);
  expect(verdict(SOURCES, { ...FLOW, to: 'default/db' }, { namespace: 'default' }).allowed).toBe(true);
});

test('compiles objects, without the policies that the agent rejects', () => {
  const bad = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'bad' },
    spec: { endpointSelector: {}, ingress: [] },
  };
  const engine = compileObjects([bad], { namespace: 'shop', cilium: '1.19' });
  expect(engine.refused).toEqual(['CiliumNetworkPolicy shop/bad: CIL202: the policy has no rule, so the agent rejects it']);
  expect(engine.verdict(FLOW).ingress.reason).toBe('not-enforced');
  expect(check([{ name: 'bad.json', text: JSON.stringify(bad) }])).toHaveLength(1);
});

test('unknown and malformed options are rejected', () => {
  const given = (options: object) => () => compile(SOURCES, options);
  expect(given({ cilium: '1.17' })).toThrow('unknown Cilium minor `1.17`');
  expect(given({ cilium: '1.19..1.20' })).toThrow('a verdict needs exactly one minor');
  expect(given({ names: { a: '192.0.2.1' } })).toThrow('`names` must have a list of addresses for `a`');
  expect(given({ config: { labels: {} } })).toThrow('the value of `labels` in `config` is not a string, a boolean or a number');
  expect(given({ cilium: 'v1.20.3', config: { 'enable-policy': 'Always' } })).not.toThrow();
});

test.each([true, 'true', 'True', '1', 'T'])('a switch is on by %j', (on) => {
  const policy =
    'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: { name: a }\nspec: { nodeSelector: {}, ingress: [{}] }\n';
  const node = 'apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\n';
  const config = { 'enable-host-firewall': on as string };
  const engine = compile([{ name: 'a.yaml', text: `${policy}---\n${node}` }], { config });
  expect(engine.verdict({ from: 'entity:world', to: 'node:n1', port: 80 }).allowed).toBe(false);
});

test('a source that was not read is a warning', () => {
  expect(compile([{ name: 'a.yaml', text: 'kind: [' }]).warnings).toEqual([
    { code: 'unread', message: expect.stringMatching(/^not read: a\.yaml:1: CIL001: /) as string },
  ]);
});

test('a key that the minor does not know, and one that is not judged, are warnings', () => {
  expect(compile([], { cilium: '1.19', config: { 'enable-polcy': 'always', 'static-cnp-path': '/policies' } }).warnings).toEqual([
    { code: 'unknown-key', message: 'Cilium 1.19 has no key `enable-polcy` of `cilium-config`; did you mean `enable-policy`?' },
    { code: 'not-judged', message: 'not judged: the key `static-cnp-path` of `cilium-config`, which changes answers' },
  ]);
});

test('values of the chart configure an engine', () => {
  const nodes =
    'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: { name: a }\nspec: { nodeSelector: {}, ingress: [{}] }\n---\napiVersion: v1\nkind: Node\nmetadata: { name: n1 }\n';
  const engine = compile([{ name: 'a.yaml', text: nodes }], { config: { hostFirewall: { enabled: true } } });
  expect(engine.verdict({ from: 'entity:world', to: 'node:n1', port: 80 }).allowed).toBe(false);
});

test('endpoints with different labels have different identities, however their labels are written', () => {
  const engine = compile(SOURCES);
  const odd = { labels: { a: 'b;k8s:app=web' }, namespace: 'shop' };
  const plain = { labels: { a: 'b', app: 'web' }, namespace: 'shop' };
  expect([odd, plain].map((from) => engine.verdict({ ...FLOW, from }).allowed)).toEqual([false, true]);
});

test('the switches of cilium-config are used', () => {
  expect(verdict(SOURCES, { ...FLOW, from: 'entity:world' }, { config: { 'enable-policy': 'never' } }).allowed).toBe(true);
  expect(() => compile(SOURCES, { config: { labels: 'k8s:(' } })).toThrow('regular expression `(` is not valid');
  expect(() => compile(SOURCES).verdict({ ...FLOW, port: 0 })).toThrow('port `0` is not between 1 and 65535');
});

test('an unknown option is an error', () => {
  const wrong: object = { celium: '1.18' };
  const message = 'unknown option `celium`; did you mean `cilium`?';
  expect(() => compile(SOURCES, wrong)).toThrow(message);
  expect(() => check(SOURCES, wrong)).toThrow(message);
});

test('an answer says whether the request passes, and not only the connection', () => {
  const text = policy(
    "  endpointSelector: {}\n  ingress:\n    - toPorts: [{ ports: [{ port: '80', protocol: TCP }], rules: { http: [{ method: GET }] } }]\n",
  );
  const ask = (method: string) => verdict([{ name: 'a.yaml', text }], { ...FLOW, http: { method, path: '/' } });
  expect(ask('POST')).toMatchObject({ allowed: true, http: 'denied', passes: false });
  expect(ask('GET')).toMatchObject({ allowed: true, http: 'allowed', passes: true });
});

test('says what passes between all ends', () => {
  const { ends, connections } = reachability(SOURCES);
  const idOf = (example: string) => ends.find((end) => end.example === example)!.id;
  const toDb = connections.filter(({ to }) => to.includes(idOf('labels:app=db@shop')));
  expect(toDb.flatMap(({ from }) => from.map((id) => ends[id].example))).toEqual(['labels:app=web@shop', 'entity:host']);
  expect(toDb[0].traffic.map(({ text, decision }) => [text, decision])).toContainEqual(['every TCP port', 'allowed']);
  expect(reachability(SOURCES, { possiblePods: false }).ends.filter(({ is }) => is === 'possible-pods')).toEqual([]);
});

test('says what a change opens', () => {
  const after = [{ name: 'db.yaml', text: SOURCES[0].text.replace('app: web', 'app: api') }];
  const { summary, changes, doubts } = compare(SOURCES, after);
  expect({ summary, doubts }).toEqual({ summary: { opened: 1, closed: 1, rewritten: 0, undecided: 0 }, doubts: [] });
  expect(changes[0]).toMatchObject({
    is: 'opened',
    may: ['open'],
    witness: { flow: '--from labels:app=api@shop --to labels:app=db@shop --port 443' },
  });
  expect(compare(SOURCES, SOURCES)).toEqual({
    summary: { opened: 0, closed: 0, rewritten: 0, undecided: 0 },
    changes: [],
    doubts: [],
    refusals: [],
  });
});

test('properties are proved or refuted', () => {
  const world = { entities: 'world' };
  const { summary, properties } = prove(SOURCES, {
    properties: [
      { name: 'apart', isolated: { between: [{ namespace: 'shop' }, { namespace: 'nowhere' }] } },
      { 'unreachable-from-world': { to: { namespace: 'shop', podSelector: { matchLabels: { app: 'db' } } } } },
      { name: 'closed', because: 'so', reachable: { from: world, to: world, ports: 80 } },
    ],
  });
  expect(properties.map(({ name, kind, because, place }) => [name, kind, because, place])).toEqual([
    ['apart', 'isolated', null, null],
    ['unreachable-from-world', 'unreachable-from-world', null, null],
    ['closed', 'reachable', 'so', null],
  ]);
  expect(summary.holds + summary.fails + summary.unknown).toBe(3);
  expect(() => prove(SOURCES, { properties: [{ only: 1 } as object] })).toThrow('there is no property `only`');
});

test('what policies take of policy maps is counted', () => {
  const { limits, endpoints, policies } = budget(SOURCES, { cilium: '1.19' });
  expect(limits).toEqual({ entries: 16_384, malformed: null, closesFullEndpoints: false, identities: 65_280 });
  expect(endpoints.flatMap(({ names }) => names)).toEqual(['default/db']);
  expect(endpoints.every(({ entries, ingress, egress }) => entries === (ingress ?? 0) + (egress ?? 0))).toBe(true);
  expect(policies).toEqual([]);
  expect(() => budget(SOURCES, { ciliumm: '1.19' } as object)).toThrow('unknown option `ciliumm`');
});

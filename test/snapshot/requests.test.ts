/** Changes of what proxies ask of requests: told exactly, however the rules are written. */
import fc from 'fast-check';
import type { HttpRequest } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import { expectParsed } from '../../lib/net/parsed';
import { parseFlow } from '../../lib/read/flow';
import { readObjects } from '../../lib/read/read';
import { settle } from '../../lib/settings/settings';
import { compared, WitnessedChange } from '../../lib/snapshot/changes';
import { openComparison } from '../../lib/snapshot/reach';
import { Snapshot } from '../../lib/snapshot/snapshot';
import type { Verdicts } from '../../lib/snapshot/verdicts';
import { passes } from '../../lib/verdict/decision';

const FROM_C = { fromEndpoints: [{ matchLabels: { app: 'c' } }] };

const DNS_SERVERS = { toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns', 'k8s:io.kubernetes.pod.namespace': 'kube-system' } }] };

interface Given {
  readonly cilium?: string;
  readonly config?: Readonly<Record<string, string>>;
}

/** Verdicts over one policy for the pods of `app=web`. */
function verdictsOver(spec: JsonObject, { cilium = '1.20', config = {} }: Given = {}): Verdicts {
  const settings = expectParsed(settle([], { values: { cilium, config } }));
  const policy: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { endpointSelector: { matchLabels: { app: 'web' } }, ...spec },
  };
  return expectParsed(new Snapshot(readObjects('test', [{ value: policy }], settings), settings).verdicts());
}

function verdictsOf(rules: JsonObject, given: Given = {}): Verdicts {
  const [direction, peer, port, protocol] =
    rules.http === undefined ? ['egress', DNS_SERVERS, '53', 'UDP'] : ['ingress', FROM_C, '80', 'TCP'];
  return verdictsOver({ [direction]: [{ ...(peer as JsonObject), toPorts: [{ ports: [{ port, protocol }], rules }] }] }, given);
}

function changesOf(before: JsonObject, after: JsonObject, config = {}): readonly WitnessedChange[] {
  return compared(expectParsed(openComparison(verdictsOf(before, { config }), verdictsOf(after, { config }), 100))).changes;
}

/** The kinds of changes, each with the request that shows it. */
function shown(before: JsonObject, after: JsonObject, config = {}): readonly string[] {
  return changesOf(before, after, config).map(({ is, witness }) => `${is} ${requestOf(witness?.flow)}`);
}

function requestOf(flow: { readonly http?: HttpRequest; readonly dns?: string } | undefined): string {
  const { http, dns } = flow ?? {};
  const headers = Object.entries(http?.headers ?? {}).map(([name, value]) => ` ${name}=${value}`);
  return http === undefined
    ? (dns ?? 'none')
    : `${http.method} ${http.path}${http.host === 'other.example' ? '' : ` ${http.host}`}${headers.join('')}`;
}

const http = (...conditions: readonly JsonObject[]): JsonObject => ({ http: conditions });
const paths = (...all: readonly string[]): JsonObject => http(...all.map((path) => ({ path })));
const dns = (...patterns: readonly string[]): JsonObject => ({ dns: patterns.map((matchPattern) => ({ matchPattern })) });

test.each([
  ['a class as two paths', paths('/v[12]'), paths('/v1', '/v2')],
  ['a path that another one contains', paths('/a/.*', '/a/b'), paths('/a/.*')],
  ['an optional end as two paths', paths('/a/?'), paths('/a', '/a/')],
  ['anchors', paths('^/a$'), paths('/a')],
  ['methods in one expression', http({ method: 'GET|HEAD', path: '/' }), http({ method: 'GET', path: '/' }, { method: 'HEAD', path: '/' })],
  ['every path in words', http({ method: 'GET' }), http({ method: 'GET', path: '/.*|\\*' })],
  ['a path that no request has, since slashes are merged', paths('/a', '/b//c'), paths('/a')],
  ['a path with dots, which are resolved', paths('/a', '/b/\\.\\./c'), paths('/a')],
  ['an escape that is decoded', paths('/a', '/%61'), paths('/a')],
  ['a host as a header', http({ host: 'a\\.example' }), http({ headers: ['Host: a.example'] })],
  ['the same header in another spelling', http({ headers: ['X-Team: a'] }), http({ headerMatches: [{ name: 'x-team', value: 'a' }] })],
  ['a header and the same without it', http({ path: '/a' }, { path: '/a', headers: ['x-team'] }), http({ path: '/a' })],
  ['a mismatch that only writes a log', http({ headerMatches: [{ name: 'x-a', value: 'b', mismatch: 'LOG' }] }), http({ path: '/.*|\\*' })],
  ['names in another order and case', dns('a.example', '*.b.example'), dns('*.B.example', 'A.example')],
  ['a name that a pattern contains', dns('*.b.example', 'a.b.example'), dns('*.b.example')],
])('%s is no change', (_, before, after) => {
  expect(shown(before, after)).toEqual([]);
  expect(shown(after, before)).toEqual([]);
});

test.each([
  [paths('/v[12]'), paths('/v[123]'), ['opened GET /v3']],
  [paths('/a.*'), paths('/ab.*'), ['closed GET /a']],
  [paths('/a'), paths('/b'), ['opened GET /b', 'closed GET /a']],
  [http({ method: 'GET' }), http({ path: '/a' }), ['opened POST /a', 'closed GET /']],
  [http({ path: '/a', headers: ['x-team: a'] }), http({ path: '/a' }), ['opened GET /a']],
  [http({ path: '/a', headers: ['x-team'] }), http({ path: '/a', headers: ['x-team: a'] }), ['closed GET /a x-team=other']],
  [http({ host: '.*\\.example' }), http({ host: '[^.]*\\.example' }), ['closed GET / ..example']],
  [dns('*.example'), dns('**.example'), ['opened x.e.example']],
  [dns('*'), dns('a.example'), ['closed other.example']],
  // A request is shown on each range of ports.
  [http({ path: '(?i)/a' }), http({ path: '/a' }), ['closed GET /A']],
])('from %j to %j: %j', (before, after, expected) => {
  expect([...shown(before, after)].sort()).toEqual([...expected].sort());
});

test('a request without a host is one of its own', () => {
  expect(shown(http({ host: '.*' }), http({ host: '.+' }))).toEqual(['closed GET / ']);
});

test('look-ups are asked of the DNS rules, whatever else is allowed on every port', () => {
  const both = (name: string): JsonObject => ({
    egress: [
      { ...DNS_SERVERS, toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchName: name }] } }] },
      DNS_SERVERS,
    ],
  });
  const [before, after] = ['a.com', 'b.com'].map((name) => verdictsOver(both(name)));
  const { changes } = compared(expectParsed(openComparison(before, after, 100)));
  expect(changes.map(({ is, witness }) => `${is} ${requestOf(witness?.flow)}`).sort()).toEqual(['closed a.com', 'opened b.com']);
});

test('the same rules are compared as each minor and each configuration reads them', () => {
  const kinds = (rules: JsonObject, before: Given, after: Given) =>
    compared(expectParsed(openComparison(verdictsOf(rules, before), verdictsOf(rules, after), 100))).changes.map(({ is }) => is);
  expect(kinds(dns('**.a.com'), { cilium: '1.18' }, { cilium: '1.19' })).toEqual(['opened']);
  expect(kinds(dns('*.a.com'), { cilium: '1.18' }, { cilium: '1.19' })).toEqual([]);
  const raw = { config: { 'http-normalize-path': 'false' } };
  expect(kinds(paths('/public/.*'), {}, raw)).toContain('rewritten');
});

test('an expression that Envoy refuses, for any other port of the pod, makes requests unknown', () => {
  const policy = (host: string): JsonObject => ({
    ingress: [
      { ...FROM_C, toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: paths('/a') }] },
      { fromEndpoints: [{ matchLabels: { app: 'q' } }], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: http({ host }) }] },
    ],
  });
  const { changes } = compared(expectParsed(openComparison(verdictsOver(policy('a')), verdictsOver(policy('(')), 100)));
  expect(changes.flatMap(({ is, traffic }) => traffic.map(({ first }) => `${is} ${first}`)).sort()).toEqual([
    'rewritten 80',
    'rewritten 8080',
  ]);
});

test('what is too large to be compiled is rewritten', () => {
  expect(
    shown(paths(`/${'a'.repeat(300)}(x){200}`), paths('/b'))
      .map((one) => one.split(' ')[0])
      .sort(),
  ).toContain('rewritten');
  expect(shown(http({ host: '\\p{Nag_Mundari}' }), http({ host: 'b' })).length).toBeGreaterThan(0);
});

test('where paths are not normalised, every spelling counts', () => {
  expect(shown(paths('/a', '/b//c'), paths('/a'), { 'http-normalize-path': 'false' })).toEqual(['closed GET /b//c']);
});

test('what cannot be compared is rewritten', () => {
  const secret = (path: string) => http({ path, headerMatches: [{ name: 'x-token', secret: { name: 'a', namespace: 'b' } }] });
  expect(shown(secret('/a'), secret('/b'))).toEqual([expect.stringMatching(/^rewritten/)]);
  // A header that only Envoy knows, on both sides: its part is the same.
  const forwarded = { path: '/f', headers: ['x-forwarded-proto: https'] };
  expect(
    shown(http(forwarded, { path: '/a' }), http(forwarded, { path: '/b' }))
      .map((one) => one.split(' ')[0])
      .sort(),
  ).toEqual(['closed', 'opened']);
});

const pieces = fc.constantFrom('/', 'a', 'b', '.', '.*', '[ab]', 'a?', '(a|b)', 'b+', '/?', '(/a)*');
const condition = fc.record(
  {
    path: fc.array(pieces, { minLength: 1, maxLength: 4 }).map((all) => `/${all.join('')}`),
    method: fc.constantFrom('GET', 'G.*', 'GET|PUT', '[A-Z]+'),
    headers: fc.subarray(['x-a', 'x-a: 1', 'X-B: 2'], { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
/** Two lists of some of the same conditions: often one says all that the other one says. */
const changes = fc
  .array(condition, { minLength: 2, maxLength: 4 })
  .chain((all) => fc.tuple(fc.subarray(all, { minLength: 1 }), fc.subarray(all, { minLength: 1 })));

const HEADERS: readonly Readonly<Record<string, string>>[] = [{}, { 'x-a': '1' }, { 'x-a': '3' }, { 'x-a': '1', 'x-b': '2' }];

/** All requests with short paths, some methods and some headers. */
const REQUESTS = ['', 'a', 'b', '/', 'aa', 'ab', 'a/', 'ba', 'bb', 'a/b', 'aab', 'x'].flatMap((path) =>
  ['GET', 'PUT', 'G'].flatMap((method) => HEADERS.map((headers): HttpRequest => ({ method, path: `/${path}`, host: 'h', headers }))),
);

test('a request that passes on one side only is of a change, and where nothing is told, none does', () => {
  let [changed, same] = [0, 0];
  fc.assert(
    fc.property(changes, ([before, after]) => {
      const [old, now] = [before, after].map((all) => verdictsOf({ http: all }));
      const { changes } = compared(expectParsed(openComparison(old, now, 100)));
      const kinds = new Set(changes.map(({ is }) => is));
      const flow = (request: HttpRequest) =>
        expectParsed(
          parseFlow({
            from: { labels: { app: 'c' }, namespace: 'shop' },
            to: { labels: { app: 'web' }, namespace: 'shop' },
            port: 80,
            protocol: 'TCP',
            http: { ...request },
          }),
        );
      const differing = REQUESTS.map((request) => [old, now].map((one) => passes(expectParsed(one.verdict(flow(request)))))).filter(
        ([a, b]) => a !== b,
      );
      expect(kinds.has('rewritten')).toBe(false);
      expect(differing.some(([a]) => a === false) && !kinds.has('opened')).toBe(false);
      expect(differing.some(([a]) => a === true) && !kinds.has('closed')).toBe(false);
      changed += Number(kinds.size > 0);
      same += Number(kinds.size === 0);
    }),
    { seed: 20, numRuns: 60 },
  );
  expect(Math.min(changed, same)).toBeGreaterThan(3);
});

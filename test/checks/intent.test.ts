/** What the checks of accepted policies find, beyond what the examples of the checks show. */
import { check } from '../../lib/engine';
import { found, policy } from '../support/check';

type Finding = readonly [path: string, message: string, help: string | null];

const HTTP = '/spec/ingress/0/toPorts/0/rules/http';

function withHttp(...http: object[]): object {
  return { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http } }] }] };
}

function findings(body: object, kind = 'CiliumNetworkPolicy'): Finding[] {
  const metadata = { name: 'p', ...(kind === 'CiliumNetworkPolicy' && { namespace: 'shop' }) };
  const text = JSON.stringify({ apiVersion: 'cilium.io/v2', kind, metadata, ...body });
  return check([{ name: 'p.json', text }], { select: ['CIL301'] }).map(({ code, path, message, help }) => {
    expect(code).toBe('CIL301');
    return [path, message, help];
  });
}

test.each<[object, Finding]>([
  [
    { host: '*.example.com' },
    [`${HTTP}/0/host`, 'Envoy cannot compile host `*.example.com`', 'write the regular expression `.*[.]example[.]com`'],
  ],
  [
    { host: '*' },
    [`${HTTP}/0/host`, 'Envoy cannot compile host `*`', 'write a regular expression in RE2 syntax, for example `.*[.]example[.]com`'],
  ],
  [
    { path: '/[0-9a-f-]{36}' },
    [
      `${HTTP}/0/path`,
      'path `/[0-9a-f-]{36}` compiles to 113 instructions, the most that Envoy allows is 100',
      'split its alternatives into several entries of `http`, or repeat a smaller class with `+`',
    ],
  ],
  [
    { path: `/${'a'.repeat(110)}/.*` },
    [
      `${HTTP}/0/path`,
      `path \`/${'a'.repeat(110)}/.*\` compiles to 124 instructions, the most that Envoy allows is 100`,
      'write `^` in front: the plain text that follows it is not counted, and the pattern matches the same',
    ],
  ],
  [
    { method: '[A-Z]{3,500}' },
    [
      `${HTTP}/0/method`,
      'method `[A-Z]{3,500}` compiles to more than 400 instructions, the most that Envoy allows is 100',
      'split its alternatives into several entries of `http`, or repeat a smaller class with `+`',
    ],
  ],
  [
    { path: '/\\p{Phoenician}{22}' },
    [
      `${HTTP}/0/path`,
      'path `/\\p{Phoenician}{22}` may compile to more than 100 instructions, the most that Envoy allows',
      'split its alternatives into several entries of `http`, or repeat a smaller class with `+`',
    ],
  ],
])('%j', (http, finding) => {
  expect(findings({ spec: withHttp(http) })).toEqual([finding]);
});

test.each([
  [{ path: '/api/.*', method: 'GET|POST', host: '.*[.]example[.]com' }],
  [{ path: `^/${'a'.repeat(500)}` }],
  [{ path: '', method: '', host: '' }],
  [{ headers: [`X-Long ${'a'.repeat(200)}`] }],
  [{ headerMatches: [{ name: '*', value: '*' }] }],
])('Envoy compiles %j', (http) => {
  expect(findings({ spec: withHttp(http) })).toEqual([]);
});

test('every rule of every section is looked at, in both kinds of policies', () => {
  const spec = withHttp({}, { host: '*.a' });
  const egress = {
    endpointSelector: {},
    egress: [{}, { toPorts: [{}, { ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ host: '*.b' }] } }] }],
  };
  for (const kind of ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']) {
    expect(findings({ spec, specs: [spec, egress] }, kind).map(([path]) => path)).toEqual([
      `${HTTP}/1/host`,
      `/specs/0${HTTP.slice('/spec'.length)}/1/host`,
      '/specs/1/egress/1/toPorts/1/rules/http/0/host',
    ]);
  }
});

const RULE = '  endpointSelector: {}\n  ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [';

test('a value with a placeholder is not checked, and others in the policy are', () => {
  expect(found(policy(`${RULE}{host: "*.\${DOMAIN}"}, {host: "*.a"}]}}]}]\n`))).toEqual([
    'CIL010 1:1 ',
    'CIL301 8:109 /spec/ingress/0/toPorts/0/rules/http/1/host',
  ]);
  // The port is unknown too, so the agent would reject the policy as it is written.
  expect(found(policy(`${RULE.replace('"80"', '"${PORT}"')}{host: "*.a"}]}}]}]\n`))).toEqual([
    'CIL010 1:1 ',
    'CIL301 8:91 /spec/ingress/0/toPorts/0/rules/http/0/host',
  ]);
});

test('a policy that the agent rejects is not looked at', () => {
  expect(found(policy(`${RULE}{host: "*.a"}, {path: "("}]}}]}]\n`))).toEqual(['CIL223 8:101 /spec/ingress/0/toPorts/0/rules/http/1/path']);
});

test('a comment allows the finding', () => {
  const text = policy(`${RULE}\n    # cilium-check: allow CIL301 -- the listener is our own\n    {host: "*.a"}\n]}}]}]\n`);
  expect(found(text)).toEqual(['CIL301 10:13 /spec/ingress/0/toPorts/0/rules/http/0/host *']);
});

test('the finding holds in every minor', () => {
  const text = policy(`${RULE}{host: "*.a"}]}}]}]\n`);
  for (const cilium of ['1.18', '1.19', '1.20']) {
    expect(found(text, { cilium })).toHaveLength(1);
  }
  expect(found(text, { cilium: '1.18..1.20' })).toEqual([]);
});

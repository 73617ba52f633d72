/** HTTP requests, and what one condition of a rule says of them: as Cilium translates it for Envoy, alike in all minors. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { MINORS } from '../support/vectors/minors';

/** The ruling in every minor, if it is one. */
function ruling(condition: JsonObject, request: JsonObject, config: Record<string, string> = {}): unknown {
  const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [condition] } }];
  const objects = [
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { namespace: 'shop', name: 'p' },
      spec: { endpointSelector: {}, ingress: [{ toPorts }] },
    },
  ];
  const http = { method: 'GET', path: '/', host: 'shop.example.com', headers: {}, ...request };
  const flows = [{ from: 'entity:world', to: 'labels:@shop', port: 80, http }];
  const rulings = MINORS.map((cilium) => {
    const reply = verdictReply({ cilium, objects, flows, config });
    const [answer] = reply.ok ? (reply.value.answers ?? []) : [];
    return 'http' in answer ? answer.http : reply;
  });
  return new Set(rulings).size === 1 ? rulings[0] : rulings;
}

const SECRET = { secret: { namespace: 'default', name: 's' } };

test.each<[JsonObject, JsonObject, string]>([
  [{}, {}, 'allowed'],
  // A pattern matches the whole, and the path with its query.
  [{ path: '/public' }, { path: '/public' }, 'allowed'],
  [{ path: '/public' }, { path: '/public/a' }, 'denied'],
  [{ path: '/public' }, { path: '/a/public' }, 'denied'],
  [{ path: '/public' }, { path: '/public?a=b' }, 'denied'],
  [{ path: '/a|/b' }, { path: '/b' }, 'allowed'],
  [{ method: 'GET|HEAD' }, { method: 'HEAD' }, 'allowed'],
  [{ method: 'GET' }, { method: 'get' }, 'denied'],
  [{ host: '.*\\.example\\.com' }, { host: 'shop.example.com' }, 'allowed'],
  [{ host: 'shop.example.com' }, { host: 'shop.example.com:8080' }, 'denied'],
  // Every field must match.
  [{ method: 'GET', path: '/a' }, { method: 'GET', path: '/b' }, 'denied'],
  [{ method: 'PUT', path: '/a' }, { method: 'GET', path: '/a' }, 'denied'],
  // A header has this value, or any.
  [{ headers: ['X-Key: 1'] }, { headers: { 'x-key': '1' } }, 'allowed'],
  [{ headers: ['X-Key: 1'] }, { headers: { 'X-Key': '2' } }, 'denied'],
  [{ headers: ['X-Key: 1'] }, {}, 'denied'],
  [{ headers: ['X-Key 1'] }, { headers: { 'X-Key': '1' } }, 'allowed'],
  [{ headers: ['X-Key: a b'] }, { headers: { 'X-Key': 'a b' } }, 'allowed'],
  [{ headers: ['X-Key'] }, { headers: { 'X-Key': '2' } }, 'allowed'],
  [{ headers: ['X-Key'] }, {}, 'denied'],
  [{ headers: ['X-Key', 'X-Other: 1'] }, { headers: { 'X-Key': '2' } }, 'denied'],
  // What Envoy makes of a value that is written and empty is not known.
  [{ headers: ['X-Key: '] }, { headers: { 'X-Key': '' } }, 'allowed'],
  [{ headers: ['X-Key: '] }, { headers: { 'X-Key': '2' } }, 'unknown'],
  [{ headers: ['X-Key: '] }, {}, 'denied'],
  [{ headerMatches: [{ name: 'X-Key', value: '1' }] }, { headers: { 'x-KEY': '1' } }, 'allowed'],
  [{ headerMatches: [{ name: 'X-Key', value: '1' }] }, { headers: { 'X-Key': '2' } }, 'denied'],
  [{ headerMatches: [{ name: 'X-Key' }] }, { headers: { 'X-Key': '2' } }, 'allowed'],
  [{ headerMatches: [{ name: 'X-Key' }] }, {}, 'denied'],
  // A mismatch that is logged, added, deleted or replaced lets the request through; one that is told to fail does not.
  ...['LOG', 'ADD', 'DELETE', 'REPLACE'].map((mismatch): [JsonObject, JsonObject, string] => [
    { headerMatches: [{ name: 'X-Key', value: '1', mismatch }] },
    {},
    'allowed',
  ]),
  // A secret is not known here.
  [{ headerMatches: [{ name: 'X-Key', ...SECRET }] }, { headers: { 'X-Key': '1' } }, 'unknown'],
  [{ headerMatches: [{ name: 'X-Key', ...SECRET }] }, {}, 'denied'],
  // What HTTP/2 sends as headers can be asked for as one.
  [{ headerMatches: [{ name: ':method', value: 'GET' }] }, {}, 'allowed'],
  [{ headerMatches: [{ name: ':path', value: '/' }] }, {}, 'allowed'],
  [{ headerMatches: [{ name: ':authority', value: 'shop.example.com' }] }, {}, 'allowed'],
  [{ headerMatches: [{ name: ':authority', value: 'other' }] }, {}, 'denied'],
  // The header `host` is the host.
  [{ headers: ['Host: shop.example.com'] }, {}, 'allowed'],
  [{ headers: ['host: other'] }, {}, 'denied'],
  [{ headerMatches: [{ name: 'HOST', value: 'shop.example.com' }] }, {}, 'allowed'],
  [{ host: 'api.example.com' }, { host: '', headers: { Host: 'api.example.com' } }, 'allowed'],
  // Envoy writes these headers itself.
  [{ headers: ['X-Request-Id'] }, {}, 'unknown'],
  [{ headers: ['X-Forwarded-Proto: https'] }, { headers: { 'x-forwarded-proto': 'https' } }, 'unknown'],
  [{ headerMatches: [{ name: 'x-envoy-internal', value: 'true' }] }, {}, 'unknown'],
  [{ method: 'PUT', headers: ['X-Request-Id'] }, {}, 'denied'],
  // Envoy normalises a path before it compares it.
  [{ path: '/public/.*' }, { path: '/public/../admin' }, 'denied'],
  [{ path: '/public/.*' }, { path: '/public/%2e%2e/admin' }, 'denied'],
  [{ path: '/public/.*' }, { path: '/x/../public/y' }, 'allowed'],
  [{ path: '/public/.*' }, { path: '//public/y' }, 'allowed'],
  [{ path: '/public/.*' }, { path: '/public/a%2Fb' }, 'unknown'],
  [{}, { path: '/public/a%2Fb' }, 'unknown'],
  // How an escaped letter is compared depends on the version of Envoy.
  [{ path: '/admin' }, { path: '/%61dmin' }, 'unknown'],
  [{ path: '/[^/]*' }, { path: '/%61dmin' }, 'allowed'],
])('%j of %j: %s', (condition, request, expected) => {
  expect(ruling(condition, request)).toBe(expected);
});

test('a path is compared as it is sent where normalising is off', () => {
  const config = { 'http-normalize-path': 'false' };

  expect(ruling({ path: '/public/.*' }, { path: '/public/../admin' }, config)).toBe('allowed');
  expect(ruling({ path: '/public/.*' }, { path: '//public/y' }, config)).toBe('denied');
  expect(ruling({ path: '/public/.*' }, { path: '/public/a%2Fb' }, config)).toBe('allowed');
});

/** The rulings on server names for one pattern, in 1.18, 1.19 and 1.20. */
function serverNameRulings(pattern: string, sni: string): readonly unknown[] {
  const toPorts = [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: [pattern] }];
  const spec = { endpointSelector: {}, egress: [{ toPorts }] };
  const objects = [{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name: 'p' }, spec }];
  return MINORS.map((cilium) => {
    const reply = verdictReply({ cilium, objects, flows: [{ from: 'labels:@shop', to: 'entity:world', port: 443, sni }] });
    const [answer] = reply.ok ? (reply.value.answers ?? []) : [];
    return answer !== undefined && 'sni' in answer ? answer.sni : 'refused';
  });
}

test.each([
  ['example.com', 'example.com', ['allowed', 'allowed', 'allowed']],
  ['Example.com', 'EXAMPLE.com', ['allowed', 'allowed', 'allowed']],
  ['example.com', 'a.example.com', ['denied', 'denied', 'denied']],
  ['*.example.com', 'a.example.com', ['allowed', 'allowed', 'allowed']],
  ['*.example.com', 'a.b.example.com', ['denied', 'denied', 'denied']],
  ['**.example.com', 'a.example.com', ['allowed', 'allowed', 'allowed']],
  ['**.example.com', 'a.b.example.com', ['allowed', 'allowed', 'allowed']],
  ['**.example.com', 'example.com', ['denied', 'denied', 'denied']],
  // Up to 1.19 Envoy rejects the dot, and with it the policy of the endpoint.
  ['example.com.', 'example.com', ['unknown', 'unknown', 'allowed']],
])('the server name %s for the rule of %s', (pattern, name, rulings) => {
  expect(serverNameRulings(pattern, name)).toEqual(rulings);
});

test.each([
  ['api*.example.com', 'api-1.example.com', 'allowed'],
  ['api*.example.com', 'api.example.com', 'allowed'],
  ['api*.example.com', 'api.a.example.com', 'denied'],
  ['*example.com', 'my-example.com', 'allowed'],
  ['*example.com', 'a.example.com', 'denied'],
  ['***.example.com', 'a.b.example.com', 'allowed'],
  ['a.**.example.com', 'a.b.c.example.com', 'denied'],
  ['a.**.example.com', 'a.b.example.com', 'allowed'],
])('from 1.20 on the server name %s is a pattern for %s: %s', (pattern, name, ruling) => {
  expect(serverNameRulings(pattern, name)[2]).toBe(ruling);
});

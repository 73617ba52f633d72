/** What tables say of the proxies that see a connection. */
import type { JsonObject } from '../../lib/model/json';
import { PROTOCOLS } from '../../lib/model/policy';
import { expectParsed } from '../../lib/net/parsed';
import { hasRedirect } from '../../lib/reach/code';
import { parseFlow } from '../../lib/read/flow';
import { engineOf } from '../support/world-engine';

const app = (name: string): JsonObject => ({ matchLabels: { app: name } });
const on = (port: number | string, layer7: JsonObject, protocol = 'TCP'): JsonObject => ({
  toPorts: [{ ports: [{ port: String(port), protocol }], ...layer7 }],
});
const http = (method: string, host?: string): JsonObject => ({ rules: { http: [{ method, host }] } });
const dns = (matchName: string): JsonObject => ({ rules: { dns: [{ matchName }] } });
const OPEN = { enableDefaultDeny: { ingress: false } };

const SERVER: JsonObject = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b', namespace: 'x', labels: { app: 'b' } } },
  spec: { containers: [{ ports: [{ name: 'dns', protocol: 'UDP', containerPort: 53 }] }] },
};

/** What is asked of requests from a peer to the pods with `app=a` on TCP port 80, or of look-ups from them on UDP port 53. */
function asked(specs: readonly JsonObject[], peer: string, direction: 'ingress' | 'egress' = 'ingress'): unknown {
  const objects = specs.map((spec, i): JsonObject => ({
    ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: `p${i}`, namespace: 'x' } },
    spec: { endpointSelector: app('a'), ...spec },
  }));
  const engine = engineOf({ objects: [...objects, SERVER], config: {}, names: {} }, '1.20')!;
  const [self, other] = ['labels:app=a@x', peer].map((end) =>
    engine.endpoint(expectParsed(parseFlow({ from: end, to: 'x/x', port: 1 })).from)!,
  );
  const decisions = engine.decisions(direction, self, other);
  const [protocol, port] = direction === 'ingress' ? [PROTOCOLS.indexOf('TCP'), 80] : [PROTOCOLS.indexOf('UDP'), 53];
  const spans = typeof decisions === 'object' ? decisions.spans : [];
  const { code, requests, isUnsure, isOpen } = spans.find((one) => one.protocol === protocol && one.first <= port && port <= one.last)!;
  const texts = requests.flatMap((cell) => [...cell.http.map(({ method }) => method), ...cell.dns]);
  return [hasRedirect(code), texts.join(), ...(isUnsure ? ['unsure'] : []), ...(isOpen ? ['open'] : [])];
}

const GET = { ingress: [{ fromEndpoints: [app('b')], ...on(80, http('GET')) }] };
const POST = { ingress: [{ fromEndpoints: [app('c')], ...on(80, http('POST')) }] };
const REFUSED = { ingress: [{ fromEndpoints: [app('b')], ...on(80, http('GET', '*.example.com')) }] };
const PLAIN = { ingress: [{ fromEndpoints: [app('c')], ...on(80, {}) }] };

test.each<[string, readonly JsonObject[], string, unknown]>([
  ['a rule about requests', [GET], 'labels:app=b@x', [true, 'GET']],
  ['a rule about requests of other peers', [GET, POST], 'labels:app=b@x', [true, 'GET']],
  ['two rules about requests', [GET, { ingress: [{ fromEndpoints: [{}], ...on(80, http('PUT')) }] }], 'labels:app=b@x', [true, 'GET,PUT']],
  ['nothing closes the direction', [{ ...GET, ...OPEN }], 'labels:app=b@x', [true, 'GET', 'open']],
  [
    'the own node, which may always enter',
    [{ ingress: [{ fromEntities: ['host'], ...on(80, http('GET')) }] }],
    'entity:host',
    [true, 'GET', 'open'],
  ],
  ['no proxy', [PLAIN, POST], 'labels:app=b@x', [false, '']],
  ['a pattern that Envoy refuses', [REFUSED], 'labels:app=b@x', [true, 'GET', 'unsure']],
  ['a pattern that Envoy refuses for other peers', [REFUSED, POST], 'labels:app=c@x', [true, 'POST', 'unsure']],
])('of requests, a table tells %s', (_, specs, peer, expected) => {
  expect(asked(specs, peer)).toEqual(expected);
});

const BY_NAME = { egress: [{ toEndpoints: [app('b')], ...on('dns', dns('a.example'), 'UDP') }] };
const LOOK_UPS_OF_C = { egress: [{ toEndpoints: [app('c')], ...on(53, dns('c.example'), 'UDP') }] };
const LOOK_UPS = { egress: [{ toEndpoints: [app('b')], ...on(53, dns('a.example'), 'UDP') }] };

test.each<[string, readonly JsonObject[], string, unknown]>([
  ['a rule about look-ups', [LOOK_UPS], 'labels:app=b@x', [true, 'a.example']],
  ['a rule about look-ups of other servers', [LOOK_UPS, LOOK_UPS_OF_C], 'labels:app=b@x', [true, 'a.example']],
  ['a port name instead of rules about the number', [BY_NAME, LOOK_UPS_OF_C], 'labels:app=c@x', [true, '', 'unsure']],
  ['a pattern that Envoy refuses, which is not asked about names', [REFUSED, LOOK_UPS], 'labels:app=b@x', [true, 'a.example']],
])('of look-ups, a table tells %s', (_, specs, peer, expected) => {
  expect(asked(specs, peer, 'egress')).toEqual(expected);
});

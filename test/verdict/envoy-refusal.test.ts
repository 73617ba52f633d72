/** A pattern that Envoy refuses leaves open what it decides about any request of the endpoint, alike in all minors. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { MINORS } from '../support/vectors/minors';

/** The regular expression of cilium issue 48773. */
const TOO_LARGE =
  '/(dashboard|alerts|calendar|components|metrics|critical_asset_metrics|critical_product_metrics|simple_search|support|celery_status|choices)([/?].*)?';

const A = { labels: { app: 'a' }, namespace: 'default' };
const B = { labels: { app: 'b' }, namespace: 'default' };

/** The verdict is that of every minor. */
function verdict(specs: readonly object[], flow: JsonObject): JsonObject {
  const metadata = { namespace: 'default', name: 'p' };
  const objects = [{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, specs }] as JsonObject[];
  const answers = MINORS.map((cilium) => {
    const reply = verdictReply({ cilium, objects, flows: [flow] });
    return reply.ok ? (reply.value.answers?.[0] as unknown as JsonObject) : { error: reply.problem };
  });
  answers.forEach((answer) => expect(answer).toEqual(answers[0]));
  return answers[0];
}

function ingress(http: object, port = '80'): object {
  return {
    endpointSelector: { matchLabels: { app: 'a' } },
    ingress: [
      { fromEndpoints: [{ matchLabels: { app: 'b' } }], toPorts: [{ ports: [{ port, protocol: 'TCP' }], rules: { http: [http] } }] },
    ],
  };
}

const FLOW = { from: B, to: A, port: 80, http: { path: '/alerts' } };

test('a path of more than 100 instructions: the request is unknown, and the connection is allowed', () => {
  expect(verdict([ingress({ method: 'GET', path: TOO_LARGE })], FLOW)).toMatchObject({ allowed: true, http: 'unknown' });
});

test.each([[{ path: 'a'.repeat(97) }], [{ method: 'A{98}' }], [{ host: '*.example.com' }], [{ host: '[a-fA-F0-9]{60}' }]])(
  '%j of another rule leaves a request open that a rule allows, and one that no rule allows',
  (http) => {
    const specs = [ingress({ path: '/alerts' }), ingress(http, '81')];
    expect(verdict(specs, FLOW)).toMatchObject({ http: 'unknown' });
    expect(verdict(specs, { ...FLOW, http: { path: '/other' } })).toMatchObject({ http: 'unknown' });
  },
);

test('a pattern of the other direction counts, because Envoy has both in one resource', () => {
  const { endpointSelector, ingress: rules } = ingress({ host: '*.example.com' }) as {
    endpointSelector: object;
    ingress: [{ toPorts: object[] }];
  };
  const egress = { endpointSelector, egress: [{ toEntities: ['all'], toPorts: rules[0].toPorts }] };
  expect(verdict([ingress({ path: '/alerts' }), egress], FLOW)).toMatchObject({ http: 'unknown' });
});

test('a pattern of another endpoint does not count', () => {
  const other = { ...ingress({ host: '*.example.com' }), endpointSelector: { matchLabels: { app: 'c' } } };
  expect(verdict([ingress({ path: '/alerts' }), other], FLOW)).toMatchObject({ http: 'allowed' });
});

test('a connection that is not redirected is not ruled by Envoy, and one that is denied is denied', () => {
  const open = {
    endpointSelector: { matchLabels: { app: 'a' } },
    ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '90', protocol: 'TCP' }] }] }],
  };
  const specs = [ingress({ path: TOO_LARGE }), open];
  expect(verdict(specs, { ...FLOW, port: 90 })).toMatchObject({ allowed: true, http: 'allowed' });
  expect(verdict(specs, { ...FLOW, port: 91 })).toMatchObject({ allowed: false, http: 'denied' });
});

test('a server name is ruled by Envoy too', () => {
  const tls = {
    endpointSelector: { matchLabels: { app: 'a' } },
    egress: [{ toEntities: ['all'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['shop.example.com'] }] }],
  };
  const flow = { from: A, to: B, port: 443, sni: 'shop.example.com' };
  expect(verdict([tls, ingress({ path: '/' })], flow)).toMatchObject({ sni: 'allowed' });
  expect(verdict([tls, ingress({ path: TOO_LARGE })], flow)).toMatchObject({ sni: 'unknown' });
});

test('a DNS query is ruled by the agent, not by Envoy', () => {
  const dns = {
    endpointSelector: { matchLabels: { app: 'a' } },
    egress: [
      { toEntities: ['all'], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchName: 'a.example' }] } }] },
    ],
  };
  const flow = { from: A, to: B, port: 53, protocol: 'UDP', dns: 'a.example' };
  expect(verdict([dns, ingress({ path: TOO_LARGE })], flow)).toMatchObject({ dns: 'allowed' });
});

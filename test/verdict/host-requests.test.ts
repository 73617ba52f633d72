/** Requests of the host to its own pods, where L7 rules on ingress mean it: as Cilium 1.18.11, 1.19.7 and 1.20.2 answered. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { slice } from '../generate/named';
import { MINORS } from '../support/vectors/minors';

const WEB = { matchLabels: { app: 'web' } };

/** The ruling on a request that no rule names, in each minor; each list of entities is a rule of its own, and without any for pods. */
function rulings(...rules: readonly (readonly string[])[]): unknown[] {
  return rulingsBetween({ from: 'entity:host', to: 'labels:@shop' }, rules, []);
}

function rulingsBetween(
  ends: { readonly from: string; readonly to: string },
  rules: readonly (readonly string[])[],
  inventory: readonly JsonObject[],
): unknown[] {
  const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ path: '/public' }] } }];
  const ingress = rules.map((names) => ({ ...(names.length === 0 ? { fromEndpoints: [WEB] } : { fromEntities: names }), toPorts }));
  const spec = { endpointSelector: {}, ingress };
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name: 'p' }, spec };
  const objects = [...inventory, policy];
  const flows = [{ ...ends, port: 80, http: { method: 'GET', path: '/other' } }];
  return MINORS.map((cilium) => {
    const reply = verdictReply({ cilium, objects, flows });
    const [answer] = reply.ok ? (reply.value.answers ?? []) : [];
    return 'http' in answer ? answer.http : answer;
  });
}

test.each([
  [['all'], ['allowed', 'allowed', 'allowed']],
  [['host'], ['denied', 'denied', 'allowed']],
  [['cluster'], ['denied', 'denied', 'allowed']],
  // Up to 1.19 everybody stands for all that are named beside.
  [
    ['all', 'host'],
    ['allowed', 'allowed', 'allowed'],
  ],
])('of rules for %j the request is %j', (entities, expected) => {
  expect(rulings(entities)).toEqual(expected);
});

test('the exemption stands beside each rule in 1.18, and in 1.19 only where no rule names the host', () => {
  expect(rulings(['all'], ['host'])).toEqual(['allowed', 'denied', 'allowed']);
});

test('rules for others leave the exemption as it is', () => {
  expect(rulings([], ['all'])).toEqual(['allowed', 'allowed', 'allowed']);
  expect(rulings(['cluster'], [])).toEqual(['denied', 'denied', 'allowed']);
});

test('a rule for the API server means the host that is one', () => {
  const host = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: { addresses: [{ address: '172.18.0.2' }] } };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'web' }, spec: { nodeName: 'n1' } };
  const inventory = [host, pod, slice('kubernetes', ['172.18.0.2'])];
  expect(rulingsBetween({ from: 'node:n1', to: 'shop/web' }, [['kube-apiserver']], inventory)).toEqual(['allowed', 'allowed', 'allowed']);
});

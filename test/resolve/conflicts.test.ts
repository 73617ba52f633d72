/** Requests before server names are a conflict, server names before requests are none: so it shows in which order Cilium goes through rules. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import type { Minor } from '../support/vectors/minors';

const REQUESTS = spec({ rules: { http: [{ method: 'GET' }] } });
const NAMES = spec({ serverNames: ['example.com'] });

function spec(layer7: JsonObject): JsonObject {
  return { endpointSelector: {}, egress: [{ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], ...layer7 }] }] };
}

function policy(name: string, ...[first, ...others]: readonly JsonObject[]): JsonObject {
  const specs = others.length === 0 ? { spec: first } : { specs: [first, ...others] };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name }, ...specs };
}

function clusterwide(one: JsonObject): JsonObject {
  return { ...one, kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'p' } };
}

function areInConflict(cilium: Minor, ...objects: readonly JsonObject[]): boolean {
  const reply = verdictReply({ cilium, objects, flows: [{ from: 'labels:app=a@shop', to: 'entity:world', port: 443 }] });
  return reply.ok && reply.value.error !== null;
}

test.each(['1.19', '1.20'] as const)('in %s policies of a kind go by their names', (minor) => {
  expect(areInConflict(minor, policy('a', NAMES), policy('z', REQUESTS))).toBe(false);
  expect(areInConflict(minor, policy('z', REQUESTS), policy('a', NAMES))).toBe(false);
  expect(areInConflict(minor, policy('a', REQUESTS), policy('z', NAMES))).toBe(true);
  expect(areInConflict(minor, policy('z', NAMES), policy('a', REQUESTS))).toBe(true);
});

test.each(['1.19', '1.20'] as const)('in %s the specs of a policy go as they are written', (minor) => {
  expect(areInConflict(minor, policy('p', NAMES, REQUESTS))).toBe(false);
  expect(areInConflict(minor, policy('p', REQUESTS, NAMES))).toBe(true);
});

test.each(['1.18', '1.19', '1.20'] as const)('in %s clusterwide policies go before those of a namespace', (minor) => {
  expect(areInConflict(minor, policy('a', NAMES), clusterwide(policy('p', REQUESTS)))).toBe(true);
  expect(areInConflict(minor, policy('a', REQUESTS), clusterwide(policy('p', NAMES)))).toBe(false);
});

test.each(['1.18', '1.19', '1.20'] as const)('in %s a rule that asks nothing hides no conflict', (minor) => {
  const nothing = spec({});
  expect(areInConflict(minor, policy('p', nothing, REQUESTS, NAMES))).toBe(true);
  expect(areInConflict(minor, policy('p', REQUESTS, nothing, NAMES))).toBe(true);
  expect(areInConflict(minor, policy('p', nothing, NAMES, REQUESTS))).toBe(false);
});

/** Mutations of a NetworkPolicy for Cilium's own parser. Rejections by Kubernetes itself are not tested here. */
import fc from 'fast-check';
import { among } from '../choices';
import { Json, JsonObject, objectOf } from '../json';
import { Policy } from '../policies';
import { Change, Mutation } from './mutation';

function onSpec(...members: readonly JsonObject[]): Change {
  return among(...members).map((some) => (policy: Policy) => ({ ...policy, spec: { ...objectOf(policy.spec), ...some } }));
}

/** The peers of an element in either direction. */
function withPeers(...peers: readonly Json[]): JsonObject[] {
  return peers.flatMap((peer): JsonObject[] => [{ ingress: [{ from: [peer] }] }, { egress: [{ to: [peer] }], policyTypes: ['Egress'] }]);
}

function withPorts(...ports: readonly Json[]): JsonObject[] {
  return ports.flatMap((port): JsonObject[] => [
    { ingress: [{ ports: [port] }] },
    { egress: [{ ports: [port] }], policyTypes: ['Egress'] },
  ]);
}

function one(name: string, apply: Change): Mutation {
  return { name: `network-policy-${name}`, rule: 'NetworkPolicy', kinds: ['NetworkPolicy'], apply };
}

export const NETWORK_POLICY_MUTATIONS: readonly Mutation[] = [
  one(
    'block-of-nonsense',
    onSpec(...withPeers({ ipBlock: { cidr: 'a' } }, { ipBlock: { cidr: '10.0.0.0/33' } }, { ipBlock: { cidr: '10.0.0.1' } })),
  ),
  one(
    'block-with-a-hole-outside',
    onSpec(
      ...withPeers(
        { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } },
        { ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.0.0/8'] } },
      ),
    ),
  ),
  one('block-with-a-hole-of-nonsense', onSpec(...withPeers({ ipBlock: { cidr: '10.0.0.0/8', except: ['a'] } }))),
  one('block-beside-a-selector', onSpec(...withPeers({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }))),
  one('peer-of-nothing', onSpec(...withPeers({}))),
  one(
    'bad-key',
    onSpec(...withPeers({ podSelector: { matchLabels: { 'a b': 'c' } } }, { namespaceSelector: { matchLabels: { 'a b': 'c' } } }), {
      podSelector: { matchLabels: { 'a b': 'c' } },
    }),
  ),
  one(
    'long-key',
    onSpec(...withPeers({ podSelector: { matchLabels: { ['k'.repeat(63)]: 'c' } } }), {
      podSelector: { matchLabels: { ['k'.repeat(60)]: 'c' } },
    }),
  ),
  one(
    'bad-expression',
    onSpec(
      ...withPeers(
        { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
        { podSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } },
      ),
    ),
  ),
  one(
    'odd-port',
    onSpec(
      ...withPorts(
        { port: 0 },
        { port: 65536 },
        { port: -1 },
        { port: 'a_b' },
        { port: '080' },
        { port: 'a234567890123456' },
        { port: '' },
      ),
    ),
  ),
  one('odd-range', onSpec(...withPorts({ port: 80, endPort: 8 }, { endPort: 90 }, { port: 'http', endPort: 90 }))),
  one('odd-protocol', onSpec(...withPorts({ port: 80, protocol: 'tcp' }, { port: 80, protocol: 'ICMP' }, { protocol: '' }))),
  one('odd-types', onSpec({ policyTypes: [] }, { policyTypes: ['ingress'] }, { policyTypes: ['Egress'], ingress: [{}] })),
  one('wrong-type', onSpec({ ingress: {} }, { podSelector: [] }, { ingress: ['a'] }, { policyTypes: 'Ingress' })),
  one('null-part', onSpec({ podSelector: null }, { ingress: null }, { ingress: [null] }, { egress: [{ to: [null] }] })),
  one('unknown-field', onSpec({ nonsense: true }, { ingress: [{ form: [] }] })),
  {
    ...one(
      'no-name',
      fc.boolean().map(() => (policy: Policy) => ({ ...policy, metadata: { namespace: 'shop' } })),
    ),
    rule: 'B.9-53',
  },
];

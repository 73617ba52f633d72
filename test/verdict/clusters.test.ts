/** Pods of other clusters of a mesh, as peers of policies here: per minor, with the pin to the local cluster on and off. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { MINORS } from '../support/vectors/minors';

const HERE = 'labels:app=db@shop';
const THERE = 'labels:app=web,cluster=west@shop';

/** The ingress side of a flow from a pod of another cluster in 1.18, 1.19 and 1.20, or once if they agree. */
function ingress(peers: JsonObject, config: Record<string, string> = {}, from: string | JsonObject = THERE): unknown {
  const spec = { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [peers] };
  const policy: JsonObject = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name: 'p' }, spec };
  const namespace: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'red' } } };
  const decisions = MINORS.map((cilium) => {
    const reply = verdictReply({ cilium, objects: [policy, namespace], flows: [{ from, to: HERE, port: 80 }], config });
    const [one] = reply.ok ? (reply.value.answers ?? []) : [];
    return one === undefined || 'error' in one ? reply : `${one.egress.decision}, ${one.ingress.decision}`;
  });
  return new Set(decisions).size === 1 ? decisions[0] : decisions;
}

const ALLOWED = 'n/a, allowed';
const DENIED = 'n/a, denied';
const WEB = { fromEndpoints: [{ matchLabels: { app: 'web' } }] };
const inCluster = (cluster: string) => ({ fromEndpoints: [{ matchLabels: { app: 'web', 'io.cilium.k8s.policy.cluster': cluster } }] });

test('from 1.19 on selectors are pinned to the local cluster, unless they name one', () => {
  expect(ingress(WEB)).toEqual([ALLOWED, DENIED, DENIED]);
  expect(ingress(WEB, { 'policy-default-local-cluster': 'false' })).toBe(ALLOWED);
  expect(ingress(WEB, { 'policy-default-local-cluster': 'true' })).toBe(DENIED);
  expect(ingress(inCluster('west'))).toBe(ALLOWED);
  expect(ingress(inCluster('east'))).toBe(DENIED);
});

test('the entity `cluster` is the local one, and `all` is every cluster', () => {
  expect(ingress({ fromEntities: ['cluster'] })).toBe(DENIED);
  expect(ingress({ fromEntities: ['all'] })).toBe(ALLOWED);
  expect(ingress({ fromEntities: ['world'] })).toBe(DENIED);
  expect(ingress({ fromEntities: ['cluster-mesh'] })).toEqual([expect.anything(), expect.anything(), ALLOWED]);
});

test('the labels of a namespace in another cluster are those that are given', () => {
  const team = {
    fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'red', 'io.cilium.k8s.policy.cluster': 'west' } }],
  };
  expect(ingress(team)).toBe(DENIED);
  expect(ingress(team, {}, { labels: { app: 'web' }, namespace: 'shop', cluster: 'west', namespaceLabels: { team: 'red' } })).toBe(ALLOWED);
});

test('a cluster is named by its field, in text by `cluster=`, or by the label of Cilium', () => {
  const pods = [
    THERE,
    'labels:app=web,io.cilium.k8s.policy.cluster=west@shop',
    { labels: { app: 'web' }, namespace: 'shop', cluster: 'west' },
  ];
  expect(pods.map((from) => ingress(inCluster('west'), {}, from))).toEqual([ALLOWED, ALLOWED, ALLOWED]);
  // A label of the pod is written with its source, or in a mapping.
  const own = { fromEndpoints: [{ matchLabels: { app: 'web', cluster: 'west' } }] };
  const local = 'allowed, allowed';
  expect(ingress(own, {}, 'labels:app=web,k8s:cluster=west@shop')).toBe(local);
  expect(ingress(own, {}, { labels: { app: 'web', cluster: 'west' }, namespace: 'shop' })).toBe(local);
});

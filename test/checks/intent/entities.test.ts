/** CIL318, CIL327 and CIL328: entities that include more or less than it looks. */
import { ccnp, cnp, host, isAllowed, object, places, ports, words } from '../../support/intent';
import { foundIn } from '../../support/policies';

const from = (...entities: readonly string[]) => ({ fromEntities: entities });
const to = (...entities: readonly string[]) => ({ toEntities: entities });

describe('CIL318', () => {
  test.each<[string, string, string]>([
    ['the cluster', cnp({ ingressDeny: [from('cluster')] }), '/spec/ingressDeny/0/fromEntities/0'],
    [
      'the host, in a clusterwide policy',
      ccnp({ ingressDeny: [{ ...from('world', 'host'), toPorts: [] }] }),
      '/spec/ingressDeny/0/fromEntities/1',
    ],
    [
      '`specs`',
      object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, ingressDeny: [{}, from('cluster')] }] }),
      '/specs/0/ingressDeny/1/fromEntities/0',
    ],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL318', text)).toEqual([path]);
  });

  test.each<[string, string]>([
    ['certain ports', cnp({ ingressDeny: [{ ...from('cluster'), ...ports(8080) }] })],
    ['certain ICMP types', cnp({ ingressDeny: [{ ...from('cluster'), icmps: [{ fields: [{ type: 8 }] }] }] })],
    ['everybody', cnp({ ingressDeny: [from('all')] })],
    ['other nodes', cnp({ ingressDeny: [from('remote-node')] })],
    ['egress', cnp({ egressDeny: [to('cluster')] })],
    ['an allow rule', cnp({ ingress: [from('cluster')] })],
    ['a host policy', host({ ingressDeny: [from('cluster')] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL318', text)).toEqual([]);
  });

  test('not reported where no policy is enforced', () => {
    const denying = { kind: 'CiliumNetworkPolicy', spec: { endpointSelector: {}, ingressDeny: [from('cluster')] } };
    const policy = { apiVersion: 'cilium.io/v2', metadata: { name: 'a', namespace: 'shop' }, ...denying };
    expect(foundIn([policy], 'CIL318', { config: { 'enable-policy': 'default' } })).toHaveLength(1);
    expect(foundIn([policy], 'CIL318', { config: { 'enable-policy': 'never' } })).toEqual([]);
  });

  test('the node of a pod cannot connect', () => {
    const probe = { from: 'entity:host' };
    expect(isAllowed(cnp({ ingressDeny: [from('cluster')] }), probe)).toBe(false);
    expect(isAllowed(cnp({ ingressDeny: [from('host')] }), probe)).toBe(false);
    expect(isAllowed(cnp({ ingressDeny: [from('remote-node')] }), probe)).toBe(true);
  });

  test('the message', () => {
    expect(words('CIL318', cnp({ ingressDeny: [from('cluster')] }))).toBe(
      '`cluster` denies the probes of the kubelet, which come from the node of the pod | deny the peers that are meant, or certain ports',
    );
  });
});

describe('CIL327', () => {
  test.each<[string, string, string]>([
    ['the host alone', cnp({ egress: [to('host')] }), '/spec/egress/0/toEntities/0'],
    ['beside another entity', ccnp({ egress: [{ ...to('world', 'host'), ...ports(9100) }] }), '/spec/egress/0/toEntities/1'],
    [
      'beside the API server on another port',
      cnp({
        egress: [
          { ...to('host'), ...ports(9100) },
          { ...to('kube-apiserver'), ...ports(6443) },
        ],
      }),
      '/spec/egress/0/toEntities/0',
    ],
    [
      'on every port beside the API server on one',
      cnp({ egress: [to('host'), { ...to('kube-apiserver'), ...ports(6443) }] }),
      '/spec/egress/0/toEntities/0',
    ],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL327', text)).toEqual([path]);
  });

  test.each<[string, string]>([
    ['every node', cnp({ egress: [to('host', 'remote-node')] })],
    ['every node, in two rules', cnp({ egress: [to('host'), to('cluster')] })],
    ['beside the API server', cnp({ egress: [{ ...to('host', 'kube-apiserver'), ...ports(6443) }] })],
    [
      'beside the API server, in two rules',
      cnp({
        egress: [
          { ...to('host'), ...ports(6443) },
          { ...to('kube-apiserver'), ...ports(443, 6443) },
        ],
      }),
    ],
    ['beside every port of the API server', cnp({ egress: [{ ...to('host'), ...ports(6443) }, to('kube-apiserver')] })],
    ['DNS of the node', cnp({ egress: [{ ...to('host'), ...ports(53) }] })],
    ['ingress', cnp({ ingress: [{ ...from('host'), ...ports(8080) }] })],
    ['a deny rule', cnp({ egressDeny: [to('host')] })],
    ['a host policy', host({ egress: [to('host')] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL327', text)).toEqual([]);
  });

  test('the message', () => {
    expect(words('CIL327', cnp({ egress: [to('host')] }))).toBe(
      '`host` is the node of the pod, and the rules do not reach other nodes | add `remote-node` if other nodes are meant too',
    );
  });
});

describe('CIL328', () => {
  test.each<[string, string, string]>([
    ['everybody and the world', cnp({ egress: [to('all', 'world')] }), '/spec/egress/0/toEntities/1'],
    ['the cluster and a node', ccnp({ ingress: [from('host', 'cluster')] }), '/spec/ingress/0/fromEntities/0'],
    ['a deny rule', cnp({ ingressDeny: [from('all', 'host')] }), '/spec/ingressDeny/0/fromEntities/1'],
    ['a host policy', host({ ingress: [from('cluster', 'health')] }), '/spec/ingress/0/fromEntities/1'],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL328', text)).toEqual([path]);
  });

  test.each<[string, string]>([
    ['the cluster and the world', cnp({ egress: [to('cluster', 'world')] })],
    ['two rules', cnp({ egress: [to('cluster'), to('host')] })],
    ['one entity', cnp({ egress: [to('all')] })],
    ['one entity twice', cnp({ egress: [to('all', 'all')] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL328', text)).toEqual([]);
  });

  test('the message', () => {
    expect(words('CIL328', cnp({ egress: [to('cluster', 'host')] }))).toBe(
      'entity `cluster` includes `host` | leave `host` out, or `cluster` if less is meant',
    );
    expect(words('CIL328', cnp({ egress: [to('host', 'cluster', 'remote-node', 'health')] }))).toBe(
      'entity `cluster` includes `host`, `remote-node` and `health` | leave `host`, `remote-node` and `health` out, or `cluster` if less is meant',
    );
  });
});

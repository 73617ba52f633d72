/** A rule may have more peers than a call has arguments. */
import { compileObjects } from '../../lib/engine';

test('all peers of a long rule count', () => {
  // An object with so many addresses would be too large for a cluster.
  const toCIDR = [...new Array<string>(150_000).fill('::/1'), '10.0.0.1/32'];
  const engine = compileObjects([
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { namespace: 'shop', name: 'many' },
      spec: { endpointSelector: {}, egress: [{ toCIDR, toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }] },
    },
  ]);
  const isAllowed = (ip: string, port: number) => engine.verdict({ from: 'labels:app=web@shop', to: `ip:${ip}`, port }).allowed;
  expect(isAllowed('10.0.0.1', 80)).toBe(true);
  expect(isAllowed('10.0.0.2', 80)).toBe(false);
  expect(isAllowed('10.0.0.1', 81)).toBe(false);
});

/** A rule may have more peers than a call has arguments. */
import { compileObjects } from '../../lib/engine';

const address = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

test('all peers of a long rule count', () => {
  const toCIDR = Array.from({ length: 150_000 }, (_, i) => `${address(i)}/32`);
  const engine = compileObjects([
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { namespace: 'shop', name: 'many' },
      spec: { endpointSelector: {}, egress: [{ toCIDR, toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }] },
    },
  ]);
  const isAllowed = (i: number, port: number) => engine.verdict({ from: 'labels:app=web@shop', to: `ip:${address(i)}`, port }).allowed;
  expect(isAllowed(149_999, 80)).toBe(true);
  expect(isAllowed(150_000, 80)).toBe(false);
  expect(isAllowed(149_999, 81)).toBe(false);
});

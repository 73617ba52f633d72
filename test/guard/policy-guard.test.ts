/** `PolicyGuard`: an app whose policies lose a property is not synthesized. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { App, Chart, Testing } from 'cdk8s';
import { CiliumNetworkPolicy, Peer, PolicyGuard, Port, Selector } from '../../lib';

const WEB = { namespace: 'shop', podSelector: { matchLabels: { app: 'web' } } };
const CLOSED = { properties: [{ name: 'web is closed', 'default-denied': { of: WEB, direction: 'egress' } }] };

function shop(): { readonly chart: Chart; readonly web: CiliumNetworkPolicy } {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  return { chart, web: new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.labels({ app: 'web' }) }) };
}

test('a property that holds lets the synthesis pass, and one that does not stops it with a witness', () => {
  const { chart, web } = shop();
  web.allowFrom(Peer.world(), Port.tcp(443));
  PolicyGuard.addTo(chart, { properties: CLOSED });
  expect(() => void Testing.synth(chart)).toThrow('web is closed (default-denied)\n  no policy closes egress of labels:app=web@shop\n');
  web.allowTo(Peer.kubeDns(), Port.dnsProxy());
  expect(Testing.synth(chart)).toHaveLength(1);
});

test('what somebody adds counts, where a property says so', () => {
  const { chart, web } = shop();
  web.allowTo(Peer.kubeDns(), Port.dnsProxy());
  const apart = { isolated: { between: [WEB, { entities: 'world' }] } };
  const results = (more: object) =>
    (PolicyGuard.proofs(chart, { properties: { properties: [{ ...apart, ...more }] } }) as { result: string }[]).map(
      ({ result }) => result,
    );
  expect(results({})).toEqual(['fails']);
  const closed = { 'no-egress-except': { from: WEB, to: { podSelector: {} } } };
  const egress = (more: object) =>
    (PolicyGuard.proofs(chart, { properties: { properties: [{ ...closed, ...more }] } }) as { result: string }[]).map(
      ({ result }) => result,
    );
  expect([egress({}), egress({ 'whoever-writes-in': { namespace: 'shop' } })]).toEqual([['holds'], ['fails']]);
});

test('properties may be in a file', () => {
  mkdirSync('out/guard', { recursive: true });
  writeFileSync('out/guard/properties.yaml', JSON.stringify(CLOSED));
  const { chart, web } = shop();
  web.allowFrom(Peer.world(), Port.tcp(443));
  PolicyGuard.addTo(chart, { file: 'out/guard/properties.yaml' });
  expect(() => void Testing.synth(chart)).toThrow('fails    web is closed (default-denied), out/guard/properties.yaml:1:');
});

test.each<[object, string]>([
  [{}, 'PolicyGuard needs either file or properties'],
  [{ file: 'a.yaml', properties: CLOSED }, 'PolicyGuard needs either file or properties'],
  [{ propertys: CLOSED }, 'PolicyGuardOptions has no property `propertys`; did you mean `properties`?'],
  [{ properties: [] }, 'properties is a list, not a mapping'],
  [{ properties: { properties: [{ isolatd: {} }] } }, 'there is no property `isolatd`; did you mean `isolated`?'],
  [{ properties: { properties: [{ 'opens-only': [] }] } }, 'the property `opens-only` is about a change'],
  [{ file: 'nowhere.yaml' }, 'the properties `nowhere.yaml` cannot be read: '],
])('%j is refused when it is given', (options, message) => {
  expect(() => PolicyGuard.addTo(shop().chart, options)).toThrow(message);
});

/** The classes of `cdk8s import` and those of this package in one chart: both are checked and judged. */
import '../../lib/jest';
import { App, Chart, Testing } from 'cdk8s';
import { ImportedClasses } from '../../examples/imported-classes';
import * as imported from '../../imports/cilium.io';
import * as tiers from '../../imports/policy.networking.k8s.io';
import { CiliumPolicyChecks, ClusterNetworkPolicy, Peer, PolicySimulator, Port, Selector, Tier } from 'cdk8s-cilium';

const chart = () => new ImportedClasses(new App(), 'example');
const API = 'labels:app=api@shop';
const PROMETHEUS = 'labels:app=prometheus@monitoring';

test('the rules of both add up', () => {
  expect(chart()).toBeClean();
  expect(chart()).toAllow({ from: 'labels:app=web@shop', to: API, port: 8080 });
  expect(chart()).toAllow({ from: PROMETHEUS, to: API, port: 9090, http: { method: 'GET', path: '/metrics' } });
  expect(chart()).toDeny({ from: PROMETHEUS, to: API, port: 9090, http: { method: 'GET', path: '/debug' } });
  expect(chart()).toDeny({ from: PROMETHEUS, to: API, port: 8080 });
});

test('an explanation names the construct of either', () => {
  const simulator = PolicySimulator.ofChart(chart());
  const { explanation } = simulator.verdict({ source: PROMETHEUS, destination: API, port: 8080 });
  expect(explanation).toContain('default-deny because of example/Api /spec/ingress/0');
  expect(explanation).toContain('example/ApiMonitoring /spec/ingress/0');
});

test('a mistake that the imported class does not see stops the synthesis', () => {
  const app = new App();
  const old = new Chart(app, 'old');
  CiliumPolicyChecks.addTo(old);
  new imported.CiliumNetworkPolicy(old, 'Api', {
    metadata: {},
    spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: '70000' }] }] }] },
  });
  expect(() => app.synthYaml()).toThrow(/CIL213 malformed-port: .* created by old\/Api/);
});

test('the class of the tiers and the construct write the same', () => {
  const both = new Chart(new App(), 'both');
  new tiers.ClusterNetworkPolicy(both, 'Old', {
    metadata: {},
    spec: {
      tier: tiers.ClusterNetworkPolicySpecTier.ADMIN,
      priority: 1,
      subject: { namespaces: {} },
      egress: [
        {
          action: tiers.ClusterNetworkPolicySpecEgressAction.DENY,
          to: [{ networks: ['192.0.2.0/24'] }],
          protocols: [{ tcp: { destinationPort: { number: 80 } } }],
        },
      ],
    },
  });
  const made = new ClusterNetworkPolicy(both, 'New', { tier: Tier.ADMIN, priority: 1, subject: Selector.all() });
  made.denyTo(Peer.cidrs('192.0.2.0/24'), Port.tcp(80));
  const [old, typed] = (Testing.synth(both) as { spec: object }[]).map(({ spec }) => spec);
  expect(typed).toEqual(old);
});

/** A first rule in another direction would close it for every subject: no intent has a verb that could. */
import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { Manifest } from '../../support/synth';
import {
  AllowApiserver,
  DefaultDenyEgress,
  DefaultDenyIngress,
  DomainAllowlist,
  EgressAllowlist,
  HostFirewall,
  InfraBaseline,
  Peer,
  PolicySpec,
  Selector,
  ServiceGuard,
  TenantIsolation,
} from 'cdk8s-cilium';
import * as library from 'cdk8s-cilium';

const endpointSelector = Selector.labels({ app: 'a' });

const INTENTS: readonly (readonly [name: string, owns: string[], make: (scope: Construct, id: string) => Construct])[] = [
  ['DefaultDenyEgress', ['egress'], (scope, id) => new DefaultDenyEgress(scope, id)],
  ['DefaultDenyIngress', ['ingress'], (scope, id) => new DefaultDenyIngress(scope, id)],
  ['InfraBaseline', ['egress'], (scope, id) => new InfraBaseline(scope, id, { namespaceLabels: { role: 'infrastructure' } })],
  ['HostFirewall', ['ingress'], (scope, id) => new HostFirewall(scope, id)],
  ['TenantIsolation', ['egress', 'ingress'], (scope, id) => new TenantIsolation(scope, id, { namespaceLabels: { tenant: 'a' } })],
  ['AllowApiserver', ['egress'], (scope, id) => new AllowApiserver(scope, id)],
  ['DomainAllowlist', ['egress'], (scope, id) => new DomainAllowlist(scope, id, { endpointSelector, domains: ['a.example'] })],
  ['ServiceGuard', ['ingress'], (scope, id) => new ServiceGuard(scope, id, { endpointSelector, clients: [Peer.world()] })],
  ['EgressAllowlist', ['egress'], (scope, id) => new EgressAllowlist(scope, id, { endpointSelector, peers: [Peer.world()] })],
];

const VERBS = { allowFrom: 'ingress', denyFrom: 'ingress', allowTo: 'egress', denyTo: 'egress' } as const;

test.each(INTENTS)('%s has the verbs of %j and no others', (_, owns, make) => {
  const intent = make(new Chart(new App(), 'test'), 'Intent') as object;
  const verbs = Object.keys(VERBS).filter((verb) => verb in intent);
  expect(verbs).toEqual(Object.keys(VERBS).filter((verb) => owns.includes(VERBS[verb as keyof typeof VERBS])));
});

test.each(INTENTS)('no verb of %s closes a direction other than %j', (_, owns, make) => {
  const chart = new Chart(new App(), 'test');
  const intent = make(chart, 'Intent') as Partial<PolicySpec>;
  for (const verb of Object.keys(VERBS) as (keyof typeof VERBS)[]) {
    intent[verb]?.(Peer.health());
  }
  for (const { spec = {} } of Testing.synth(chart) as Manifest[]) {
    const closed = ['ingress', 'egress'].filter((direction) => direction in spec || `${direction}Deny` in spec);
    expect(closed.sort()).toEqual([...owns].sort());
  }
});

test('the table above lists every intent of the library', () => {
  const intents = Object.entries(library).filter(
    ([, value]) =>
      typeof value === 'function' && (value.prototype instanceof library.EgressIntent || value.prototype instanceof library.IngressIntent),
  );
  expect(intents.map(([name]) => name).sort()).toEqual(INTENTS.map(([name]) => name).sort());
});

import { manifest } from '../support/synth';
import { CiliumNetworkPolicy, EgressPeer, Entity, Peer, Selector } from 'cdk8s-cilium';

const db = Selector.labels({ app: 'db' });
const cache = Selector.labels({ app: 'cache' }).inNamespace('data');

test.each<[string, Peer, string, unknown[]]>([
  ['labels', Peer.labels({ app: 'a' }), 'Endpoints', [{ matchLabels: { app: 'a' } }]],
  [
    'several selectors',
    Peer.endpoints(db, cache),
    'Endpoints',
    [{ matchLabels: { app: 'db' } }, { matchLabels: { app: 'cache', 'io.kubernetes.pod.namespace': 'data' } }],
  ],
  ['its own namespace', Peer.sameNamespace(), 'Endpoints', [{}]],
  ['CoreDNS', Peer.kubeDns(), 'Endpoints', [{ matchLabels: { 'io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }]],
  ['every entity', Peer.entities(...Object.values(Entity)), 'Entities', Object.values(Entity)],
  ['the world', Peer.world(), 'Entities', ['world']],
  ['the cluster', Peer.cluster(), 'Entities', ['cluster']],
  ['its node', Peer.host(), 'Entities', ['host']],
  ['other nodes', Peer.remoteNodes(), 'Entities', ['remote-node']],
  ['all nodes', Peer.allNodes(), 'Entities', ['host', 'remote-node']],
  ['the API server', Peer.kubeApiserver(), 'Entities', ['kube-apiserver']],
  ['the ingress proxy', Peer.ingress(), 'Entities', ['ingress']],
  ['health checks', Peer.health(), 'Entities', ['health']],
  ['CIDRs', Peer.cidrs('192.0.2.0/24', '2001:db8::/32'), 'CIDR', ['192.0.2.0/24', '2001:db8::/32']],
  [
    'a CIDR with holes',
    Peer.cidrExcept('10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8'),
    'CIDRSet',
    [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.0.0.0/8'] }],
  ],
  ['CIDR groups', Peer.cidrGroups('a', 'b'), 'CIDRSet', [{ cidrGroupRef: 'a' }, { cidrGroupRef: 'b' }]],
  ['a CIDR group with holes', Peer.cidrGroupExcept('a', '10.0.0.0/8'), 'CIDRSet', [{ cidrGroupRef: 'a', except: ['10.0.0.0/8'] }]],
  [
    'CIDR groups that have one label and lack another',
    Peer.cidrGroupsLabeled(Selector.all().whereExists('site').whereNotIn('site', 'lab')),
    'CIDRSet',
    [
      {
        cidrGroupSelector: {
          matchExpressions: [
            { key: 'site', operator: 'Exists' },
            { key: 'site', operator: 'NotIn', values: ['lab'] },
          ],
        },
      },
    ],
  ],
  [
    'labelled CIDR groups with holes',
    Peer.cidrGroupsLabeledExcept(db, '10.0.0.0/8'),
    'CIDRSet',
    [{ cidrGroupSelector: { matchLabels: { app: 'db' } }, except: ['10.0.0.0/8'] }],
  ],
  ['labelled CIDR groups', Peer.cidrGroupsLabeled(db), 'CIDRSet', [{ cidrGroupSelector: { matchLabels: { app: 'db' } } }]],
  ['nodes', Peer.nodes(db, Selector.all()), 'Nodes', [{ matchLabels: { app: 'db' } }, {}]],
  ['AWS groups', Peer.awsGroups({ securityGroupsIds: ['sg-1'] }), 'Groups', [{ aws: { securityGroupsIds: ['sg-1'] } }]],
])('a peer can be %s, in all four sections', (_, peer, field, items) => {
  const { spec } = manifest((chart) => {
    const policy = new CiliumNetworkPolicy(chart, 'P', { endpointSelector: Selector.all() });
    policy.allowFrom(peer);
    policy.allowTo(peer);
    policy.denyFrom(peer);
    policy.denyTo(peer);
  });
  expect(spec).toEqual({
    endpointSelector: {},
    ingress: [{ [`from${field}`]: items }],
    ingressDeny: [{ [`from${field}`]: items }],
    egress: [{ [`to${field}`]: items }],
    egressDeny: [{ [`to${field}`]: items }],
  });
});

test.each<[string, EgressPeer, string, unknown[]]>([
  [
    'names and patterns',
    Peer.fqdns('api.example.com', '**.cdn.example.com', '*'),
    'FQDNs',
    [{ matchName: 'api.example.com' }, { matchPattern: '**.cdn.example.com' }, { matchPattern: '*' }],
  ],
  ['a Service', Peer.service('api', 'shop'), 'Services', [{ k8sService: { serviceName: 'api', namespace: 'shop' } }]],
  [
    'labelled Services',
    Peer.services(db, 'shop'),
    'Services',
    [{ k8sServiceSelector: { selector: { matchLabels: { app: 'db' } }, namespace: 'shop' } }],
  ],
])('a destination can be %s', (_, peer, field, items) => {
  const { spec } = manifest((chart) => new CiliumNetworkPolicy(chart, 'P', { endpointSelector: Selector.all() }).allowTo(peer));
  expect(spec?.egress).toEqual([{ [`to${field}`]: items }]);
});

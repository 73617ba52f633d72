import { manifest } from '../support/synth';
import {
  CiliumNetworkPolicy,
  EgressPeer,
  EgressTraffic,
  HeaderMatch,
  HttpRule,
  Icmp,
  Authentication,
  Mismatch,
  Peer,
  Port,
  Protocol,
  Selector,
} from 'cdk8s-cilium';

/** The egress rules of one `allowTo`. */
function egress(peer: EgressPeer, ...traffic: EgressTraffic[]): unknown {
  return manifest((chart) => new CiliumNetworkPolicy(chart, 'P', { endpointSelector: Selector.all() }).allowTo(peer, ...traffic)).spec
    ?.egress;
}

test.each<[string, Port, object]>([
  ['TCP', Port.tcp(80), { port: '80', protocol: 'TCP' }],
  ['UDP', Port.udp(53), { port: '53', protocol: 'UDP' }],
  ['SCTP', Port.sctp(3868), { port: '3868', protocol: 'SCTP' }],
  ['any protocol', Port.any(53), { port: '53', protocol: 'ANY' }],
  ['the first port', Port.tcp(1), { port: '1', protocol: 'TCP' }],
  ['the last port', Port.tcp(65535), { port: '65535', protocol: 'TCP' }],
  ['a range of TCP', Port.tcpRange(80, 444), { port: '80', endPort: 444, protocol: 'TCP' }],
  ['a range of UDP', Port.udpRange(80, 444), { port: '80', endPort: 444, protocol: 'UDP' }],
  ['a range of SCTP', Port.sctpRange(80, 444), { port: '80', endPort: 444, protocol: 'SCTP' }],
  ['a range of one', Port.tcpRange(80, 80), { port: '80', protocol: 'TCP' }],
  ['every TCP port', Port.allTcp(), { port: '0', protocol: 'TCP' }],
  ['every UDP port', Port.allUdp(), { port: '0', protocol: 'UDP' }],
  ['every SCTP port', Port.allSctp(), { port: '0', protocol: 'SCTP' }],
  ['a name', Port.named('dns', Protocol.UDP), { port: 'dns', protocol: 'UDP' }],
  ['a name over TCP', Port.tcpNamed('http'), { port: 'http', protocol: 'TCP' }],
  ...Object.values(Protocol).map((protocol): [string, Port, object] => [protocol, Port.protocol(protocol), { port: '0', protocol }]),
])('a port can say %s', (_, port, expected) => {
  expect(egress(Peer.cluster(), port)).toEqual([{ toEntities: ['cluster'], toPorts: [{ ports: [expected] }] }]);
});

test.each<[string, HttpRule, object]>([
  ['GET', HttpRule.get('/a'), { method: 'GET', path: '/a' }],
  ['HEAD', HttpRule.head('/a'), { method: 'HEAD', path: '/a' }],
  ['POST', HttpRule.post('/a'), { method: 'POST', path: '/a' }],
  ['PUT', HttpRule.put('/a'), { method: 'PUT', path: '/a' }],
  ['PATCH', HttpRule.patch('/a'), { method: 'PATCH', path: '/a' }],
  ['DELETE', HttpRule.del('/a'), { method: 'DELETE', path: '/a' }],
  ['DELETE, by the name that every language has', HttpRule.httpDelete('/a'), { method: 'DELETE', path: '/a' }],
  ['a gRPC method', HttpRule.grpc('shop.Cart', 'Add'), { method: 'POST', path: '/shop\\.Cart/Add' }],
  ['a gRPC service', HttpRule.grpc('Cart'), { method: 'POST', path: '/Cart/[^/]+' }],
  ['every request', HttpRule.of({}), {}],
  ['headers', HttpRule.get('/', { headers: ['X-A: b', 'X-C'] }), { method: 'GET', path: '/', headers: ['X-A: b', 'X-C'] }],
  [
    'header matches',
    HttpRule.get('/', {
      host: 'a\\.example',
      headerMatches: [
        HeaderMatch.equals('X-A', 'b'),
        HeaderMatch.present('X-C', { mismatch: Mismatch.ADD }),
        HeaderMatch.secret('X-D', 'ns', 's'),
      ],
    }),
    {
      method: 'GET',
      path: '/',
      host: 'a\\.example',
      headerMatches: [
        { name: 'X-A', value: 'b' },
        { name: 'X-C', mismatch: 'ADD' },
        { name: 'X-D', secret: { namespace: 'ns', name: 's' } },
      ],
    },
  ],
])('an HTTP rule can say %s', (_, rule, expected) => {
  expect(egress(Peer.world(), Port.tcp(80).http(rule))).toEqual([
    { toEntities: ['world'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [expected] } }] },
  ]);
});

test('plain ports share one entry, each refined port has its own, ICMP has a rule of its own', () => {
  expect(
    egress(
      Peer.world(),
      Port.tcp(1),
      Port.tcp(2).http(HttpRule.of({})),
      Icmp.echoRequest(),
      Port.udp(3),
      Port.udp(4).dns('*', 'example.com'),
      Icmp.v6(135),
    ),
  ).toEqual([
    {
      toEntities: ['world'],
      toPorts: [
        {
          ports: [
            { port: '1', protocol: 'TCP' },
            { port: '3', protocol: 'UDP' },
          ],
        },
        { ports: [{ port: '2', protocol: 'TCP' }], rules: { http: [{}] } },
        { ports: [{ port: '4', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }, { matchName: 'example.com' }] } },
      ],
    },
    {
      toEntities: ['world'],
      icmps: [
        {
          fields: [
            { family: 'IPv4', type: 'EchoRequest' },
            { family: 'IPv6', type: 135 },
          ],
        },
      ],
    },
  ]);
});

test.each([
  [40, [40]],
  [41, [40, 1]],
  [80, [40, 40]],
])('%i ports are written in entries of %j, since an entry holds 40', (count, sizes) => {
  const ports = Array.from({ length: count }, (_, i) => Port.tcp(i + 1));
  const [rule] = egress(Peer.world(), ...ports) as { toPorts: { ports: unknown[] }[] }[];
  expect(rule.toPorts.map((entry) => entry.ports.length)).toEqual(sizes);
});

test('41 ICMP types are written in two entries, since an entry holds 40', () => {
  const types = Array.from({ length: 41 }, (_, i) => Icmp.v4(i + 1));
  const [rule] = egress(Peer.world(), ...types) as { icmps: { fields: unknown[] }[] }[];
  expect(rule.icmps.map((entry) => entry.fields.length)).toEqual([40, 1]);
});

test('anybody is written as no peer with ports, and as the entity all without, since an empty rule matches nobody', () => {
  expect(egress(Peer.any(), Port.tcp(80))).toEqual([{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }]);
  expect(egress(Peer.any(), Icmp.v4(3))).toEqual([{ icmps: [{ fields: [{ family: 'IPv4', type: 3 }] }] }]);
  expect(egress(Peer.any())).toEqual([{ toEntities: ['all'] }]);
  expect(egress(Peer.any(), Authentication.required())).toEqual([{ toEntities: ['all'], authentication: { mode: 'required' } }]);
});

test('authentication stands on every rule of the call', () => {
  expect(egress(Peer.world(), Port.tcp(80), Icmp.v4(3), Authentication.alwaysFail())).toEqual([
    { toEntities: ['world'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }], authentication: { mode: 'test-always-fail' } },
    { toEntities: ['world'], icmps: [{ fields: [{ family: 'IPv4', type: 3 }] }], authentication: { mode: 'test-always-fail' } },
  ]);
});

test('TLS and server names add up with HTTP, and with a listener', () => {
  const tls = { secretName: 'keys' };
  const requests = Port.tcp(443).http(HttpRule.get('/')).serverNames('a.example').terminatingTls(tls).originatingTls({ secretName: 'ca' });
  const listened = Port.tcp(8443)
    .listener({ name: 'l', envoyConfig: 'e' })
    .serverNames('*.example')
    .terminatingTls(tls)
    .originatingTls(tls);
  expect(egress(Peer.world(), requests, listened)).toEqual([
    {
      toEntities: ['world'],
      toPorts: [
        {
          ports: [{ port: '443', protocol: 'TCP' }],
          rules: { http: [{ method: 'GET', path: '/' }] },
          serverNames: ['a.example'],
          terminatingTLS: { secret: { name: 'keys' } },
          originatingTLS: { secret: { name: 'ca' } },
        },
        {
          ports: [{ port: '8443', protocol: 'TCP' }],
          listener: { name: 'l', envoyConfig: { name: 'e' } },
          serverNames: ['*.example'],
          terminatingTLS: { secret: { name: 'keys' } },
          originatingTLS: { secret: { name: 'keys' } },
        },
      ],
    },
  ]);
});

test.each([1, 100])('a listener can have priority %i', (priority) => {
  expect(egress(Peer.world(), Port.tcp(80).listener({ name: 'l', envoyConfig: 'e', priority }))).toEqual([
    {
      toEntities: ['world'],
      toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], listener: { name: 'l', envoyConfig: { name: 'e' }, priority } }],
    },
  ]);
});

test('a port never changes: every refinement makes a new one', () => {
  const port = Port.tcp(443);
  port.http(HttpRule.get('/'));
  const refined = port.serverNames('a');
  refined.terminatingTls({ secretName: 's' });
  expect(egress(Peer.world(), port)).toEqual([{ toEntities: ['world'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }]);
  expect(egress(Peer.world(), refined)).toEqual([
    { toEntities: ['world'], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['a'] }] },
  ]);
});

test('what is handed over and changed later changes nothing', () => {
  const headers = ['X-A: 1'];
  const rule = HttpRule.get('/', { headers });
  headers.push('X-B: 2');
  expect(rule._render()).toMatchObject({ headers: ['X-A: 1'] });
});

test.each(['/[^/]*', '/users/[0-9]*/x', '/api/[a-z]*\\.json', '/[\\w-]*', '/files/[^/*]+', '^/x', '(/a|/b)', '.*'])(
  'a path may be the expression %s',
  (path) => {
    expect(HttpRule.get(path)).toBeInstanceOf(HttpRule);
  },
);

test.each(['[^./]+\\.example\\.com', 'example\\.com(:[0-9]+)?'])('a host may be the expression %s', (host) => {
  expect(HttpRule.of({ host })).toBeInstanceOf(HttpRule);
});

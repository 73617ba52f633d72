/** Generates flows in the format of the oracle and of `batch`. */
import fc from 'fast-check';
import { among, members, weighted } from './choices';
import type { Places } from './inventory';
import type { Json } from './json';
import type { Universe } from './universe';

/** An end of a flow. It has exactly one kind. `namespace` and the fields after it are only for `labels`. */
export interface Place {
  readonly pod?: string;
  readonly node?: string;
  readonly ip?: string;
  readonly fqdn?: string;
  readonly service?: string;
  readonly entity?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  /** Another cluster of a mesh, if it is not the local one. */
  readonly cluster?: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** A TCP port number, or `NUMBER/PROTOCOL`. */
  readonly namedPorts?: Readonly<Record<string, number | string>>;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Flow {
  readonly from: Place;
  readonly to: Place;
  readonly protocol: string;
  readonly port?: number;
  /** The ICMP type: its number or Cilium's name. */
  readonly type?: number | string;
  /** The ICMP code. */
  readonly code?: number;
  readonly http?: HttpRequest;
  /** The name in a DNS query. */
  readonly dns?: string;
  /** The server name in a TLS handshake. */
  readonly sni?: string;
}

/** Flows between the places of a world. Half of them are aimed at rules. A few cannot be judged, to test these errors too. */
export function flows(universe: Universe, places: Places, aims: readonly Flow[], count: number): fc.Arbitrary<Flow[]> {
  const flow = weighted(
    ...aims.slice(0, 1).map(() => [80, aimed(universe, aims)] as const),
    [60, connections(universe, places)],
    ...places.services.slice(0, 1).map(() => [7, toServices(places)] as const),
    [6, lookups(places)],
    [1, mistakes(places)],
  );
  return fc.array(flow, { minLength: count, maxLength: count });
}

function aimed(universe: Universe, aims: readonly Flow[]): fc.Arbitrary<Flow> {
  return fc.tuple(among(...aims), requests(universe)).map(([aim, request]) => (aim.protocol === 'TCP' ? { ...aim, ...request } : aim));
}

function ends(universe: Universe, places: Places, pods: number): fc.Arbitrary<Place> {
  return weighted<Place>(
    [pods, among(...places.pods).map((pod) => ({ pod }))],
    [14, among(...places.addresses).map((ip) => ({ ip }))],
    [12, among('world', 'host', 'remote-node', 'kube-apiserver', 'health', 'ingress', 'init', 'unmanaged').map((entity) => ({ entity }))],
    [places.names.length > 0 ? 8 : 0, among(...places.names, '').map((fqdn) => ({ fqdn: fqdn || places.names[0] }))],
    [6, among(...places.nodes).map((node) => ({ node }))],
    [6, possiblePods(universe)],
  );
}

/** A hypothetical pod. */
function possiblePods(universe: Universe): fc.Arbitrary<Place> {
  const labels = members(Object.fromEntries(universe.labels.map(({ key, values }) => [key, [70, among<Json>(...values)] as const])));
  return fc.record(
    {
      labels: labels.map((given) => given as Record<string, string>),
      namespace: among(...universe.namespaces),
      serviceAccount: among(...universe.serviceAccounts),
      namespaceLabels: fc.constant({ team: 'red' }),
      namedPorts: among<Record<string, number | string>>({ http: 8080 }, { dns: '53/UDP' }),
      cluster: among('east', 'west', 'default'),
    },
    { requiredKeys: ['labels', 'namespace'] },
  );
}

function connections(universe: Universe, places: Places): fc.Arbitrary<Flow> {
  return fc
    .record({
      from: ends(universe, places, 70),
      to: ends(universe, places, 50),
      traffic: traffic(universe),
      request: requests(universe),
    })
    .map(({ from, to, traffic: given, request }) => ({ from, to, ...given, ...(given.protocol === 'TCP' && request) }));
}

type Traffic = Pick<Flow, 'protocol' | 'port' | 'type' | 'code'>;

function traffic({ ports }: Universe): fc.Arbitrary<Traffic> {
  const near = ports.flatMap((port) => [port, port, port, port + 1]);
  const port = weighted([6, among(...near)], [1, among(1, 1000, 65535)]);
  const numbered = (protocol: string) => port.map((number) => ({ protocol, port: number }));
  return weighted<Traffic>(
    [60, numbered('TCP')],
    [18, numbered('UDP')],
    [5, numbered('SCTP')],
    [6, among<number | string>(0, 3, 8, 11, 'EchoRequest', 'TimeExceeded').map((type) => ({ protocol: 'ICMP', type }))],
    [2, among(0, 3, 4).map((code) => ({ protocol: 'ICMP', type: 3, code }))],
    [3, among<number | string>(1, 128, 135, 'EchoRequest').map((type) => ({ protocol: 'ICMPv6', type }))],
    [4, among('VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH').map((protocol) => ({ protocol }))],
  );
}

/** A request on the connection, usually HTTP. */
function requests({ headerValues }: Universe): fc.Arbitrary<Pick<Flow, 'http' | 'dns' | 'sni'>> {
  const http = fc.record({
    method: among('GET', 'POST', 'HEAD', 'get'),
    path: among('/', '/public', '/public/x', '/v1/users', '/api/7', '/health', '/v1/?q=1'),
    host: among('api.example.com', 'shop.local', 'api.example.com:8080'),
    headers: among<Record<string, string>>(
      {},
      { 'x-tenant': headerValues[0] },
      { 'X-Tenant': headerValues[1], Authorization: headerValues[0] },
    ),
  });
  return weighted<Pick<Flow, 'http' | 'dns' | 'sni'>>(
    [5, fc.constant({})],
    [4, http.map((request) => ({ http: request }))],
    [2, among('api.example.com', 'example.com', 'a.b.example.com').map((sni) => ({ sni }))],
    [1, among('api.example.com', 'x.org').map((dns) => ({ dns }))],
  );
}

/** A DNS query to some pod or address. */
function lookups(places: Places): fc.Arbitrary<Flow> {
  return fc.record({
    from: among(...places.pods).map((pod) => ({ pod })),
    to: weighted<Place>([3, among(...places.pods).map((pod) => ({ pod }))], [1, among(...places.addresses).map((ip) => ({ ip }))]),
    protocol: among('UDP', 'TCP'),
    port: fc.constant(53),
    dns: among('api.example.com', 'Example.com.', 'db.shop.svc.cluster.local', 'x.org', 'a.b.example.com', 'example.com'),
  });
}

function toServices(places: Places): fc.Arbitrary<Flow> {
  const from = weighted<Place>(
    [6, among(...places.pods).map((pod) => ({ pod }))],
    [1, among(...places.addresses).map((ip) => ({ ip }))],
    [1, among('world', 'host').map((entity) => ({ entity }))],
  );
  return fc.tuple(from, among(...places.services)).chain(([source, { service, port, protocol, addresses }]) => {
    const ofNodes = addresses.filter((one) => one.port !== undefined).slice(0, 1);
    const ends: readonly [Place, number][] = [
      [{ service }, port],
      ...addresses.map((one): [Place, number] => [{ ip: one.ip }, one.port ?? port]),
      ...ofNodes.flatMap((one) =>
        ['host', 'remote-node', 'kube-apiserver'].map((entity): [Place, number] => [{ entity }, one.port ?? port]),
      ),
    ];
    return fc
      .tuple(among(...ends), weighted([9, among(0)], [1, among(1)]))
      .map(([[to, at], more]): Flow => ({ from: source, to, protocol, port: at + more }));
  });
}

function mistakes(places: Places): fc.Arbitrary<Flow> {
  const pod = { pod: places.pods[0] };
  return among<Flow>(
    { from: { pod: 'shop/nobody' }, to: pod, protocol: 'TCP', port: 80 },
    { from: pod, to: { fqdn: 'nobody.example' }, protocol: 'TCP', port: 80 },
    { from: pod, to: { service: 'shop/nobody' }, protocol: 'TCP', port: 80 },
    { from: pod, to: { ip: '10.0.0' }, protocol: 'TCP', port: 80 },
    { from: pod, to: { entity: 'everybody' }, protocol: 'TCP', port: 80 },
    { from: pod, to: pod, protocol: 'TCP', port: 70000 },
    { from: pod, to: pod, protocol: 'TCP' },
    { from: pod, to: pod, protocol: 'ICMP', type: 'Ping' },
    { from: pod, to: pod, protocol: 'QUIC', port: 80 },
    { from: pod, to: {}, protocol: 'TCP', port: 80 },
    { from: { service: 'shop/web' }, to: pod, protocol: 'TCP', port: 80 },
  );
}

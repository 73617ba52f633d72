import { parseFlow, parseEnd } from '../../lib/read/flow';

test.each([
  ['shop/web', { is: 'pod', name: 'shop/web' }],
  ['pod:shop/web', { is: 'pod', name: 'shop/web' }],
  [
    'labels:app=web,tier=front@shop',
    { is: 'labels', labels: { app: 'web', tier: 'front' }, namespace: 'shop', serviceAccount: '', ports: [] },
  ],
  ['labels:@shop', { is: 'labels', labels: {}, namespace: 'shop', serviceAccount: '', ports: [] }],
  ['ip:192.0.2.1', { is: 'ip', address: { version: 4, value: 0xc0000201n } }],
  ['ip:2001:db8::1', { is: 'ip', address: { version: 6, value: 0x20010db8000000000000000000000001n } }],
  // The kernel sends a packet to such an address as IPv4.
  ['ip:::ffff:192.0.2.1', { is: 'ip', address: { version: 4, value: 0xc0000201n } }],
  ['fqdn:api.example.com', { is: 'fqdn', name: 'api.example.com' }],
  ['entity:world', { is: 'entity', name: 'world' }],
  ['node:n1', { is: 'node', name: 'n1' }],
  ['service:shop/web', { is: 'service', name: 'shop/web' }],
  [{ pod: 'shop/web' }, { is: 'pod', name: 'shop/web' }],
  [
    {
      labels: { app: 'web' },
      namespace: 'shop',
      serviceAccount: 'web',
      namespaceLabels: { team: 'red' },
      namedPorts: { HTTP: 8080, dns: '53/UDP' },
    },
    {
      is: 'labels',
      labels: { app: 'web' },
      namespace: 'shop',
      serviceAccount: 'web',
      namespaceLabels: { team: 'red' },
      ports: [
        { name: 'http', number: 8080, protocol: 'TCP' },
        { name: 'dns', number: 53, protocol: 'UDP' },
      ],
    },
  ],
])('%j is an end', (written, place) => {
  expect(parseEnd(written)).toEqual({ ok: true, value: place });
});

test.each([
  [undefined, 'the endpoint is missing', undefined],
  [7, 'an endpoint must be a string or a mapping, not an integer', undefined],
  [
    'web',
    '`web` is not a valid endpoint',
    'write `ns/pod`, `labels:app=web@ns`, `ip:…`, `fqdn:…`, `entity:…`, `node:…` or `service:ns/name`',
  ],
  ['world', '`world` is not a valid endpoint', 'did you mean `entity:world`?'],
  ['192.0.2.1', '`192.0.2.1` is not a valid endpoint', 'did you mean `ip:192.0.2.1`?'],
  ['entity:wrold', '`wrold` is not an entity that can be an endpoint', 'did you mean `world`?'],
  ['ip:300.1.1.1', '`300.1.1.1` is not a valid IP address', 'write one address, for example `192.0.2.1` or `2001:db8::1`'],
  ['labels:a=1,b=2,a=3@shop', '`labels:a=1,b=2,a=3@shop`: label `a` is given twice', 'give each label once'],
  ['service:web', '`service:web` has no namespace', 'write `service:NAMESPACE/NAME`'],
  ['labels:app=web', '`labels:app=web` is not a valid endpoint', 'write `labels:KEY=VALUE,KEY=VALUE@NAMESPACE`'],
  ['labels:app@shop', '`labels:app@shop` is not a valid endpoint', 'write `labels:KEY=VALUE,KEY=VALUE@NAMESPACE`'],
  [{}, 'an endpoint needs exactly one of pod, node, ip, fqdn, service, entity, labels; it has none', undefined],
  [
    { pod: 'a/b', node: 'n' },
    'an endpoint needs exactly one of pod, node, ip, fqdn, service, entity, labels; it has pod and node',
    undefined,
  ],
  [{ pod: 7 }, '`pod` must be a string, not an integer', undefined],
  [{ labels: {} }, 'an endpoint by `labels` needs a `namespace`', undefined],
  [{ labels: 7, namespace: 'a' }, '`labels` must be a mapping, not an integer', undefined],
  [{ labels: {}, namespace: 'a', namespaceLabels: [] }, '`namespaceLabels` must be a mapping, not a list', undefined],
  [
    { pod: 'a/b', serviceAccont: 'c' },
    'an endpoint by `pod` has no field `serviceAccont`',
    'write one of `pod`, `node`, `ip`, `fqdn`, `service`, `entity`, `labels`',
  ],
  [
    { labels: {}, namespace: 'a', serviceAccont: 'c' },
    'an endpoint by `labels` has no field `serviceAccont`',
    'did you mean `serviceAccount`?',
  ],
  [
    { labels: {}, namespace: 'a', namedPorts: { http: 0 } },
    'named port `http` has invalid value `0`',
    'write a number, or a number with a protocol such as `53/UDP`',
  ],
])('%j is rejected: %s', (written, problem, help) => {
  expect(parseEnd(written)).toEqual({ ok: false, problem, help });
});

const ENDS = { from: 'a/b', to: 'c/d' };

test.each([
  [{ port: 80 }, { protocol: 'TCP', port: 80 }],
  [
    { protocol: 'udp', port: 53 },
    { protocol: 'UDP', port: 53 },
  ],
  [
    { protocol: 'ICMP', type: 'EchoRequest' },
    { protocol: 'ICMP', port: 8 },
  ],
  [
    { protocol: 'ICMPv6', type: '128' },
    { protocol: 'ICMPv6', port: 128 },
  ],
  [{ protocol: 'GRE' }, { protocol: 'GRE', port: 0 }],
  [
    { port: 80, http: { method: 'GET', path: '/' } },
    { protocol: 'TCP', port: 80, http: { method: 'GET', path: '/', host: '', headers: {} } },
  ],
  [
    { port: 53, dns: 'a.example.com' },
    { protocol: 'TCP', port: 53, dns: 'a.example.com' },
  ],
])('%j is traffic', (written, traffic) => {
  expect(parseFlow({ ...ENDS, ...written })).toMatchObject({ ok: true, value: traffic });
});

test.each([
  [{}, '`port` is missing'],
  [{ port: 0 }, 'port `0` is not between 1 and 65535'],
  [{ port: 70_000 }, 'port `70000` is not between 1 and 65535'],
  [{ port: 1.5 }, 'port `1.5` is not between 1 and 65535'],
  [{ port: '80' }, 'port `"80"` is a string'],
  [{ protocol: 'TPC', port: 80 }, 'unknown protocol `TPC`'],
  [{ protocol: 'ICMP' }, 'the ICMP type is missing'],
  [{ protocol: 'ICMP', type: 256 }, 'ICMP type 256 is out of range'],
  [{ port: 80, http: {}, sni: 'a' }, 'a flow can have only one request, but it has `http` and `sni`'],
  [{ port: 80, http: 'GET /' }, '`http` is not a mapping'],
  [{ port: 80, dns: 7 }, '`dns` is not a string'],
  [{ prot: 80 }, 'a flow has no field `prot`'],
  [{ from: 'nobody', port: 80 }, 'from: `nobody` is not a valid endpoint'],
  [{ to: undefined, port: 80 }, 'to: the endpoint is missing'],
])('%j cannot be judged: %s', (written, problem) => {
  expect(parseFlow({ ...ENDS, ...written })).toMatchObject({ ok: false, problem });
});

test.each([null, 7, 'a', []])('%j is not a flow', (value) => {
  expect(parseFlow(value)).toMatchObject({ ok: false });
});

/** security/policy/layer4.rst, layer7.rst and security/grpc.rst. */
import type { JsonObject } from '../../lib/model/json';
import { ask, claim, differs, http, open, Page, unasked, validate } from './claim';
import { labelled, node, pod, policy, ports, service } from './objects';

const L4 = 'security/policy/layer4.rst';
const L7 = 'security/policy/layer7.rst';
const OPEN = 'allowed by not-enforced';
const CLOSED = 'denied by default-deny';
const RULE = 'allowed by rule';

const CLUSTER = [
  node('n1', ['192.168.1.1']),
  node('n2', ['192.168.1.2']),
  pod('shop/a', 'n1', '10.0.1.5'),
  pod('shop/b', 'n1', '10.0.1.6'),
  pod('shop/web', 'n2', '10.0.2.7'),
];
const ingress = (...rules: JsonObject[]) => policy('web', { ingress: rules });
const egress = (...rules: JsonObject[]) => policy('a', { egress: rules });
const toWeb = (traffic: string, ...rules: JsonObject[]) => ask([...CLUSTER, ingress(...rules)], 'shop/a', 'shop/web', traffic);
const toWorld = (traffic: string, ...rules: JsonObject[]) => ask([...CLUSTER, egress(...rules)], 'shop/a', 'entity:world', traffic);
const RANGE = [{ ports: [{ port: '80', endPort: 444, protocol: 'TCP' }] }];
const ICMP = {
  icmps: [
    {
      fields: [
        { type: 8, family: 'IPv4' },
        { type: 'EchoRequest', family: 'IPv6' },
      ],
    },
  ],
};
const SNI = { toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['one.one.one.one'] }] };

export const PORTS: Page = {
  title: 'Ports, ICMP and server names (layer4.rst)',
  claims: [
    claim(`${L4}:15`, 'ports limit peers, or stand alone', toWeb('80', { toPorts: ports('80') }), `${OPEN} → ${RULE}`),
    claim(`${L4}:17`, 'a rule without ports takes all ports', toWeb('1234/UDP', { fromEndpoints: [{}] }), `${OPEN} → ${RULE}`),
    claim(`${L4}:19`, 'and ICMP', toWeb('ICMP/8', { fromEndpoints: [{}] }), `${OPEN} → ${RULE}`),
    claim(`${L4}:19`, 'with ports, ICMP is closed', toWeb('ICMP/8', { toPorts: ports('80') }), `${OPEN} → ${CLOSED}`),
    claim(
      `${L4}:20`,
      'the message "fragmentation needed" passes',
      toWeb('ICMP/3/4', { toPorts: ports('80') }),
      `${OPEN} → ${OPEN}`,
      differs('it passes whatever connection it is about: `bpf/lib/policy.h`, allow-icmp-frag-needed'),
    ),
    claim(
      `${L4}:21`,
      'the port of a Service is translated first: the port of the pod counts',
      ask([...CLUSTER, service(), egress({ toPorts: ports('9090') })], 'shop/a', 'service:shop/web', '80'),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${L4}:21`,
      'and the port of the Service does not',
      ask([...CLUSTER, service(), egress({ toPorts: ports('80') })], 'shop/a', 'service:shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(`${L4}:32`, 'a port may have a name', toWeb('9090', { toPorts: ports('http') }), `${OPEN} → ${RULE}`),
    claim(
      `${L4}:33`,
      '`endPort` beside a name is ignored',
      validate(ingress({ toPorts: [{ ports: [{ port: 'http', endPort: 90, protocol: 'TCP' }] }] })),
      'accepted',
    ),
    claim(
      `${L4}:36`,
      '`endPort` is a number',
      validate(ingress({ toPorts: [{ ports: [{ port: '80', endPort: '90' }] }] })),
      'rejected by API server and agent (CIL101 CIL240)',
    ),
    claim(`${L4}:42`, 'without a protocol, TCP matches', toWeb('80', { toPorts: [{ ports: [{ port: '80' }] }] }), `${OPEN} → ${RULE}`),
    claim(`${L4}:42`, 'and UDP', toWeb('80/UDP', { toPorts: [{ ports: [{ port: '80' }] }] }), `${OPEN} → ${RULE}`),
    claim(
      `${L4}:43`,
      'protocols are TCP, UDP and ANY',
      validate(ingress({ toPorts: ports('80/SCTP') })),
      'accepted',
      differs('SCTP and protocols without ports are accepted too: `pkg/policy/api/l4.go`'),
    ),
    claim(
      `${L4}:45`,
      'ICMP is no protocol of a port',
      validate(ingress({ toPorts: ports('80/ICMP') })),
      'rejected by API server and agent (CIL104 CIL215)',
    ),
    claim(`${L4}:54`, 'a rule for TCP 80 allows TCP 80 to everywhere', toWorld('80', { toPorts: ports('80') }), `${RULE} → n/a`),
    claim(`${L4}:54`, 'and not UDP 80', toWorld('80/UDP', { toPorts: ports('80') }), `${CLOSED} → n/a`),
    claim(`${L4}:63`, 'a range contains its ends', toWorld('444', { toPorts: RANGE }), `${RULE} → n/a`),
    claim(`${L4}:63`, 'and nothing beyond', toWorld('445', { toPorts: RANGE }), `${CLOSED} → n/a`),
    claim(`${L4}:69`, 'HTTP rules take port ranges', validate(ingress({ toPorts: [{ ...RANGE[0], rules: { http: [{}] } }] })), 'accepted'),
    claim(
      `${L4}:74`,
      'labels and ports: both hold',
      toWeb('80', { fromEndpoints: [labelled({ app: 'a' })], toPorts: ports('80') }),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${L4}:76`,
      'other labels are closed',
      toWeb('80', { fromEndpoints: [labelled({ app: 'b' })], toPorts: ports('80') }),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${L4}:78`,
      'other ports are closed',
      toWeb('81', { fromEndpoints: [labelled({ app: 'a' })], toPorts: ports('80') }),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${L4}:90`,
      'endpoints without the label of the subject get nothing from its rule',
      ask(
        [...CLUSTER, egress({ toCIDR: ['192.0.2.0/24'], toPorts: ports('80') }), policy('b', { egress: [{}] })],
        'shop/b',
        'ip:192.0.2.7',
        '80',
      ),
      `${CLOSED} → n/a`,
    ),
    claim(`${L4}:103`, 'an ICMP type is a number', toWorld('ICMP/8', ICMP), `${RULE} → n/a`),
    claim(`${L4}:103`, 'or a name', ask([...CLUSTER, egress(ICMP)], 'shop/a', 'entity:world', 'ICMP/EchoRequest'), `${RULE} → n/a`),
    claim(`${L4}:104`, 'with an ICMP rule, ports are closed', toWorld('80', ICMP), `${CLOSED} → n/a`),
    claim(`${L4}:104`, 'and other ICMP types', toWorld('ICMP/0', ICMP), `${CLOSED} → n/a`),
    claim(
      `${L4}:119`,
      'the family is IPv4 by default',
      ask([...CLUSTER, egress({ icmps: [{ fields: [{ type: 128 }] }] })], 'shop/a', 'shop/web', 'ICMPv6/128'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L4}:128`,
      'a type has 8 bits',
      validate(egress({ icmps: [{ fields: [{ type: 256 }] }] })),
      'accepted',
      differs('a number is not checked: the pattern of the CRD applies to texts, and `pkg/policy/api/icmp.go` compares names only'),
    ),
    claim(
      `${L4}:130`,
      'names belong to a family',
      validate(egress({ icmps: [{ fields: [{ type: 'PacketTooBig', family: 'IPv4' }] }] })),
      'rejected by agent (CIL233)',
    ),
    claim(
      `${L4}:107`,
      '`icmps` stands beside no `toPorts`',
      validate(egress({ ...ICMP, toPorts: ports('80') })),
      'rejected by agent (CIL230)',
    ),
    claim(
      `${L4}:151`,
      'ICMPv6 echo requests pass',
      ask([...CLUSTER, egress(ICMP)], 'shop/a', 'shop/web', 'ICMPv6/128'),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${L4}:168`,
      'a TLS handshake with the server name passes',
      ask([...CLUSTER, egress(SNI)], 'shop/a', 'entity:world', '443', { request: { sni: 'one.one.one.one' } }),
      'allowed by rule to tls → n/a, sni allowed',
    ),
    claim(
      `${L4}:178`,
      'another one does not',
      ask([...CLUSTER, egress(SNI)], 'shop/a', 'entity:world', '443', { request: { sni: 'cilium.io' } }),
      'allowed by rule to tls → n/a, sni denied',
    ),
    claim(
      `${L4}:169`,
      'server names are for egress',
      validate(ingress(SNI)),
      'accepted',
      differs('the agent accepts them in ingress: `pkg/policy/api/rule_validation.go`'),
    ),
    claim(
      `${L4}:175`,
      'they need the L7 proxy',
      ask([...CLUSTER, egress(SNI)], 'shop/a', 'entity:world', '443', { config: { 'enable-l7-proxy': 'false' } }),
      'unknown → n/a',
      open('without the proxy the redirect has no port, and the rule lets nothing pass: `pkg/policy/l4.go`, makeMapStateEntry'),
    ),
  ],
};

const HTTP = (...rules: JsonObject[]) => ({ toPorts: ports('80', { http: rules }) });
const get = (request: string, ...rules: JsonObject[]) => ask([...CLUSTER, ingress(...rules)], 'shop/a', 'shop/web', '80', http(request));
const PASSES = `${OPEN} → allowed by rule to http, http allowed`;
const REFUSED = `${OPEN} → allowed by rule to http, http denied`;
const HEADER = { method: 'PUT', path: '/path2$', headers: ['X-My-Header: true'] };
const put = (headers: Readonly<Record<string, string>>) =>
  ask([...CLUSTER, ingress(HTTP({ method: 'GET', path: '/path1$' }, HEADER))], 'shop/a', 'shop/web', '80', http('PUT /path2', headers));
const DOOR = HTTP({ method: 'POST', path: '/cloudcity.DoorManager/GetName' });

export const REQUESTS: Page = {
  title: 'Requests (layer7.rst, grpc.rst)',
  claims: [
    claim(
      `${L7}:18`,
      'rules of two kinds on one port are rejected',
      validate(egress({ toPorts: [{ ports: [{ port: '53', protocol: 'TCP' }], rules: { http: [{}], dns: [{ matchPattern: '*' }] } }] })),
      'rejected by API server and agent (CIL110 CIL222)',
    ),
    claim(`${L7}:20`, 'an empty list of rules adds no rules', get('DELETE /x', HTTP()), `${OPEN} → allowed by rule, http allowed`),
    claim(`${L7}:34`, 'L7 rules of several rules on one port add up', get('GET /b', HTTP({ path: '/a' }), HTTP({ path: '/b' })), PASSES),
    claim(
      `${L7}:36`,
      'rules of different kinds on one port do not combine',
      ask(
        [...CLUSTER, egress({ toPorts: ports('53', { http: [{}] }) }, { toPorts: ports('53', { dns: [{ matchPattern: '*' }] }) })],
        'shop/a',
        'entity:world',
        '53',
      ),
      'the policy does not resolve: cannot merge conflicting L7 parsers (http/dns)',
      differs('the agent accepts the policy, and the endpoint gets none: `pkg/policy/l4.go`'),
    ),
    claim(`${L7}:39`, 'one rule that matches is enough', get('POST /a', HTTP({ method: 'GET' }, { path: '/a' })), PASSES),
    claim(`${L7}:39`, 'a rule without conditions permits all requests', get('DELETE /x', HTTP({})), PASSES),
    claim(
      `${L7}:42`,
      'an L4 rule on the same port takes the effect of L7 rules',
      get('GET /x', HTTP({ path: '/public' }), { toPorts: ports('80') }),
      PASSES,
    ),
    claim(`${L7}:46`, 'a refused request drops no packet: the connection is allowed', get('GET /x', HTTP({ path: '/public' })), REFUSED),
    claim(
      `${L7}:52`,
      'HTTP rules take port ranges',
      ask(
        [...CLUSTER, ingress({ toPorts: [{ ...RANGE[0], rules: { http: [{ path: '/a' }] } }] })],
        'shop/a',
        'shop/web',
        '100',
        http('GET /b'),
      ),
      REFUSED,
    ),
    unasked(`${L7}:61`, 'L7 traffic depends on the Envoy of the node', 'whether programs run is not judged'),
    claim(`${L7}:75`, 'a path is an expression for the whole path', get('GET /public/x', HTTP({ path: '/public' })), REFUSED),
    claim(
      `${L7}:75`,
      'in POSIX syntax',
      get('GET /item/7', HTTP({ path: '/item/\\d' })),
      PASSES,
      differs('the syntax is RE2, with `\\d`: `pkg/policy/api/http.go`, and Envoy'),
    ),
    claim(
      `${L7}:77`,
      'a path begins with a slash',
      validate(ingress(HTTP({ path: 'public' }))),
      'accepted',
      differs('the agent does not check it: `pkg/policy/api/http.go`; the rule matches nothing'),
    ),
    claim(`${L7}:78`, 'without a path all paths match', get('GET /any', HTTP({ method: 'GET' })), PASSES),
    claim(`${L7}:81`, 'a method is an expression', get('PUT /x', HTTP({ method: 'GET|PUT' })), PASSES),
    claim(`${L7}:82`, 'without a method all methods match', get('PATCH /a', HTTP({ path: '/a' })), PASSES),
    claim(
      `${L7}:86`,
      'a host is an expression',
      ask([...CLUSTER, ingress(HTTP({ host: 'foo.com' }))], 'shop/a', 'shop/web', '80', http('GET /', {}, 'fooxcom')),
      PASSES,
    ),
    claim(
      `${L7}:86`,
      'for the whole host',
      ask([...CLUSTER, ingress(HTTP({ host: 'foo.com' }))], 'shop/a', 'shop/web', '80', http('GET /', {}, 'foo.com.evil')),
      REFUSED,
    ),
    claim(`${L7}:91`, 'headers must be there', put({}), REFUSED),
    claim(`${L7}:91`, 'with their value', put({ 'X-My-Header': 'true' }), PASSES),
    claim(`${L7}:91`, 'and no other', put({ 'X-My-Header': 'false' }), REFUSED),
    claim(
      `${L7}:92`,
      'without headers in the rule, any headers pass',
      ask([...CLUSTER, ingress(HTTP({ path: '/a' }))], 'shop/a', 'shop/web', '80', http('GET /a', { 'X-Other': 'x' })),
      PASSES,
    ),
    claim(`${L7}:102`, 'another method is rejected', get('POST /public', HTTP({ method: 'GET', path: '/public' })), REFUSED),
    claim(
      `${L7}:105`,
      'another port is dropped',
      ask([...CLUSTER, ingress(HTTP({ path: '/public' }))], 'shop/a', 'shop/web', '81', http('GET /public')),
      `${OPEN} → ${CLOSED}, http denied`,
    ),
    claim(
      `${L7}:113`,
      'of two rules each has its own conditions',
      ask(
        [...CLUSTER, ingress(HTTP({ method: 'GET', path: '/path1$' }, HEADER))],
        'shop/a',
        'shop/web',
        '80',
        http('PUT /path1', { 'X-My-Header': 'true' }),
      ),
      REFUSED,
    ),
    claim('security/grpc.rst:171', 'a method of gRPC is a POST', get('POST /cloudcity.DoorManager/GetName', DOOR), PASSES),
    claim(
      'security/grpc.rst:183',
      'methods that no rule names are denied',
      get('POST /cloudcity.DoorManager/SetAccessCode', DOOR),
      REFUSED,
    ),
  ],
};

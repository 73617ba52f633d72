/** Names: security/policy/layer3.rst, layer7.rst and security/dns.rst. */
import type { JsonObject } from '../../lib/model/json';
import { ask, claim, differs, dns, Page, unasked, validate } from './claim';
import { labelled, node, pod, policy, ports } from './objects';

const L3 = 'security/policy/layer3.rst';
const L7 = 'security/policy/layer7.rst';
const OPEN = 'allowed by not-enforced';
const CLOSED = 'denied by default-deny';
const RULE = 'allowed by rule';
const UNLEARNT = 'denied by not-learnable';
const LOOKED_UP = 'allowed by rule to dns';

const CLUSTER = [
  node('n1', ['192.168.1.1']),
  node('n2', ['192.168.1.2']),
  pod('shop/a', 'n1', '10.0.1.5'),
  pod('shop/web', 'n2', '10.0.2.7'),
  pod('kube-system/dns', 'n2', '10.0.2.53', { labels: { 'k8s-app': 'kube-dns' } }),
];
const SERVER = { toEndpoints: [labelled({ 'io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' })] };
const lookUps = (...names: JsonObject[]) => ({ ...SERVER, toPorts: ports('53/ANY', { dns: names }) });
const ALL = lookUps({ matchPattern: '*' });
const toName = (...names: JsonObject[]) => ({ toFQDNs: names });
const egress = (...rules: JsonObject[]) => policy('a', { egress: rules });
const LEARN = { learn: true } as const;
const API = 'fqdn:api.example.com';
const connect = (to: string, ...rules: JsonObject[]) => ask([...CLUSTER, egress(...rules)], 'shop/a', to, '443', LEARN);
const lookUp = (name: string, ...names: JsonObject[]) =>
  ask([...CLUSTER, egress(lookUps(...names))], 'shop/a', 'kube-system/dns', '53/UDP', dns(name));
const byPattern = (pattern: string, name: string) => connect(`fqdn:${name}`, ALL, toName({ matchPattern: pattern }));

/** The example of layer7.rst:179. */
const EXAMPLE = [
  lookUps({ matchName: 'cilium.io' }, { matchPattern: '*.cilium.io' }, { matchPattern: '*.api.cilium.io' }),
  {
    ...toName(
      { matchName: 'cilium.io' },
      { matchName: 'sub.cilium.io' },
      { matchName: 'service1.api.cilium.io' },
      { matchPattern: 'special*service.api.cilium.io' },
    ),
    toPorts: ports('80'),
  },
];
const example = (name: string, port = '80') => ask([...CLUSTER, egress(...EXAMPLE)], 'shop/a', `fqdn:${name}`, port, LEARN);

export const NAMES: Page = {
  title: 'Names and look-ups (layer3.rst, layer7.rst, dns.rst)',
  claims: [
    claim(
      `${L3}:42`,
      'names are learnt by a separate rule that sends look-ups through the proxy',
      connect(API, ALL, toName({ matchName: 'api.example.com' })),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:503`,
      'without such a rule nothing is learnt',
      connect(API, toName({ matchName: 'api.example.com' })),
      `${UNLEARNT} → n/a`,
    ),
    claim(
      `${L3}:505`,
      'which needs `enable-l7-proxy`',
      ask([...CLUSTER, egress(ALL)], 'shop/a', API, '443', { ...LEARN, config: { 'enable-l7-proxy': 'false' } }),
      'rejected: CiliumNetworkPolicy shop/a: CIL234: L7 rules need `enable-l7-proxy`, which is off',
    ),
    claim(
      `${L3}:506`,
      'and DNS rules: port 53 alone sends nothing through the proxy',
      connect(API, { ...SERVER, toPorts: ports('53/ANY') }, toName({ matchName: 'api.example.com' })),
      'unknown → n/a',
    ),
    claim(
      `${L3}:511`,
      'what other pods of the node look up counts too',
      connect(API, { ...SERVER, toPorts: ports('53/ANY') }, toName({ matchName: 'api.example.com' })),
      'unknown → n/a',
    ),
    claim(
      `${L3}:511`,
      'a rule may have several names',
      connect('fqdn:b.example.com', ALL, toName({ matchName: 'a.example.com' }, { matchName: 'b.example.com' })),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:519`,
      '`toFQDNs` stands beside no `toEndpoints`',
      validate(egress({ ...toName({ matchName: 'a.io' }), toEndpoints: [{}] })),
      'rejected by agent (CIL201)',
    ),
    claim(
      `${L3}:520`,
      'and beside no `toCIDR`',
      validate(egress({ ...toName({ matchName: 'a.io' }), toCIDR: ['192.0.2.1/32'] })),
      'rejected by agent (CIL201)',
    ),
    claim(
      `${L3}:521`,
      'but with ports',
      ask([...CLUSTER, egress(ALL, { ...toName({ matchName: 'api.example.com' }), toPorts: ports('443') })], 'shop/a', API, '80', LEARN),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${L3}:522`,
      'and HTTP rules',
      validate(egress({ ...toName({ matchName: 'a.io' }), toPorts: ports('80', { http: [{ path: '/' }] }) })),
      'accepted',
    ),
    claim(
      `${L3}:524`,
      'names select no pods',
      ask([...CLUSTER, egress(ALL, toName({ matchName: 'api.example.com' }))], 'shop/a', API, '443', {
        ...LEARN,
        names: { 'api.example.com': ['10.0.2.7'] },
      }),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L3}:525`,
      'and no nodes, as CIDRs',
      ask([...CLUSTER, egress(ALL, toName({ matchName: 'api.example.com' }))], 'shop/a', API, '443', {
        ...LEARN,
        names: { 'api.example.com': ['192.168.1.2'] },
      }),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${L3}:531`,
      '`matchName` matches the name exactly',
      connect('fqdn:x.api.example.com', ALL, toName({ matchName: 'api.example.com' })),
      `${CLOSED} → n/a`,
    ),
    claim(`${L3}:531`, 'whatever the case', connect(API, ALL, toName({ matchName: 'API.Example.com' })), `${RULE} → n/a`),
    claim(`${L3}:542`, '`*` stands for characters of one label', byPattern('*.cilium.io', 'sub.cilium.io'), `${RULE} → n/a`),
    claim(`${L3}:544`, '`*.cilium.io` does not match `cilium.io`', byPattern('*.cilium.io', 'cilium.io'), `${CLOSED} → n/a`),
    claim(`${L3}:544`, '`*.cilium.io` does not match two labels', byPattern('*.cilium.io', 'sub.sub.cilium.io'), `${CLOSED} → n/a`),
    claim(`${L3}:544`, '`part*ial.com` matches `partial.com`', byPattern('part*ial.com', 'partial.com'), `${RULE} → n/a`),
    claim(`${L3}:545`, '`part*ial.com` matches `part-extra-ial.com`', byPattern('part*ial.com', 'part-extra-ial.com'), `${RULE} → n/a`),
    claim(`${L3}:546`, '`*` alone matches all names', byPattern('*', 'a.b.c.example.com'), `${RULE} → n/a`),
    claim(`${L3}:548`, '`**.` matches one label', byPattern('**.cilium.io', 'app.cilium.io'), `${RULE} → n/a`),
    claim(
      `${L3}:549`,
      '`**.` matches several labels',
      byPattern('**.cilium.io', 'test.app.cilium.io'),
      [`${CLOSED} → n/a`, `${RULE} → n/a`, `${RULE} → n/a`],
      differs('in 1.18 `**` is `*`: `pkg/fqdn/matchpattern/matchpattern.go`'),
    ),
    claim(`${L3}:550`, '`**.` does not match the domain itself', byPattern('**.cilium.io', 'cilium.io'), `${CLOSED} → n/a`),
    claim(
      `${L3}:553`,
      'the port of a DNS rule is that of the pod',
      connect(API, { ...SERVER, toPorts: ports('5353/ANY', { dns: [{ matchPattern: '*' }] }) }, toName({ matchName: 'api.example.com' })),
      `${UNLEARNT} → n/a`,
    ),
    claim(
      `security/policy/kubernetes.rst:241`,
      'a DNS server that takes queries of some pods only teaches no names to others',
      ask(
        [
          ...CLUSTER,
          egress(ALL, toName({ matchName: 'api.example.com' })),
          policy('x', { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }, 'kube-system'),
        ],
        'shop/a',
        API,
        '443',
        LEARN,
      ),
      `${UNLEARNT} → n/a`,
    ),
    unasked(`${L3}:570`, 'a name has at most 50 addresses', 'which addresses are kept is not judged'),
    unasked(`${L3}:44`, 'the time to live of an answer counts', 'time is not judged'),
    claim(
      `${L7}:127`,
      'a DNS rule allows names',
      lookUp('api.example.com', { matchName: 'api.example.com' }),
      `${LOOKED_UP} → ${OPEN}, dns allowed`,
    ),
    claim(
      `${L7}:127`,
      'and disallows others',
      lookUp('b.example.com', { matchName: 'api.example.com' }),
      `${LOOKED_UP} → ${OPEN}, dns denied`,
    ),
    claim(
      `${L7}:142`,
      'a DNS rule closes other traffic',
      ask([...CLUSTER, egress(ALL)], 'shop/a', 'shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L7}:147`,
      '`matchName` matches the name exactly',
      lookUp('x.api.example.com', { matchName: 'api.example.com' }),
      `${LOOKED_UP} → ${OPEN}, dns denied`,
    ),
    claim(
      `${L7}:159`,
      '`*` stands for characters of one label',
      lookUp('sub.cilium.io', { matchPattern: '*.cilium.io' }),
      `${LOOKED_UP} → ${OPEN}, dns allowed`,
    ),
    claim(
      `${L7}:161`,
      '`*.cilium.io` does not match `cilium.io`',
      lookUp('cilium.io', { matchPattern: '*.cilium.io' }),
      `${LOOKED_UP} → ${OPEN}, dns denied`,
    ),
    claim(
      `${L7}:161`,
      '`part*ial.com` matches `part-extra-ial.com`',
      lookUp('part-extra-ial.com', { matchPattern: 'part*ial.com' }),
      `${LOOKED_UP} → ${OPEN}, dns allowed`,
    ),
    claim(
      `${L7}:163`,
      '`*` alone matches all names',
      lookUp('a.b.example.com', { matchPattern: '*' }),
      `${LOOKED_UP} → ${OPEN}, dns allowed`,
    ),
    claim(
      `${L7}:166`,
      'the example allows look-ups of `cilium.io`',
      ask([...CLUSTER, egress(...EXAMPLE)], 'shop/a', 'kube-system/dns', '53/UDP', dns('cilium.io')),
      `${LOOKED_UP} → ${OPEN}, dns allowed`,
    ),
    claim(
      `${L7}:166`,
      'of "any subdomain", which is one label deep',
      ask([...CLUSTER, egress(...EXAMPLE)], 'shop/a', 'kube-system/dns', '53/UDP', dns('a.b.cilium.io')),
      `${LOOKED_UP} → ${OPEN}, dns denied`,
      differs('`*` matches no dot, as line 159 says: `pkg/fqdn/matchpattern/matchpattern.go`'),
    ),
    claim(
      `${L7}:167`,
      'and of no other name',
      ask([...CLUSTER, egress(...EXAMPLE)], 'shop/a', 'kube-system/dns', '53/UDP', dns('example.com')),
      `${LOOKED_UP} → ${OPEN}, dns denied`,
    ),
    claim(`${L7}:171`, 'it allows connections to `service1.api.cilium.io`', example('service1.api.cilium.io'), `${RULE} → n/a`),
    claim(`${L7}:173`, 'to `special-region1-service.api.cilium.io`', example('special-region1-service.api.cilium.io'), `${RULE} → n/a`),
    claim(`${L7}:174`, 'not to `region1-service.api.cilium.io`', example('region1-service.api.cilium.io'), `${CLOSED} → n/a`),
    claim(`${L7}:175`, 'not to `anothersub.cilium.io`, which may be looked up', example('anothersub.cilium.io'), `${CLOSED} → n/a`),
    claim(`${L7}:177`, 'on port 80 only', example('cilium.io', '443'), `${CLOSED} → n/a`),
    claim(
      `${L7}:183`,
      'names of Services must be allowed',
      lookUp('web.shop.svc.cluster.local', { matchPattern: '*.*.svc.cluster.local.' }),
      `${LOOKED_UP} → ${OPEN}, dns allowed`,
    ),
    claim(
      `${L7}:187`,
      'as a whole: the last part is not enough',
      lookUp('web.shop.svc.cluster.local', { matchName: 'web' }),
      `${LOOKED_UP} → ${OPEN}, dns denied`,
    ),
    claim(
      `${L7}:192`,
      'DNS rules have no port ranges',
      validate(egress({ toPorts: [{ ports: [{ port: '50', endPort: 60, protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] })),
      'rejected by agent (CIL226)',
    ),
    claim(
      `${L7}:207`,
      'the look-up is limited by its own rule: what it does not allow is not learnt',
      connect(API, lookUps({ matchName: 'other.example.com' }), toName({ matchName: 'api.example.com' })),
      `${UNLEARNT} → n/a`,
    ),
    claim(
      `${L7}:226`,
      'with `*` nothing is blocked, and a listed subdomain is open',
      connect('fqdn:x.sub.cilium.io', ALL, toName({ matchPattern: '*.sub.cilium.io' })),
      `${RULE} → n/a`,
    ),
    unasked(`${L7}:247`, 'a refused query is answered with REFUSED or NXDOMAIN', 'what a client makes of it is no verdict'),
    claim(
      'security/dns.rst:68',
      'the name of the rule must be the name that is looked up',
      connect('fqdn:support.github.com', ALL, toName({ matchName: 'api.github.com' })),
      `${CLOSED} → n/a`,
    ),
    claim(
      'security/dns.rst:72',
      'DNS rules of all names allow all queries',
      lookUp('anything.example.com', { matchPattern: '*' }),
      `${LOOKED_UP} → ${OPEN}, dns allowed`,
    ),
    claim(
      'security/dns.rst:76',
      'and no other Service of the cluster',
      ask([...CLUSTER, egress(ALL, toName({ matchName: 'api.github.com' }))], 'shop/a', 'shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim('security/dns.rst:117', '`*.github.com` does not match `github.com`', byPattern('*.github.com', 'github.com'), `${CLOSED} → n/a`),
    claim(
      'security/dns.rst:137',
      'names combine with ports',
      ask(
        [...CLUSTER, egress(ALL, { ...toName({ matchPattern: '*.github.com' }), toPorts: ports('443') })],
        'shop/a',
        'fqdn:support.github.com',
        '80',
        LEARN,
      ),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${L3}:514`,
      'a DNS rule for TCP alone does not see queries over UDP',
      connect(API, { ...SERVER, toPorts: ports('53/TCP', { dns: [{ matchPattern: '*' }] }) }, toName({ matchName: 'api.example.com' })),
      `${UNLEARNT} → n/a`,
    ),
  ],
};

/** Rules beside those that apply to the same endpoints: CIL410 to CIL417. */
import { check, checkObjects, Source } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';
import { app, ccnp, cnp, dns, foundIn, netpol, saidIn, tcp } from '../support/policies';

const GET: JsonObject = { rules: { http: [{ method: 'GET' }] } };
const fromGateway = (more: JsonObject): JsonObject => ({ fromEndpoints: [app('gateway')], ...more });

describe('requests that another rule makes moot', () => {
  const limited = fromGateway({ toPorts: tcp('80', GET) });
  const found = (...objects: readonly JsonObject[]): string[] => foundIn(objects, 'CIL410');
  const WEB = ['CIL410 web /spec/ingress/0/toPorts/0/rules/http/0'];

  test.each<[string, JsonObject, readonly string[]]>([
    ['the same peers and port', fromGateway({ toPorts: tcp('80') }), WEB],
    ['the same peers and port, any protocol', fromGateway({ toPorts: [{ ports: [{ port: '80' }] }] }), WEB],
    ['the same peers and a range', fromGateway({ toPorts: [{ ports: [{ port: '1', endPort: 100, protocol: 'TCP' }] }] }), WEB],
    ['the same peers and every port', fromGateway({}), WEB],
    ['every pod', { fromEndpoints: [{}], toPorts: tcp('80') }, WEB],
    ['everybody on the port', { toPorts: tcp('80') }, WEB],
    ['every entity', { fromEntities: ['all'] }, WEB],
    ['the cluster, where pods are', { fromEntities: ['cluster'] }, WEB],
    ['other peers', { fromEndpoints: [app('other')], toPorts: tcp('80') }, []],
    ['the world', { fromEntities: ['world'], toPorts: tcp('80') }, []],
    ['another port', fromGateway({ toPorts: tcp('8080') }), []],
    ['another protocol', fromGateway({ toPorts: [{ ports: [{ port: '80', protocol: 'UDP' }] }] }), []],
    ['requests of its own', fromGateway({ toPorts: tcp('80', { rules: { http: [{ method: 'POST' }] } }) }), []],
    ['authentication', fromGateway({ toPorts: tcp('80'), authentication: { mode: 'required' } }), []],
  ])('a rule for %s', (_, rule, expected) => {
    expect(found(cnp('web', { ingress: [limited, rule] }))).toEqual(expected);
  });

  test.each<[string, JsonObject, readonly string[]]>([
    ['for the same pods', cnp('open', { ingress: [fromGateway({ toPorts: tcp('80') })] }), WEB],
    ['for every pod of the cluster', ccnp('open', { ingress: [{ fromEntities: ['all'] }] }), WEB],
    ['of Kubernetes', netpol('open', { ingress: [{ ports: [{ port: 80 }] }] }), WEB],
    [
      'for some of the pods',
      cnp('open', { endpointSelector: { matchLabels: { app: 'web', tier: 'front' } }, ingress: [fromGateway({})] }),
      [],
    ],
    ['that denies', cnp('deny', { ingressDeny: [fromGateway({})] }), []],
    ['for egress', cnp('open', { egress: [{ toEndpoints: [app('gateway')] }] }), []],
    ['with a placeholder', cnp('open', { endpointSelector: app('${APP}'), ingress: [fromGateway({})] }), []],
  ])('a policy %s', (_, other, expected) => {
    expect(found(cnp('web', { ingress: [limited] }), other)).toEqual(expected);
  });

  test('a rule that allows every request on purpose limits nothing', () => {
    expect(
      found(cnp('web', { ingress: [fromGateway({ toPorts: tcp('80', { rules: { http: [{}] } }) }), { fromEntities: ['all'] }] })),
    ).toEqual([]);
  });

  test('only a rule for the very port opens look-ups of every name', () => {
    const limitedDns = dns('*.example.com');
    expect(found(cnp('web', { egress: [limitedDns, dns()] }))).toEqual(['CIL410 web /spec/egress/0/toPorts/0/rules/dns/0']);
    expect(found(cnp('web', { egress: [limitedDns, { toEntities: ['cluster'] }] }))).toEqual([]);
    expect(found(cnp('web', { egress: [dns('*'), dns()] }))).toEqual([]);
    // Look-ups by UDP stay limited.
    const both = {
      toEntities: ['world'],
      toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchName: 'a.example' }] } }],
    };
    expect(found(cnp('web', { egress: [both, { toEntities: ['world'], toPorts: tcp('53') }] }))).toEqual([]);
    expect(
      found(cnp('web', { egress: [both, { toEntities: ['world'], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }] }] }] })),
    ).toHaveLength(1);
  });

  test('the finding names the other rule', () => {
    expect(
      saidIn(
        [cnp('web', { ingress: [limited] }), netpol('open', { ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] })],
        'CIL410',
      ),
    ).toEqual([
      '`ingress[0].from[0]` of NetworkPolicy `open` allows every request of these peers on port 80, so the rules here limit nothing | limit that rule to other peers or ports, or give it `rules` too',
    ]);
  });
});

describe('a policy that only denies', () => {
  const denying = { egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] };
  const found = (...objects: readonly JsonObject[]): string[] => foundIn(objects, 'CIL411');

  test.each<[string, readonly JsonObject[], readonly string[]]>([
    ['alone', [], ['CIL411 web /spec/egressDeny']],
    ['beside one that allows ingress', [cnp('other', { ingress: [{ fromEndpoints: [{}] }] })], ['CIL411 web /spec/egressDeny']],
    [
      'beside one for other pods',
      [cnp('other', { endpointSelector: app('db'), egress: [{ toEndpoints: [{}] }] })],
      ['CIL411 web /spec/egressDeny'],
    ],
    ['beside one for the same pods', [cnp('other', { egress: [{ toEndpoints: [{}] }] })], []],
    ['beside a deny of nobody, which is a default deny', [cnp('other', { egressDeny: [{}] })], []],
    ['beside one that closes the direction on purpose', [ccnp('other', { egress: [{}] })], []],
    [
      'beside one that may be for the same pods',
      [cnp('other', { endpointSelector: { matchLabels: { tier: 'a' } }, egress: [{ toEndpoints: [{}] }] })],
      [],
    ],
    ['beside one with a placeholder', [cnp('other', { endpointSelector: app('${APP}'), egress: [{ toEndpoints: [{}] }] })], []],
  ])('%s', (_, others, expected) => {
    expect(found(cnp('web', denying), ...others)).toEqual(expected);
  });

  test('a deny of everybody is written to close the direction', () => {
    expect(found(cnp('web', { egressDeny: [{ toEntities: ['all'] }] }))).toEqual([]);
    expect(found(cnp('web', { ingressDeny: [{ fromEntities: ['all'] }] }))).toEqual([]);
    expect(found(cnp('web', { egressDeny: [{ toEntities: ['all'], toPorts: tcp('25') }] }))).toEqual(['CIL411 web /spec/egressDeny']);
    expect(found(cnp('web', { egressDeny: [{ toEndpoints: [{}] }] }))).toEqual(['CIL411 web /spec/egressDeny']);
  });

  test('without a default deny it closes nothing', () => {
    expect(found(cnp('web', { ...denying, enableDefaultDeny: { egress: false } }))).toEqual([]);
  });

  test('several are reported each', () => {
    expect(found(cnp('a', denying), cnp('b', denying))).toEqual(['CIL411 a /spec/egressDeny', 'CIL411 b /spec/egressDeny']);
    expect(saidIn([cnp('a', denying), cnp('c', { ingressDeny: [{ fromEntities: ['world'] }] })], 'CIL411')).toEqual([
      'no policy allows any egress of these endpoints, so the rule closes it for all | set `enableDefaultDeny.egress` to `false`, or allow what is meant',
      'no policy allows any ingress of these endpoints, so the rule closes it for all but their own node | set `enableDefaultDeny.ingress` to `false`, or allow what is meant',
    ]);
  });

  test('of nodes, CIL416 tells', () => {
    const nodes = ccnp('nodes', { nodeSelector: {}, ingressDeny: [{ fromEntities: ['world'] }] });
    expect(found(nodes)).toEqual([]);
    expect(saidIn([nodes], 'CIL416')[0]).toContain(
      '| set `enableDefaultDeny.ingress` to `false`, or allow the entity `cluster`, or these ports',
    );
  });
});

describe('a rule that another one denies', () => {
  test.each<[string, JsonObject, JsonObject, boolean]>([
    ['a wider block', { toCIDR: ['10.1.0.0/16'] }, { toCIDR: ['10.0.0.0/8'] }, true],
    ['the same block', { toCIDR: ['10.1.0.0/16'] }, { toCIDRSet: [{ cidr: '10.1.0.0/16' }] }, true],
    ['a narrower block', { toCIDR: ['10.0.0.0/8'] }, { toCIDR: ['10.1.0.0/16'] }, false],
    ['a wider block without it', { toCIDR: ['10.1.0.0/16'] }, { toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }, false],
    ['a block of IPv6', { toCIDR: ['10.1.0.0/16'] }, { toCIDR: ['::/0'] }, false],
    ['the world', { toCIDR: ['192.0.2.0/24'] }, { toEntities: ['world'] }, true],
    ["the world by a NetworkPolicy's peers", { toEntities: ['world'] }, { toEntities: ['all'] }, true],
    ['one of two peers', { toEndpoints: [app('a'), app('b')] }, { toEndpoints: [app('a')] }, false],
    ['one of two ports', { toEndpoints: [app('a')] }, { toEndpoints: [app('a')], toPorts: tcp('80') }, false],
    ['its port', { toEndpoints: [app('a')], toPorts: tcp('80') }, { toEndpoints: [app('a')], toPorts: tcp('80') }, true],
  ])('by %s', (_, allow, deny, isDenied) => {
    expect(foundIn([cnp('web', { egress: [allow], egressDeny: [deny] })], 'CIL412')).toEqual(isDenied ? ['CIL412 web /spec/egress/0'] : []);
  });

  test('by another policy, which the finding names', () => {
    const objects = [
      cnp('web', { ingress: [{ fromEntities: ['world'], toPorts: tcp('443') }] }),
      ccnp('no-world', { ingressDeny: [{ fromEntities: ['world'] }] }),
    ];
    expect(saidIn(objects, 'CIL412')).toEqual([
      '`ingressDeny[0]` of CiliumClusterwideNetworkPolicy `no-world` denies all that this rule allows | remove the rule, or make the other one narrower',
    ]);
  });

  test('not in the other direction', () => {
    expect(
      foundIn([cnp('web', { egress: [{ toEndpoints: [app('a')] }], ingressDeny: [{ fromEndpoints: [app('a')] }] })], 'CIL412'),
    ).toEqual([]);
  });
});

describe('a rule that changes nothing', () => {
  const rule = (name: string, ...ports: readonly string[]): JsonObject => ({
    fromEndpoints: [app(name)],
    ...(ports.length > 0 && { toPorts: ports.flatMap((port) => tcp(port)) }),
  });

  test.each<[string, readonly JsonObject[], readonly string[]]>([
    ['of two equal rules the later one', [rule('a', '80'), rule('a', '80')], ['CIL413 web /spec/ingress/1']],
    [
      'of three equal rules the two later ones',
      [rule('a'), rule('a'), rule('a')],
      ['CIL413 web /spec/ingress/1', 'CIL413 web /spec/ingress/2'],
    ],
    ['the narrower one, wherever it is', [rule('a', '80'), rule('a')], ['CIL413 web /spec/ingress/0']],
    ['a port of several', [rule('a', '80', '443'), rule('a', '443')], ['CIL413 web /spec/ingress/1']],
    ['a peer of several', [{ fromEndpoints: [app('a'), app('b')] }, rule('b')], ['CIL413 web /spec/ingress/1']],
    ['none if each has something of its own', [rule('a', '80'), rule('a', '443')], []],
    ['none if one asks about requests', [rule('a'), { fromEndpoints: [app('a')], toPorts: tcp('80', GET) }], []],
    ['none with an entry that has no ICMP types yet', [rule('a'), { ...rule('a'), icmps: [{}] }], []],
    ['none with an entry that has no ports yet', [rule('a', '80'), { fromEndpoints: [app('a')], toPorts: [{ ports: [] }] }], []],
    ['none if they close the direction for nobody else', [{}, rule('a')], []],
  ])('%s', (_, ingress, expected) => {
    expect(foundIn([cnp('web', { ingress })], 'CIL413')).toEqual(expected);
  });

  test('a policy for more pods says it too', () => {
    const objects = [cnp('web', { ingress: [rule('a')] }), cnp('all', { endpointSelector: {}, ingress: [rule('a')] })];
    expect(saidIn(objects, 'CIL413')).toEqual([
      '`ingress[0]` of CiliumNetworkPolicy `all` allows all of this, so this rule changes nothing | remove the rule',
    ]);
    const open = { endpointSelector: {}, enableDefaultDeny: { ingress: false }, ingress: [rule('a')] };
    expect(foundIn([cnp('web', { ingress: [rule('a')] }), cnp('all', open)], 'CIL413')).toEqual([]);
  });

  test('of several policies with one name, the finding says which', () => {
    const namesake = cnp('all', { endpointSelector: app('db'), ingress: [rule('a')] }, 'data');
    const objects = [cnp('web', { ingress: [rule('a')] }), cnp('all', { endpointSelector: {}, ingress: [rule('a')] }), namesake];
    expect(saidIn(objects, 'CIL413')).toEqual([
      '`ingress[0]` of CiliumNetworkPolicy `shop/all` allows all of this, so this rule changes nothing | remove the rule',
    ]);
    const files = objects.map((object, i) => ({ name: `${i}.json`, text: JSON.stringify(object) }));
    const [{ message }] = check(files, { select: ['CIL413'] });
    expect(message).toContain('of CiliumNetworkPolicy `shop/all` in `1.json` allows');
  });

  test('two policies that say the same in two ways are not both reported', () => {
    const ways = [
      cnp('cilium', { ingress: [{ fromEndpoints: [app('a')] }] }),
      netpol('kubernetes', { ingress: [{ from: [{ podSelector: app('a') }] }] }),
    ];
    expect(foundIn(ways, 'CIL413')).toHaveLength(1);
  });

  test('a deny beside a wider deny', () => {
    const egressDeny = [{ toCIDR: ['10.1.0.0/16'] }, { toCIDR: ['10.0.0.0/8'] }];
    expect(saidIn([cnp('web', { egressDeny })], 'CIL413')).toEqual([
      '`egressDeny[1]` of this policy denies all of this, so this rule changes nothing | remove the rule',
    ]);
  });
});

describe('an exception that another rule undoes', () => {
  const world = (...except: readonly string[]): JsonObject => ({
    toCIDRSet: [{ cidr: '0.0.0.0/0', ...(except.length > 0 && { except }) }],
  });
  const WEB = ['CIL414 web /spec/egress/0/toCIDRSet/0/except'];

  test.each<[string, JsonObject, readonly string[]]>([
    ['the world with another exception', world('10.0.0.0/8'), [...WEB, 'CIL414 web /spec/egress/1/toCIDRSet/0/except']],
    ['the world', { toEntities: ['world'] }, WEB],
    ['every peer', { toEntities: ['all'] }, WEB],
    ['the world on some port', { toEntities: ['world'], toPorts: tcp('443') }, []],
    ['a network around it', { toCIDR: ['169.254.0.0/16'] }, WEB],
    ['just these addresses', { toCIDR: ['169.254.169.254/32'] }, []],
    ['some of these addresses', { toCIDR: ['192.0.2.0/24'] }, []],
    ['the world with the same exception', world('169.254.169.254/32'), []],
    ['the world with a wider exception', world('169.254.0.0/16'), []],
  ])('by a rule for %s', (_, other, expected) => {
    const found = foundIn([cnp('web', { egress: [world('169.254.169.254/32'), other] })], 'CIL414');
    expect(found).toEqual(expected);
  });

  test('two NetworkPolicies open the holes of each other', () => {
    const block = (name: string, except: string): JsonObject =>
      netpol(name, { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: [except] } }] }] });
    expect(saidIn([block('a', '10.0.0.0/8'), block('b', '192.168.0.0/16')], 'CIL414')).toEqual([
      '`egress[0].to[0]` of NetworkPolicy `b` allows all of `10.0.0.0/8`, so the exception closes nothing | except it there too, or deny it with a rule',
      '`egress[0].to[0]` of NetworkPolicy `a` allows all of `192.168.0.0/16`, so the exception closes nothing | except it there too, or deny it with a rule',
    ]);
  });

  test('the finding counts the exceptions that one rule undoes', () => {
    const egress = [
      { toCIDRSet: [{ cidr: '0.0.0.0/0', except: ['10.1.0.0/16', '192.0.2.0/24', '10.2.0.0/16'] }] },
      { toCIDR: ['10.0.0.0/8'] },
    ];
    expect(saidIn([cnp('web', { egress })], 'CIL414')).toEqual([
      '`egress[1]` of this policy allows all of `10.1.0.0/16` and of 1 more, so these exceptions close nothing | except them there too, or deny them with a rule',
    ]);
  });
});

describe('rules that cannot be merged', () => {
  const world = (more: JsonObject): JsonObject => ({ toEntities: ['world'], toPorts: tcp('443', more) });
  const names = world({ serverNames: ['api.example.com'] });
  const requests = world(GET);
  const podOf = (labels: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'shop', labels } });

  test('in one policy, or in two of which one is for more pods', () => {
    expect(foundIn([cnp('web', { egress: [requests, names] })], 'CIL415')).toEqual(['CIL415 web /spec/egress/1']);
    // Which one comes first counts: here the clusterwide policy does.
    const two = [cnp('web', { egress: [names] }), ccnp('all', { egress: [requests] })];
    expect(foundIn(two, 'CIL415')).toEqual(['CIL415 web /spec/egress/0']);
  });

  test('for pods that are given, of policies for different labels', () => {
    const both = [
      cnp('a', { endpointSelector: app('web'), egress: [requests] }),
      cnp('b', { endpointSelector: { matchLabels: { tier: 'x' } }, egress: [names] }),
    ];
    expect(foundIn(both, 'CIL415')).toEqual([]);
    expect(foundIn([...both, podOf({ app: 'web' })], 'CIL415')).toEqual([]);
    expect(foundIn([...both, podOf({ app: 'web', tier: 'x' })], 'CIL415')).toEqual(['CIL415 b /spec/egress/0']);
  });

  test('is an error for given pods and for all pods of a subject, and a warning if some of them may escape', () => {
    const old = { matchExpressions: [{ key: 'release', operator: 'DoesNotExist' }] };
    const both = [cnp('a', { endpointSelector: app('web'), egress: [requests] }), cnp('b', { endpointSelector: old, egress: [names] })];
    const severities = (objects: readonly JsonObject[]) =>
      checkObjects(objects)
        .filter(({ code }) => code === 'CIL415')
        .map(({ severity }) => severity);
    expect(severities([cnp('web', { egress: [requests, names] })])).toEqual(['error']);
    expect(severities(both)).toEqual(['warning']);
    expect(severities([...both, podOf({ app: 'web' })])).toEqual(['error']);
    expect(severities([...both, podOf({ app: 'web', release: 'a' })])).toEqual(['warning']);
  });

  test('different authentication', () => {
    const rule = (mode: string): JsonObject => ({ fromEndpoints: [app('a')], authentication: { mode } });
    expect(saidIn([cnp('web', { ingress: [rule('required'), rule('disabled')] })], 'CIL415')).toEqual([
      'cannot merge conflicting authentication types (disabled/required), with `ingress[0]` of this policy | write both alike, or give them different peers or ports',
    ]);
  });

  test('not for other peers, other ports, or with a value that is filled in later', () => {
    const other = { ...names, toEntities: ['cluster'] };
    expect(foundIn([cnp('web', { egress: [requests, other] })], 'CIL415')).toEqual([]);
    expect(foundIn([cnp('web', { egress: [requests, world({ serverNames: ['${NAME}'] })] })], 'CIL415')).toEqual([]);
  });
});

describe('nodes that are locked out', () => {
  const found = (ingress: readonly JsonObject[], section = 'ingress'): string[] =>
    foundIn([ccnp('nodes', { nodeSelector: {}, [section]: ingress })], 'CIL416');

  test.each<[string, JsonObject, boolean]>([
    ['the cluster', { fromEntities: ['cluster'] }, false],
    ['everybody', { fromEntities: ['all'] }, false],
    ['nodes and the API server', { fromEntities: ['remote-node', 'kube-apiserver'] }, false],
    ['other nodes', { fromEntities: ['remote-node'] }, false],
    ['nodes with a label', { fromNodes: [{ matchLabels: { role: 'a' } }] }, false],
    ['the API server only', { fromEntities: ['kube-apiserver'] }, true],
    ['pods', { fromEndpoints: [app('a')] }, true],
    ['the world', { fromEntities: ['world'] }, true],
    ['everybody on the port of SSH', { toPorts: tcp('22') }, true],
  ])('ingress is open for %s', (_, rule, isLockedOut) => {
    expect(found([rule])).toEqual(isLockedOut ? ['CIL416 nodes /spec/ingress'] : []);
  });

  test('the finding names the doors, which native routing and another policy change', () => {
    const nodes = ccnp('nodes', { nodeSelector: {}, ingress: [{ fromEntities: ['health'] }], egress: [{ toEntities: ['health'] }] });
    expect(saidIn([nodes], 'CIL416')).toEqual([
      'egress of the nodes is closed for the API server (6443/TCP to `kube-apiserver`), health checks (4240/TCP to `remote-node`) and the tunnel (8472/UDP to `remote-node`) | allow the entity `cluster`, or these ports',
      'ingress of the nodes is closed for the kubelet (10250/TCP from `kube-apiserver`), health checks (4240/TCP from `remote-node`) and the tunnel (8472/UDP from `remote-node`) | allow the entity `cluster`, or these ports',
    ]);
    const ports = ccnp('ports', {
      nodeSelector: { matchLabels: { role: 'a' } },
      ingress: [{ fromEntities: ['remote-node'] }, { toPorts: tcp('10250') }],
      egress: [{ toEntities: ['remote-node', 'kube-apiserver'] }],
    });
    expect(saidIn([nodes, ports], 'CIL416')).toEqual([]);
    expect(saidIn([nodes], 'CIL416', { config: { 'routing-mode': 'native' } })[1]).toContain(
      '(10250/TCP from `kube-apiserver`) and health checks',
    );
  });

  test('a rule that denies nodes must be narrowed', () => {
    const egressDeny = [{ toEntities: ['world'] }, { toEntities: ['remote-node'] }];
    const [said] = saidIn([ccnp('nodes', { nodeSelector: {}, egress: [{ toEntities: ['health'] }], egressDeny })], 'CIL416');
    expect(said).toContain('| narrow `egressDeny[1]` of this policy: a deny rule beats every allow rule');
  });

  test.each<[string, Record<string, string>, readonly string[]]>([
    ['another port of the tunnel', { 'tunnel-port': '7000' }, ['4240/TCP', '7000/UDP']],
    ['Geneve', { 'tunnel-protocol': 'geneve' }, ['4240/TCP', '6081/UDP']],
    ['another port of the health checks', { 'cluster-health-port': '4444' }, ['4444/TCP', '8472/UDP']],
    ['WireGuard', { 'enable-wireguard': 'true' }, ['4240/TCP', '8472/UDP', '51871/UDP']],
    ['no health checks', { 'enable-health-checking': 'false' }, ['8472/UDP']],
  ])('the configuration says which ports: %s', (_, config, expected) => {
    const [said] = saidIn([ccnp('nodes', { nodeSelector: {}, ingress: [{ fromEntities: ['health'] }] })], 'CIL416', { config });
    expect(said.match(/\d+\/(TCP|UDP)/g)).toEqual(['10250/TCP', ...expected]);
  });

  test('a policy that closes nothing, or has a placeholder, locks nobody out', () => {
    expect(
      foundIn(
        [ccnp('nodes', { nodeSelector: {}, enableDefaultDeny: { ingress: false }, ingress: [{ fromEntities: ['world'] }] })],
        'CIL416',
      ),
    ).toEqual([]);
    expect(found([{ fromEntities: ['${ENTITY}'] }])).toEqual([]);
  });
});

describe('the world closes the cluster out', () => {
  const world = ccnp('world', { ingress: [{ fromEntities: ['world'] }] });
  const found = (...objects: readonly JsonObject[]): string[] => foundIn(objects, 'CIL418');

  test.each<[string, readonly JsonObject[], boolean]>([
    ['alone', [world], true],
    ['by CIDR', [ccnp('world', { ingress: [{ fromCIDR: ['0.0.0.0/0'] }] })], true],
    ['beside a rule of the world for some pods', [world, cnp('web', { ingress: [{ fromEntities: ['world'] }] })], true],
    ['beside a rule that lets pods in to some pods', [world, cnp('web', { ingress: [{ fromEndpoints: [{}] }] })], false],
    ['with the cluster', [ccnp('world', { ingress: [{ fromEntities: ['world', 'cluster'] }] })], false],
    ['for some pods', [cnp('web', { ingress: [{ fromEntities: ['world'] }] })], false],
    ['without a default deny', [ccnp('world', { enableDefaultDeny: { ingress: false }, ingress: [{ fromEntities: ['world'] }] })], false],
    [
      'beside a policy with a placeholder',
      [world, cnp('web', { endpointSelector: app('${APP}'), ingress: [{ fromEndpoints: [{}] }] })],
      false,
    ],
  ])('%s', (_, objects, isReported) => {
    expect(found(...objects)).toEqual(isReported ? ['CIL418 world /spec/ingress/0'] : []);
  });

  test('the finding says what to do', () => {
    expect(saidIn([world], 'CIL418')).toEqual([
      'every pod lets the world in, and nobody of the cluster | add the entity `cluster`, or select the pods that are meant',
    ]);
  });
});

describe('names beside a deny of the world', () => {
  const names: JsonObject = { toFQDNs: [{ matchName: 'api.example.com' }], toPorts: tcp('443') };
  const policy = (deny: JsonObject): JsonObject => cnp('web', { egress: [dns('*'), names], egressDeny: [deny] });

  test.each<[string, JsonObject, boolean]>([
    ['the world', { toEntities: ['world'] }, true],
    ['every peer', { toEntities: ['all'] }, true],
    ['all addresses of IPv4', { toCIDR: ['0.0.0.0/0'] }, true],
    ['the port', { toPorts: tcp('443') }, true],
    ['the world on the port', { toEntities: ['world'], toPorts: tcp('443') }, true],
    ['the world on another port', { toEntities: ['world'], toPorts: tcp('80') }, false],
    ['all addresses but some', { toCIDRSet: [{ cidr: '0.0.0.0/0', except: ['192.0.2.0/24'] }] }, false],
    ['a network', { toCIDR: ['10.0.0.0/8'] }, false],
    ['the cluster', { toEntities: ['cluster'] }, false],
  ])('a deny of %s', (_, deny, isDenied) => {
    expect(foundIn([policy(deny)], 'CIL417')).toEqual(isDenied ? ['CIL417 web /spec/egress/1/toFQDNs/0'] : []);
  });

  test('by another policy, which the finding names', () => {
    expect(
      saidIn([cnp('web', { egress: [dns('*'), names] }), ccnp('no-world', { egressDeny: [{ toEntities: ['world'] }] })], 'CIL417'),
    ).toEqual([
      '`egressDeny[0]` of CiliumClusterwideNetworkPolicy `no-world` denies the world, and every address of these names with it | remove the deny: egress that no rule allows is denied anyway',
    ]);
  });
});

test('where a policy stands in two files, the files are of two clusters, and their rules are not compared', () => {
  const file = (name: string, ...objects: readonly JsonObject[]): Source => ({
    name,
    text: objects.map((one) => JSON.stringify(one)).join('\n---\n'),
  });
  const limited = cnp('web', { ingress: [{ fromEndpoints: [app('a')], toPorts: tcp('80', GET) }] });
  const open = cnp('open', { ingress: [{ fromEndpoints: [app('a')], toPorts: tcp('80') }] });
  const same = cnp('same', { endpointSelector: app('db'), ingress: [{ fromEndpoints: [app('a')] }] });
  const codes = (...files: readonly Source[]) => check(files).map(({ code }) => code);
  expect(codes(file('dev.yaml', limited), file('prod.yaml', open))).toEqual(['CIL410']);
  expect(codes(file('dev.yaml', limited, same), file('prod.yaml', open, same))).toEqual(['CIL005']);
  expect(codes(file('dev.yaml', limited, open, same), file('prod.yaml', same))).toEqual(['CIL410', 'CIL005']);
});

test('where policies are not enforced, nothing is said of what they close', () => {
  const denying = cnp('web', { egressDeny: [{ toEntities: ['world'] }] });
  expect(foundIn([denying], 'CIL4', { config: { 'enable-policy': 'default' } })).toHaveLength(1);
  expect(foundIn([denying], 'CIL4', { config: { 'enable-policy': 'never' } })).toEqual([]);
});

describe('what an attack found', () => {
  const none = (code: string, objects: readonly JsonObject[], config = {}) => {
    expect(foundIn(objects, code, { config })).toEqual([]);
  };

  test('requests stay limited on a port of the entry that no other rule opens', () => {
    const ports = ['80', '8080'].map((port) => ({ port, protocol: 'TCP' }));
    none('CIL410', [cnp('web', { ingress: [fromGateway({ toPorts: [{ ports, ...GET }] }), fromGateway({ toPorts: tcp('80') })] })]);
  });

  test('a look-up passes beside the proxy where another rule opens the port', () => {
    const names = { toFQDNs: [{ matchName: 'api.other.example' }] };
    none('CIL405', [cnp('web', { egress: [dns('*.example.com'), names] }), cnp('plain', { egress: [dns()] })]);
  });

  test('a name may have an address of IPv6, and of a tier nothing is denied', () => {
    const names = { toFQDNs: [{ matchName: 'api.example.com' }] };
    none('CIL417', [cnp('web', { egress: [dns('*'), names], egressDeny: [{ toCIDR: ['0.0.0.0/0'] }] })], { 'enable-ipv6': 'true' });
  });

  test('pods with some label are not every pod, and some addresses are not the world', () => {
    const exposed = { endpointSelector: { matchExpressions: [{ key: 'exposed', operator: 'Exists' }] } };
    none('CIL418', [ccnp('world', { ...exposed, ingress: [{ fromEntities: ['world'] }] })]);
    none('CIL418', [ccnp('world', { ingress: [{ fromCIDR: ['192.0.2.0/24'] }] })]);
  });

  test('an exception that is denied, too, is closed', () => {
    const world = { toCIDRSet: [{ cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] }] };
    none('CIL414', [cnp('web', { egress: [world, { toEntities: ['world'] }], egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] })]);
  });

  test('whom a Service stands for is not known', () => {
    const service = { toServices: [{ k8sService: { serviceName: 'kubernetes', namespace: 'default' } }] };
    const rest = {
      toEntities: ['remote-node'],
      toPorts: [
        {
          ports: [
            { port: '4240', protocol: 'TCP' },
            { port: '8472', protocol: 'UDP' },
          ],
        },
      ],
    };
    none('CIL416', [ccnp('nodes', { nodeSelector: {}, egress: [service, rest] })]);
  });
});

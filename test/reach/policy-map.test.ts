/** The entries of policy maps, by hand. */
import { openRequest } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { budgetOf } from '../../lib/snapshot/budget';

function pod(name: string, labels: Record<string, string> = { app: name }, ports: readonly object[] = []): JsonObject {
  const containers = [{ name: 'main', image: 'example', ports }] as JsonObject[];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name, labels }, spec: { containers } };
}

function policy(name: string, spec: object): JsonObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { namespace: 'shop', name },
    spec: { endpointSelector: { matchLabels: { app: 'web' } }, ...spec },
  };
}

/** The entries of both directions of `shop/web`, with what each rule has of them: `policy direction entries`. */
function entries(objects: readonly JsonObject[], cilium = '1.20'): readonly string[] {
  const verdicts = openRequest({ objects: objects, cilium, flows: [] });
  const { endpoints } = budgetOf((verdicts as Extract<typeof verdicts, { ok: true }>).value);
  const web = endpoints.find(({ names }) => names.includes('shop/web'));
  return web?.entries === undefined
    ? [`unknown: ${web?.unknown}`]
    : (['ingress', 'egress'] as const).flatMap((direction) => [
        `${direction} ${web.entries![direction].count}${web.entries![direction].isAtMost ? ' at most' : ''}`,
        ...web.entries![direction].shares.map(
          ({ rule, count, ports, peers }) => `  ${rule?.policy.name ?? 'Cilium'} ${count}: ${ports} × ${peers}`,
        ),
      ]);
}

const OPEN = ['ingress 5', '  Cilium 5: 1 × 5'];
const PODS = [pod('web'), pod('a'), pod('b'), pod('c')];

test('an endpoint without policies has one entry for every kind of peers, and before 1.20 one for all and one for its node', () => {
  expect(entries(PODS)).toEqual([...OPEN, 'egress 5', '  Cilium 5: 1 × 5']);
  expect(entries(PODS, '1.19')).toEqual(['ingress 2', '  Cilium 2: 1 × 2', 'egress 1', '  Cilium 1: 1 × 1']);
});

test('a range of ports takes an entry for each prefix and each peer', () => {
  const range = policy('range', {
    egress: [{ toEndpoints: [{}], toPorts: [{ ports: [{ port: '1000', endPort: 2000, protocol: 'TCP' }] }] }],
  });
  expect(entries([...PODS, range])).toEqual([...OPEN, 'egress 32', '  range 32: 8 × 4']);
});

test('a port without a protocol is three', () => {
  const any = policy('any', { egress: [{ toEndpoints: [{ matchLabels: { app: 'a' } }], toPorts: [{ ports: [{ port: '80' }] }] }] });
  expect(entries([...PODS, any])).toEqual([...OPEN, 'egress 3', '  any 3: 3 × 1']);
});

test('a denial of part of a range removes the entries of its ports', () => {
  const ports = (port: string, endPort: number) => [{ ports: [{ port, endPort, protocol: 'TCP' }] }];
  const both = policy('both', {
    egress: [{ toEndpoints: [{}], toPorts: ports('1000', 1007) }],
    egressDeny: [{ toEndpoints: [{ matchLabels: { app: 'a' } }], toPorts: ports('1000', 1015) }],
  });
  // 1000–1007 is one prefix; 1000–1015 are two, and cover it for one of four peers.
  expect(entries([...PODS, both])).toEqual([...OPEN, 'egress 5', '  both 3: 1 × 3', '  both 2: 2 × 1']);
});

test('an entry that two policies make is one entry, in which both have a part', () => {
  const egress = [{ toEndpoints: [{ matchLabels: { app: 'a' } }] }];
  expect(entries([...PODS, policy('one', { egress }), policy('two', { egress })])).toEqual([
    ...OPEN,
    'egress 1',
    '  one 1: 1 × 1',
    '  two 1: 1 × 1',
  ]);
});

test('pods with the same labels are one peer, and from 1.20 on ports with names tell them apart', () => {
  const egress = policy('all', { egress: [{ toEndpoints: [{ matchLabels: { app: 'a' } }] }] });
  const named = (name: string, containerPort: number) => pod(name, { app: 'a' }, [{ name: 'http', containerPort }]);
  const pods = [pod('web'), named('a', 80), named('b', 8080)];
  expect(entries([...pods, egress], '1.19').slice(-2)).toEqual(['egress 1', '  all 1: 1 × 1']);
  expect(entries([...pods, egress], '1.20').slice(-2)).toEqual(['egress 2', '  all 2: 1 × 2']);
});

test('with authentication there may be fewer entries', () => {
  const egress = [{ toEndpoints: [{ matchLabels: { app: 'a' } }], authentication: { mode: 'required' } }];
  expect(entries([...PODS, policy('one', { egress })])).toEqual([...OPEN, 'egress 1 at most', '  one 1: 1 × 1']);
});

test('what cannot be counted is not guessed', () => {
  const broken = policy('broken', {
    egress: [
      { toEndpoints: [{}], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{}] } }] },
      { toEndpoints: [{}], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { dns: [{ matchPattern: '*' }] } }] },
    ],
  });
  expect(entries([...PODS, broken])).toEqual(['unknown: its policies do not resolve: cannot merge conflicting L7 parsers (http/dns)']);
});

/** Ends between which nothing passes: what one table says of many pairs at once is what each pair says. */
import { MINORS } from '../../lib/crd/minor';
import type { Minor } from '../../lib/crd/minor';
import type { AgentConfig } from '../../lib/model/config';
import type { JsonObject } from '../../lib/model/json';
import type { Direction } from '../../lib/model/policy';
import { expectParsed } from '../../lib/net/parsed';
import type { FastEngine } from '../../lib/reach/engine';
import { Matrix } from '../../lib/reach/matrix';
import { Universe, universeOf } from '../../lib/reach/universe/universe';
import { parseFlow } from '../../lib/read/flow';
import { tierWorldCases, WorldCase, worldCases } from '../generate/worlds';
import { engineOf } from '../support/world-engine';

interface Asked {
  readonly universe: Universe;
  readonly matrix: Matrix;
  /** The ends of which tables say all. */
  readonly plain: readonly number[];
}

function askedIn(engine: FastEngine): Asked {
  const universe = expectParsed(universeOf([engine], { mostPossible: 200 }));
  const matrix = new Matrix(engine, universe.ends);
  return { universe, matrix, plain: [...universe.ends.keys()].filter((end) => matrix.isPlain(end)) };
}

const isEmpty = ({ matrix }: Asked, direction: Direction, end: number, other: number) =>
  (direction === 'egress' ? matrix.traffic(end, other) : matrix.traffic(other, end)).passages.length === 0;

/** How many ends are closed for some others, each end with those of which its number is a divisor; and how many of these pairs are not. */
function closedIn(world: WorldCase, minor: Minor): { readonly closed: number; readonly wrong: number } {
  const engine = engineOf(world, minor);
  if (engine === undefined) {
    return { closed: 0, wrong: 0 };
  }
  const asked = askedIn(engine);
  const groups = [1, 2, 3].map((part) => asked.plain.filter((end) => end % part === 0).slice(0, 12));
  const found = (['egress', 'ingress'] as const).flatMap((direction) =>
    groups.flatMap((others) =>
      asked.matrix
        .closedFor(direction, asked.plain.slice(0, 25), others)
        .flatMap((end) => others.map((other) => isEmpty(asked, direction, end, other))),
    ),
  );
  return { closed: found.length, wrong: found.filter((one) => !one).length };
}

const sum = (all: readonly { readonly closed: number; readonly wrong: number }[]) => ({
  isMany: all.reduce((count, { closed }) => count + closed, 0) > 1_000,
  wrong: all.reduce((count, { wrong }) => count + wrong, 0),
});

test.each(MINORS)('in generated worlds of %s', (minor) => {
  expect(sum(worldCases(17, 20).map((world) => closedIn(world, minor)))).toEqual({ isMany: true, wrong: 0 });
});

test('in generated worlds with tiers', () => {
  expect(sum(tierWorldCases(18, 40).map((world) => closedIn(world, '1.20')))).toEqual({ isMany: true, wrong: 0 });
});

const app = (name: string): JsonObject => ({ matchLabels: { app: name } });
const cnp = (spec: JsonObject): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'p', namespace: 'x' },
  spec: { endpointSelector: app('a'), ...spec },
});
const tier = (name: string, priority: number, action: string, port?: number): JsonObject => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name },
  spec: {
    ...{ tier: 'Admin', priority, subject: { pods: { namespaceSelector: {}, podSelector: app('a') } } },
    ingress: [
      {
        ...{ action, from: [{ pods: { namespaceSelector: {}, podSelector: app('b') } }] },
        ...(port !== undefined && { protocols: [{ tcp: { destinationPort: { number: port } } }] }),
      },
    ],
  },
});
const TIERS: AgentConfig = { 'enable-k8s-cluster-network-policy': 'true' };
const DENY_B = cnp({ ingress: [{}], ingressDeny: [{ fromEndpoints: [app('b')] }] });

/** Whether the pods with `app: a` are closed for those with one of some labels. */
test.each<[string, readonly JsonObject[], readonly string[], boolean]>([
  ['nothing selects it', [], ['b'], false],
  ['a rule closes it', [cnp({ ingress: [{}] })], ['b', 'c'], true],
  ['a rule lets another one pass', [cnp({ ingress: [{ fromEndpoints: [app('c')] }] })], ['b'], true],
  ['a rule lets one of them pass', [cnp({ ingress: [{ fromEndpoints: [app('c')] }] })], ['b', 'c'], false],
  [
    'a rule denies all of them, and another one lets everybody pass',
    [cnp({ ingress: [{ fromEndpoints: [{}] }], ingressDeny: [{ fromEndpoints: [app('b')] }] })],
    ['b'],
    true,
  ],
  [
    'a rule denies one of them',
    [cnp({ ingress: [{ fromEndpoints: [{}] }], ingressDeny: [{ fromEndpoints: [app('b')] }] })],
    ['b', 'c'],
    false,
  ],
  ['a rule denies one of them, and nobody lets the other one pass', [DENY_B], ['b', 'c'], true],
  [
    'a rule denies it on a port',
    [
      cnp({
        enableDefaultDeny: { ingress: false },
        ingressDeny: [{ fromEndpoints: [app('b')], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
      }),
    ],
    ['b'],
    false,
  ],
  [
    'a rule denies it, and nothing else is closed',
    [cnp({ enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEndpoints: [app('b')] }] })],
    ['b'],
    true,
  ],
  ['an earlier tier denies it', [tier('deny', 1, 'Deny'), cnp({ ingress: [{ fromEndpoints: [app('b')] }] })], ['b'], true],
  ['an earlier rule of a tier accepts it', [tier('accept', 1, 'Accept', 80), tier('deny', 2, 'Deny')], ['b'], false],
  ['a later rule of a tier accepts it', [tier('accept', 2, 'Accept'), tier('deny', 1, 'Deny')], ['b'], true],
  ['an earlier rule of a tier passes it on', [tier('pass', 1, 'Pass'), tier('deny', 2, 'Deny')], ['b'], false],
])('where %s', (_, objects, labels, expected) => {
  const { universe, matrix } = askedIn(engineOf({ objects, config: TIERS, names: {} }, '1.20')!);
  const [a, ...others] = ['a', ...labels].map((name) =>
    universe.find(expectParsed(parseFlow({ from: `labels:app=${name}@x`, to: 'labels:@x', port: 1 })).from)!,
  );
  expect(matrix.closedFor('ingress', [a], others)).toEqual(expected ? [a] : []);
});

test('in audit mode nothing is', () => {
  const closedWith = (config: AgentConfig) => {
    const { matrix, plain } = askedIn(engineOf({ objects: [cnp({ ingress: [{}] })], config, names: {} }, '1.20')!);
    return matrix.closedFor('ingress', plain, plain).length > 0;
  };
  expect([closedWith({}), closedWith({ 'policy-audit-mode': 'true' })]).toEqual([true, false]);
});

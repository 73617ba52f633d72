/** What passes between ends of the universe, against the specification: on generated worlds, and exhaustively on tiny ones. */
import { isDeepStrictEqual } from 'node:util';
import type { Minor } from '../../lib/crd/minor';
import { MINORS } from '../../lib/crd/minor';
import type { Flow, WrittenEnd } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import type { Protocol } from '../../lib/model/policy';
import { expectParsed } from '../../lib/net/parsed';
import { FastEngine } from '../../lib/reach/engine';
import { Matrix } from '../../lib/reach/matrix';
import { isUsed, Traffic } from '../../lib/reach/traffic';
import { UniverseEnd, universeOf } from '../../lib/reach/universe/universe';
import { parseFlow } from '../../lib/read/flow';
import { End, endOf } from '../../lib/resolve/ends';
import { tierWorldCases, WorldCase, worldCases } from '../generate/worlds';
import { readSet } from '../support/vectors/store';
import type { WorldAnswer } from '../support/vectors/verdicts';
import { clusterOf, engineOf, policiesIn } from '../support/world-engine';

/** What traffic says of one port. */
function saidOn({ passages }: Traffic, protocol: Protocol, port: number): string {
  return passages.find((one) => one.protocol === protocol && one.first <= port && port <= one.last)?.is ?? 'denied';
}

/** To a pod, its own node is the entity `host`, and all nodes by name are others. What a node says to itself is not asked. */
function inRelation(flow: Flow, { resolver: { cluster } }: FastEngine): Flow | undefined {
  const found = [flow.from, flow.to].map((written) => endOf(written, cluster));
  const [from, to] = found.map((end) => (end.ok ? end.value : undefined));
  const host: WrittenEnd = { is: 'entity', name: 'host' };
  const isOn = (pod: End | undefined, node: End | undefined) => pod?.is === 'pod' && node?.is === 'node' && pod.pod.node === node.name;
  const isItself = from?.is === 'node' && to?.is === 'node' && from.name === to.name;
  // Which pod a port of a node leads to may be the one that asks.
  return isItself || flow.port >= 30_000
    ? undefined
    : { ...flow, ...(isOn(from, to) && { to: host }), ...(isOn(to, from) && { from: host }) };
}

/** The flows on which the matrix and the specification differ, and how many were compared. */
function comparedIn(world: WorldCase, minor: Minor): { readonly count: number; readonly differing: readonly unknown[] } {
  const engine = engineOf(world, minor);
  if (engine === undefined) {
    return { count: 0, differing: [] };
  }
  const universe = expectParsed(universeOf([engine], { mostPossible: 500 }));
  const matrix = new Matrix(engine, universe.ends);
  let count = 0;
  const differing = world.flows.flatMap((written) => {
    const parsed = parseFlow(written);
    if (!parsed.ok) {
      return [];
    }
    const flow = inRelation(parsed.value, engine);
    if (flow === undefined || !isUsed(flow.protocol, engine.resolver.agent)) {
      return [];
    }
    const [from, to] = [universe.find(flow.from), universe.find(flow.to)];
    const verdict = engine.specification.verdict({ ...flow, http: undefined, dns: undefined, sni: undefined, code: undefined });
    if (from === undefined || to === undefined || !verdict.ok || flow.to.is === 'service') {
      return [];
    }
    count++;
    const expected = verdict.value.allowed === undefined ? 'unknown' : verdict.value.allowed ? 'allowed' : 'denied';
    const actual = saidOn(matrix.traffic(from, to), flow.protocol, flow.port);
    // A pod says to itself what it likes.
    const isSelf = verdict.value.egress.decision === 'n/a' && verdict.value.ingress.decision === 'n/a';
    return actual === expected || isSelf
      ? []
      : [
          JSON.stringify(
            {
              expected,
              actual,
              written,
              verdict: reasons(verdict.value),
              from: universe.ends[from].written,
              to: universe.ends[to].written,
              config: world.config,
            },
            (_, value: unknown) => (typeof value === 'bigint' ? value.toString(16) : value),
          ),
        ];
  });
  return { count, differing };
}

const reasons = (verdict: { readonly egress: object; readonly ingress: object }) =>
  [verdict.egress, verdict.ingress].map((side) => ('reason' in side ? side.reason : 'n/a'));

test.each(MINORS)('flows of generated worlds pass as the specification says, in %s', (minor) => {
  const found = worldCases(91, 20).map((world) => comparedIn(world, minor));
  expect(found.flatMap(({ differing }) => differing)).toEqual([]);
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(200);
});

test('in tiers too', () => {
  const found = tierWorldCases(92, 20).map((world) => comparedIn(world, '1.20'));
  expect(found.flatMap(({ differing }) => differing)).toEqual([]);
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(200);
});

/** The flows on which the matrix says something else than Cilium, whose answers are recorded. */
function differingFromCilium(
  world: WorldCase,
  answer: WorldAnswer,
  minor: Minor,
): { readonly count: number; readonly differing: readonly unknown[] } {
  const engine = 'answers' in answer ? engineOf(world, minor) : undefined;
  if (engine === undefined || !('answers' in answer)) {
    return { count: 0, differing: [] };
  }
  const universe = expectParsed(universeOf([engine], { mostPossible: 500 }));
  const matrix = new Matrix(engine, universe.ends);
  const outcomes = world.flows.flatMap((written, i) => {
    const said = answer.answers[i];
    const parsed = parseFlow(written);
    const flow = parsed.ok ? inRelation(parsed.value, engine) : undefined;
    const isAsked =
      parsed.ok && flow?.from === parsed.value.from && flow.to === parsed.value.to && flow.to.is !== 'service' && flow.code === undefined;
    const [from, to] = isAsked ? [universe.find(flow.from), universe.find(flow.to)] : [];
    if (
      !isAsked ||
      from === undefined ||
      to === undefined ||
      'error' in said ||
      said.allowed === null ||
      !isUsed(flow.protocol, engine.resolver.agent)
    ) {
      return [];
    }
    const isSelf = said.egress.decision === 'n/a' && said.ingress.decision === 'n/a';
    const actual = saidOn(matrix.traffic(from, to), flow.protocol, flow.port);
    return isSelf || actual === 'unknown'
      ? []
      : [{ is: actual === (said.allowed ? 'allowed' : 'denied'), text: JSON.stringify({ written, actual, config: world.config }) }];
  });
  return { count: outcomes.length, differing: outcomes.filter(({ is }) => !is).map(({ text }) => text) };
}

test('flows of the vectors pass as Cilium says', () => {
  const worlds = [...readSet('worlds-reviewed'), ...readSet('worlds-differing').slice(0, 15), ...readSet('worlds').slice(0, 15)];
  const found = worlds.flatMap(({ question, answers }) => MINORS.map((minor) => differingFromCilium(question, answers[minor], minor)));
  expect(found.flatMap(({ differing }) => differing)).toEqual([]);
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(700);
});

const POD: UniverseEnd = {
  is: 'possible-pods',
  written: expectParsed(parseFlow({ from: 'labels:app=a@x', to: 'x/a', port: 1 })).from,
  members: ['x'],
};
const NAME: UniverseEnd = { is: 'name', written: { is: 'fqdn', name: 'a.example' }, members: ['a.example'] };
const PEER: UniverseEnd = {
  is: 'possible-pods',
  written: expectParsed(parseFlow({ from: 'labels:app=b@x', to: 'x/a', port: 1 })).from,
  members: ['x'],
};
const DNS: JsonObject = { toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }] };

type Names = Readonly<Record<string, readonly string[]>>;

/** What passes between a pod, which a policy is of, and another end. */
function matrixOf(spec: JsonObject, other: UniverseEnd, names: Names, learns?: boolean): Matrix {
  const policy: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: { endpointSelector: { matchLabels: { app: 'a' } }, ...spec },
  };
  const { inventory, agent } = clusterOf({ objects: [], config: {}, names }, '1.20')!;
  const accepted = policiesIn([policy], '1.20', {});
  expect(accepted.length).toBe(1);
  return new Matrix(new FastEngine(accepted, inventory, agent, learns), [POD, other]);
}

const TO_NAME: JsonObject = { toFQDNs: [{ matchName: 'a.example' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] };

/** What passes from a pod to a name that a rule admits, beside other rules. */
function toName(more: readonly JsonObject[], learns?: boolean): string {
  const matrix = matrixOf({ egress: [TO_NAME, ...more] }, NAME, { 'a.example': ['192.0.2.1'] }, learns);
  return saidOn(matrix.traffic(0, 1), 'TCP', 443);
}

test('a source reaches the address of a name that it may look up, or of any name where look-ups do not count', () => {
  expect([toName([DNS], true), toName([], true), toName([])]).toEqual(['allowed', 'denied', 'allowed']);
});

test('a name without an address is no end where look-ups do not count', () => {
  const matrix = matrixOf({ egress: [TO_NAME] }, NAME, {});
  expect([matrix.traffic(0, 1).passages, matrix.traffic(1, 0).passages]).toEqual([[], []]);
});

const from = (app: string, port: string, layer7: JsonObject = {}): JsonObject => ({
  fromEndpoints: [{ matchLabels: { app } }],
  toPorts: [{ ports: [{ port, protocol: 'TCP' }], ...layer7 }],
});
const http = (method: string, more: JsonObject = {}): JsonObject => ({ rules: { http: [{ method }] }, ...more });
/** With it, only the specification knows what passes. */
const SECURED: JsonObject = { ...from('c', '81'), authentication: { mode: 'required' } };
const GET = from('b', '80', http('GET'));
const TLS = { secret: { namespace: 'x', name: 's' } };

/** What passes from another pod, where only the specification knows it. */
const asked = (spec: JsonObject): Traffic => {
  const matrix = matrixOf(spec, PEER, {});
  expect(matrix.decider('ingress', 0)).toBe('ask');
  return matrix.traffic(1, 0);
};

test('what proxies see is told of requests, and not of other connections: there may be more to it', () => {
  const { passages } = asked({ ingress: [GET, from('b', '82'), SECURED] });
  expect(passages).toEqual([
    { protocol: 'TCP', first: 80, last: 80, is: 'allowed', proxies: [expect.objectContaining({ is: 'http', hasMore: true })] },
    { protocol: 'TCP', first: 82, last: 82, is: 'allowed', proxies: [] },
  ]);
});

test.each<[string, readonly JsonObject[], JsonObject, boolean]>([
  ['nothing', [GET], {}, true],
  ['a rule of other peers, which stands before', [from('c', '80'), GET], {}, true],
  ['the method of requests', [from('b', '80', http('PUT'))], {}, false],
  ['what ends TLS', [from('b', '80', http('GET', { terminatingTLS: TLS }))], {}, false],
  ['a pattern of other peers that Envoy refuses', [GET, from('c', '82', { rules: { http: [{ host: '*.example' }] } })], {}, false],
  ['that nothing closes the direction', [GET], { enableDefaultDeny: { ingress: false } }, false],
])('requests that only the specification knows are the same after a change: %s', (_, ingress, more, isSame) => {
  const [before, after] = [[GET], ingress].map((rules, i) => asked({ ingress: [...rules, SECURED], ...(i === 1 && more) }));
  const keysOn80 = ({ passages }: Traffic) => passages.find(({ first, last }) => first <= 80 && 80 <= last)!.proxies.map(({ key }) => key);
  expect(isDeepStrictEqual(keysOn80(before), keysOn80(after))).toBe(isSame);
});

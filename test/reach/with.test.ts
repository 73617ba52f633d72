/** An engine that is made from an earlier one says what a fresh engine says, and the specification. */
import fc from 'fast-check';
import type { Minor } from '../../lib/crd/minor';
import { MINORS } from '../../lib/crd/minor';
import type { AgentConfig } from '../../lib/model/config';
import type { Flow } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import type { Policy } from '../../lib/model/policy';
import { expectParsed } from '../../lib/net/parsed';
import { FastEngine } from '../../lib/reach/engine';
import { parseFlow } from '../../lib/read/flow';
import { edited } from '../generate/edits';
import { worldCases } from '../generate/worlds';
import { clusterOf, policiesIn } from '../support/world-engine';

/** What engines say of flows. They are asked more than once, since tables are packed when they are asked again. */
function expectSame(changed: FastEngine, policies: readonly Policy[], flows: readonly Flow[], about: unknown): void {
  const { resolver } = changed;
  const fresh = new FastEngine(policies, resolver.cluster.inventory, resolver.agent, resolver.learns);
  for (const flow of flows) {
    const said = [changed, changed, changed, changed.specification, fresh].map((engine) => engine.verdict(flow));
    const wanted = fresh.specification.verdict(flow);
    expect({ about, flow, said }).toEqual({ about, flow, said: said.map(() => wanted) });
  }
}

const A: JsonObject = { matchLabels: { app: 'a' } };
const B: JsonObject = { matchLabels: { app: 'b' } };
const NOT_A: JsonObject = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] };
const on = (port: string): JsonObject => ({ toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] });
const GET: JsonObject = { toPorts: [{ ports: [{ port: '5', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }] };

/** One spec each: all kinds of subjects, peers, traffic and effects in small. */
const SPECS: readonly JsonObject[] = [
  { endpointSelector: {}, ingress: [{}] },
  { endpointSelector: A, ingress: [{ fromEndpoints: [B], ...on('5') }] },
  { endpointSelector: A, ingress: [{ fromEndpoints: [NOT_A], ...on('http') }] },
  { endpointSelector: NOT_A, ingress: [on('4')] },
  { endpointSelector: A, ingress: [{ fromEndpoints: [B], ...GET }] },
  { endpointSelector: A, ingressDeny: [{ fromEndpoints: [B], ...on('5') }] },
  { endpointSelector: B, egress: [{ toEndpoints: [A], ...on('http') }] },
  { endpointSelector: B, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/30', except: ['10.0.0.2/31'] }] }] },
  { endpointSelector: {}, egressDeny: [{ toCIDR: ['10.0.0.1/32', '10.0.0.3/32'] }], enableDefaultDeny: { egress: false } },
  { endpointSelector: A, egress: [{ toFQDNs: [{ matchName: 'a.example' }], ...on('5') }] },
  { endpointSelector: A, egress: [{ toFQDNs: [{ matchPattern: '*.example' }] }] },
  { endpointSelector: A, ingress: [{ fromEntities: ['host', 'world'] }] },
  { endpointSelector: B, ingress: [{ fromCIDRSet: [{ cidrGroupSelector: {} }] }] },
  { endpointSelector: A, egress: [on('http')] },
  { nodeSelector: {}, ingress: [{ fromEntities: ['cluster'], ...on('4') }] },
];
const EVERY_PEER = SPECS.findIndex(({ egress }) => JSON.stringify(egress) === JSON.stringify([on('http')]));
const GROUPS = SPECS.findIndex((spec) => JSON.stringify(spec).includes('cidrGroupSelector'));
const TO_BLOCK = SPECS.findIndex((spec) => JSON.stringify(spec).includes('except'));
const WITHOUT_BLOCK = SPECS.findIndex(({ egressDeny }) => egressDeny !== undefined);
const TINY = SPECS.map((spec, i): JsonObject => {
  const isOfNodes = spec.nodeSelector !== undefined;
  const kind = isOfNodes ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy';
  return { apiVersion: 'cilium.io/v2', kind, metadata: { name: `p${i}`, ...(!isOfNodes && { namespace: 'x' }) }, spec };
});
const POD = (namespace: string, app: string, i: number): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${app}${i}`, namespace, labels: { app } },
  spec: { nodeName: 'n', containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 4 + i }] }] },
  status: { podIPs: [{ ip: `10.0.0.${i}` }] },
});
const CLUSTER: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: { addresses: [{ type: 'InternalIP', address: '10.1.0.1' }] } },
  ...['x', 'y'].flatMap((namespace) => ['a', 'b', 'c'].flatMap((app) => [0, 1].map((i) => POD(namespace, app, i)))),
];
const NAMES = { 'a.example': ['10.0.0.1'], 'b.example': ['10.2.0.1'] };
const ENDS = [
  'x/a0',
  'x/a1',
  'x/b0',
  'x/c0',
  'y/b1',
  'labels:app=b@x',
  'ip:10.0.0.1',
  'ip:10.0.0.3',
  'ip:10.2.0.1',
  'node:n',
  'entity:world',
];
const FLOWS = ENDS.flatMap((from) => ENDS.flatMap((to) => [4, 5].map((port) => expectParsed(parseFlow({ from, to, port })))));

test.each(MINORS)('after any change of policies all flows of a tiny world have the verdicts of a fresh engine, in %s', (minor: Minor) => {
  const mode = minor === '1.20' ? 'nodes,pods' : 'nodes';
  const configs = ['', mode].map((one) => ({ 'enable-host-firewall': 'true', 'policy-cidr-match-mode': one }));
  const clusters = configs.map((config) => clusterOf({ objects: CLUSTER, config, names: NAMES }, minor)!);
  const all = TINY.flatMap((one) => policiesIn([one], minor, configs[0]));
  const toggles = fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.subarray(all), toggles, fc.constantFrom(...clusters), fc.boolean(), (first, changes, { inventory, agent }, learns) => {
      let policies: readonly Policy[] = first;
      let engine = new FastEngine(policies, inventory, agent, learns);
      FLOWS.forEach((flow) => engine.verdict(flow));
      for (const change of changes) {
        policies = policies.includes(change) ? policies.filter((one) => one !== change) : [change, ...policies];
        engine = engine.with(policies);
        expectSame(
          engine,
          policies,
          FLOWS,
          policies.map(({ name }) => name),
        );
      }
    }),
    { numRuns: 8 },
  );
});

test.each(MINORS)('after edits of generated policies all flows have the verdicts of a fresh engine, in %s', (minor: Minor) => {
  for (const [i, world] of worldCases(47, 15).entries()) {
    const cluster = clusterOf(world, minor);
    const known = new Map<object, readonly Policy[]>();
    const policiesOf = (objects: readonly object[]) =>
      objects.flatMap((object) => {
        const policies = known.get(object) ?? policiesIn([object], minor, world.config);
        known.set(object, policies);
        return policies;
      });
    const flows = world.flows.flatMap((written) => {
      const flow = parseFlow(written);
      return flow.ok ? [flow.value] : [];
    });
    let objects: readonly object[] = world.objects;
    let engine = cluster && new FastEngine(policiesOf(objects), cluster.inventory, cluster.agent);
    for (const number of engine === undefined ? [] : [1, 2, 3]) {
      ({ objects } = edited(objects, i * 3 + number));
      engine = engine!.with(policiesOf(objects));
      expectSame(engine, policiesOf(objects), flows, { world, number });
    }
  }
});

test('an engine that others were made from still says what it said', () => {
  const { inventory, agent } = clusterOf({ objects: CLUSTER, config: {}, names: NAMES }, '1.20')!;
  const all = TINY.flatMap((one) => policiesIn([one], '1.20', {}));
  const first = new FastEngine(all.slice(0, 5), inventory, agent);
  const verdicts = () => FLOWS.map((flow) => first.verdict(flow));
  const before = verdicts();
  const second = first.with(all.slice(3));
  FLOWS.forEach((flow) => second.verdict(flow));
  expect(verdicts()).toEqual(before);
  expectSame(second, all.slice(3), FLOWS, 'second');
});

test('a rule is compiled again only for the endpoints that it selects', () => {
  const { inventory, agent } = clusterOf({ objects: CLUSTER, config: {}, names: NAMES }, '1.20')!;
  const all = TINY.slice(0, 12).flatMap((one) => policiesIn([one], '1.20', {}));
  const end = (engine: FastEngine, name: string) => engine.endpoint({ is: 'pod', name })!;
  const first = new FastEngine(all.slice(1), inventory, agent);
  const tables = (engine: FastEngine) => ['x/a0', 'x/b0', 'x/c0'].map((name) => engine.table('ingress', end(engine, name)));
  const [a, b, c] = tables(first);
  const [newA, newB, newC] = tables(first.with(all.slice(2)));
  expect([newA === a, newB === b, newC === c]).toEqual([false, true, true]);
});

/** Policies of the tiny world by the places of their specs, in the newest minor. */
function tiny(places: readonly number[], config: AgentConfig): readonly Policy[] {
  return places.flatMap((place) => policiesIn([TINY[place]], '1.20', config));
}

test.each([
  ['a selector of groups is the selector of every peer of another rule too', [EVERY_PEER], [EVERY_PEER, GROUPS], {}],
  ['prefixes are part of the identities of pods', [TO_BLOCK], [TO_BLOCK, WITHOUT_BLOCK], { 'policy-cidr-match-mode': 'pods' }],
])('what a rule changes beyond the endpoints that it selects is found: %s', (_, before, after, config: AgentConfig) => {
  const { inventory, agent } = clusterOf({ objects: CLUSTER, config, names: NAMES }, '1.20')!;
  const all = tiny(after, config);
  const first = new FastEngine(all.slice(0, before.length), inventory, agent);
  FLOWS.forEach((flow) => first.verdict(flow));
  expectSame(first.with(all), all, FLOWS, after);
});

const NODES = SPECS.findIndex(({ nodeSelector }) => nodeSelector !== undefined);
const FEW = ['x/a0', 'x/b0', 'ip:10.0.0.1', 'ip:10.1.0.1', 'node:n', 'entity:world'];
const FEW_FLOWS = FEW.flatMap((from) => FEW.flatMap((to) => [4, 5].map((port) => expectParsed(parseFlow({ from, to, port })))));

test.each<[string, number, AgentConfig]>([
  ['pods', TO_BLOCK, {}],
  ['nodes', NODES, { 'enable-host-firewall': 'true' }],
  ['nodes, where CIDRs match them', NODES, { 'enable-host-firewall': 'true', 'policy-cidr-match-mode': 'nodes' }],
])('a rule that is new or removed changes what is said of the endpoints that it selects: %s', (_, place, config) => {
  const { inventory, agent } = clusterOf({ objects: CLUSTER, config, names: NAMES }, '1.20')!;
  const [without, all] = [[WITHOUT_BLOCK], [WITHOUT_BLOCK, place]].map((places) => tiny(places, config));
  for (const [before, after] of [
    [without, [...without, ...all.slice(-1)]],
    [all, all.slice(0, 1)],
  ]) {
    const first = new FastEngine(before, inventory, agent);
    FEW_FLOWS.forEach((flow) => first.verdict(flow));
    expectSame(first.with(after), after, FEW_FLOWS, before);
  }
});

test.each(['nodes', 'pods', 'nodes,pods'])('a CIDR that is new or removed is part of the identities of what it matches: %s', (mode) => {
  const config = { 'enable-host-firewall': 'true', 'policy-cidr-match-mode': mode };
  const { inventory, agent } = clusterOf({ objects: CLUSTER, config, names: NAMES }, '1.20')!;
  const policy = (name: string, spec: JsonObject): JsonObject => ({
    ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name } },
    spec: { enableDefaultDeny: { ingress: false, egress: false }, ...spec },
  });
  const wide = policy('wide', { endpointSelector: {}, egress: [{ toCIDR: ['10.0.0.0/8'] }], enableDefaultDeny: { egress: true } });
  const narrow = policy('narrow', { endpointSelector: {}, egressDeny: [{ toCIDR: ['10.1.0.1/32', '10.0.0.1/32'] }] });
  const ofNode = policy('node', { nodeSelector: {}, ingressDeny: [{ fromCIDR: ['10.0.0.1/32', '10.1.0.0/24'] }] });
  const all = policiesIn([wide, narrow, ofNode], '1.20', config);
  for (const [before, after] of [
    [all.slice(0, 1), all],
    [all, all.slice(0, 1)],
    [all.slice(0, 2), all.slice(1)],
  ]) {
    const first = new FastEngine(before, inventory, agent);
    FEW_FLOWS.forEach((flow) => first.verdict(flow));
    expectSame(first.with(after), after, FEW_FLOWS, mode);
  }
});

// The agent of 1.18 takes policies as they come, and HTTP rules before server names are a conflict, but not the other way round.
test('the same policies in another order are other rules, in 1.18', () => {
  const { inventory, agent } = clusterOf({ objects: CLUSTER, config: {}, names: NAMES }, '1.18')!;
  const policy = (name: string, layer7: JsonObject): JsonObject => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace: 'x' },
    spec: { endpointSelector: A, egress: [{ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], ...layer7 }] }] },
  });
  const [requests, names] = [{ rules: { http: [{ method: 'GET' }] } }, { serverNames: ['example.com'] }].map((layer7, i) =>
    policiesIn([policy(`p${i}`, layer7)], '1.18', {}),
  );
  const flow = expectParsed(parseFlow({ from: 'x/a0', to: 'entity:world', port: 443 }));
  const first = new FastEngine([...names, ...requests], inventory, agent);
  expect(expectParsed(first.verdict(flow)).egress.decision).toBe('allowed');
  const [turned, again] = [first.with([...requests, ...names]), first.with([...names, ...requests])];
  expect([turned, again].map((engine) => expectParsed(engine.verdict(flow)).egress.decision)).toEqual(['unknown', 'allowed']);
});

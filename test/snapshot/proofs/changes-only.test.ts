/** A change opens or closes nothing but what is listed, if no other flow passes on one side of it only. */
import { prove } from '../../../lib/engine';
import type { JsonObject } from '../../../lib/model/json';
import type { ChangeDemand, FlowSet, WrittenProperties, WrittenProperty } from '../../../lib/model/property';
import { expectParsed } from '../../../lib/net/parsed';
import type { Proof } from '../../../lib/snapshot/proofs/proof';
import { proofsOf } from '../../../lib/snapshot/proofs/proofs';
import { SETS } from '../../support/tiny';
import { allowedOver, FLOWS, policy, snapshotOf, SOME, TinyFlow } from '../../support/tiny-flows';

const five = [{ protocol: 'TCP', first: 5, last: 5 } as const];
/** Flows that may change. */
const LISTS: readonly (readonly [keyof typeof SOME, keyof typeof SOME, FlowSet['ports']?][])[] = [
  [],
  [['b of x', 'a']],
  [
    ['b of x', 'a', five],
    ['y', 'a', five],
  ],
  [
    ['world', 'a'],
    ['not a of x', 'some addresses, and a', [{ protocol: 'TCP', first: 5, last: 7 }]],
  ],
  [
    ['y', 'not a of x'],
    ['a', 'y', five],
    ['not a of x', 'not a of x'],
  ],
];
const policiesOf = (specs: readonly JsonObject[]) => specs.map((spec, i) => policy(`p${i}`, 'x', spec));
const snapshots = SETS.map((specs) => snapshotOf(policiesOf(specs)));
const allowed = SETS.map((specs) => allowedOver(policiesOf(specs)));

const isListed = (list: (typeof LISTS)[number], { from, to, port }: TinyFlow) =>
  list.some(
    ([a, b, ports = []]) =>
      SOME[a].has(from) && SOME[b].has(to) && (ports.length === 0 || ports.some(({ first, last }) => first <= port && port <= last)),
  );

test.each(SETS.map((_, i) => i))('set %i changed to every other one', (i) => {
  for (const [k, after] of snapshots.entries()) {
    const list = LISTS[(i + 2 * k) % LISTS.length];
    const flows = list.map(([from, to, ports]): FlowSet => ({ from: SOME[from].set, to: SOME[to].set, ...(ports && { ports }) }));
    const properties = KINDS.map((kind) => ({ name: kind, kind, demands: [{ is: 'changes-only', kind, flows } as const] }));
    const proofs = expectParsed(proofsOf(after, { assumptions: [], properties }, { mostPossible: 100, base: snapshots[i] }));
    const told = (kind: ChangeDemand['kind']) => {
      const now = kind === 'opened';
      const isBroken = FLOWS.some((flow, n) => allowed[i][n] === !now && allowed[k][n] === now && !isListed(list, flow));
      return isBroken ? 'fails' : 'holds';
    };
    expect([k, ...proofs.map(resultOf)]).toEqual([k, ...KINDS.map(told)]);
    proofs.forEach(({ witness }, n) => expectShown(witness, KINDS[n] === 'opened'));
  }
});

const KINDS = ['opened', 'closed'] as const;

/** Where the API server is, nobody knows here. */
function resultOf({ is, missing }: Proof): Proof['is'] {
  return is === 'unknown' && missing.every((one) => one.startsWith('the addresses of the API server')) ? 'holds' : is;
}

/** The witness passes on one side of the change only. */
function expectShown(witness: Proof['witness'], isOpened: boolean): void {
  if (witness === undefined) {
    return;
  }
  const passes =
    witness.is === 'flow' &&
    [witness.before!, witness.verdicts].map((one) => expectParsed(one.specification.verdict(witness.flow)).allowed);
  expect(passes).toEqual([!isOpened, isOpened]);
}

describe('a change', () => {
  const manifest = (kind: string, name: string, namespace: string, more: JsonObject): JsonObject => ({
    ...{ apiVersion: kind === 'Pod' ? 'v1' : 'cilium.io/v2', kind, metadata: { name, namespace, labels: more.labels } },
    spec: more.spec,
  });
  const cnp = (spec: JsonObject, name = 'p') => manifest('CiliumNetworkPolicy', name, 'x', { spec: { endpointSelector: {}, ...spec } });
  const pod = (name: string, labels: JsonObject = {}) => manifest('Pod', name, 'x', { labels, spec: { containers: [] } });
  const ask = (
    before: readonly JsonObject[],
    after: readonly JsonObject[],
    property: WrittenProperty,
    { possiblePods, ...more }: Partial<WrittenProperties> & { readonly possiblePods?: boolean } = {},
  ) => {
    const [base, head] = [before, after].map((objects) => [
      { name: 'a.yaml', text: objects.map((one) => JSON.stringify(one)).join('\n---\n') },
    ]);
    const [{ result, missing, witness }] = prove(head, { ...more, properties: [property] }, { base, possiblePods }).properties;
    return { result, missing, flow: witness?.flow };
  };
  const http = (...rules: JsonObject[]) =>
    cnp({ ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: rules } }] }] });
  const NOTHING: WrittenProperty = { 'opens-only': [] };
  const X = { namespace: 'x' };

  test('of requests opens what a request shows', () => {
    const { result, flow } = ask([http({ path: '/a' })], [http({ path: '/a' }, { path: '/b' })], NOTHING);
    expect([result, flow?.before?.passes, flow?.verdict.passes]).toEqual(['fails', false, true]);
    expect(ask([http({ path: '/a' }, { path: '/b' })], [http({ path: '/a' })], NOTHING).result).toBe('holds');
    expect(ask([http({ path: '/a' }, { path: '/b' })], [http({ path: '/a' })], { 'closes-only': [] }).result).toBe('fails');
  });

  test('of requests is listed with its ports', () => {
    const listed = (ports: string): WrittenProperty => ({ 'opens-only': [{ from: X, to: X, ports }] });
    const [before, after] = [[http({ path: '/a' })], [http({ path: '/a' }, { path: '/b' })]];
    expect([ask(before, after, listed('80')).result, ask(before, after, listed('81')).result]).toEqual(['holds', 'fails']);
  });

  test('of a listed pod that is there on one side only is told where no other pod counts', () => {
    const [closed, open] = [cnp({ ingress: [{}] }), cnp({ ingress: [{ fromEndpoints: [{}] }] })];
    expect(ask([closed, pod('a')], [open, pod('a'), pod('b')], NOTHING, { possiblePods: false })).toMatchObject({
      ...{ result: 'unknown', missing: ['what passes from and to `x/b`, which is there on one side of the change only'] },
    });
    expect(ask([closed, pod('a')], [closed, pod('a'), pod('b')], NOTHING, { possiblePods: false }).result).toBe('holds');
  });

  test('of requests that cannot be compared may open some', () => {
    const [before, after] = ['value-a', 'value-b'].map((name) => [
      http({ path: '/a', headerMatches: [{ name: 'x', secret: { name, namespace: 'x' } }] }),
    ]);
    expect(ask(before, after, NOTHING).result).toBe('unknown');
  });

  test('of nothing opens nothing, however many labels there are', () => {
    const wanted = Array.from({ length: 12 }, (_, i) => ({ fromEndpoints: [{ matchLabels: { [`label-${i}`]: 'a' } }] }));
    const many = cnp({ ingress: wanted });
    const listed: WrittenProperty = { 'opens-only': [{ from: { ...X, podSelector: { matchLabels: { a: 'b' } } }, to: X }] };
    expect(ask([many], [many], listed)).toEqual({ result: 'holds', missing: [], flow: undefined });
    expect(ask([many], [], listed).result).not.toBe('holds');
  });

  test('between pods that do not exist is none', () => {
    const open = cnp({ ingress: [{ fromEndpoints: [{ matchLabels: { role: 'admin' } }] }] });
    const admins = { podSelector: { matchLabels: { role: 'admin' } } };
    expect(
      ask([cnp({ ingress: [{}] })], [cnp({ ingress: [{}] }), { ...open, metadata: { name: 'q', namespace: 'x' } }], NOTHING).result,
    ).toBe('fails');
    const never = { assume: [{ never: admins }] };
    expect(
      ask([cnp({ ingress: [{}] })], [cnp({ ingress: [{}] }), { ...open, metadata: { name: 'q', namespace: 'x' } }], NOTHING, never).result,
    ).toBe('holds');
    expect(() => ask([], [pod('a', { role: 'admin' })], NOTHING, never)).toThrow(
      'pod `x/a` is there, and an assumption says that no such pod is',
    );
  });

  test('opens nothing between a pod and itself', () => {
    const [closed, open] = [cnp({ ingress: [{}] }), cnp({ ingress: [{ fromEndpoints: [{}] }] })];
    const only = { possiblePods: false };
    expect(ask([closed, pod('a')], [open, pod('a')], NOTHING, only).result).toBe('holds');
    expect(ask([closed, pod('a'), pod('b')], [open, pod('a'), pod('b')], NOTHING, only).result).toBe('fails');
    expect(ask([closed, pod('a')], [open, pod('a')], NOTHING).result).toBe('fails');
  });

  test('opens a name only for the destinations that are listed', () => {
    const dns: JsonObject = {
      toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
      toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }],
    };
    const [before, after] = [[cnp({ egress: [dns] })], [cnp({ egress: [dns, { toFQDNs: [{ matchName: 'api.example.com' }] }] })]];
    const listed = (names: string): WrittenProperty => ({ 'opens-only': [{ from: X, to: { names } }] });
    expect(ask(before, after, listed('api.example.com')).result).toBe('holds');
    expect(ask(before, after, listed('*.example.org')).result).toBe('fails');
  });

  test('is not known where a side could not be read, or is filled in later', () => {
    const vague = cnp({ ingress: [{ fromEndpoints: [{ matchLabels: { app: '${APP}' } }] }] });
    const { result, missing } = ask([cnp({ ingress: [{}] })], [vague], NOTHING);
    expect([result, missing.length > 0]).toEqual(['unknown', true]);
    const head = [{ name: 'a.yaml', text: 'kind: CiliumNetworkPolicy\n  spec: [' }];
    expect(prove(head, { properties: [NOTHING] }, { base: [] }).properties[0].missing).toEqual([
      'after the change: a.yaml:2, which could not be read',
    ]);
  });

  test('is judged after a restart: a policy that is rejected now is gone', () => {
    const rejected = cnp({ ingress: [{ fromCIDR: ['10.0.0.0/99'] }] });
    expect(ask([cnp({ ingress: [{}] })], [rejected], NOTHING).result).toBe('fails');
  });

  test('of what is not known on both sides is not known', () => {
    const clashing = (...more: JsonObject[]) =>
      cnp({
        egress: [
          ...[{ http: [{ method: 'GET' }] }, { dns: [{ matchPattern: '*' }] }].map((rules) => ({
            toPorts: [{ ports: [{ port: '53', protocol: 'TCP' }], rules }],
          })),
          ...more,
        ],
      });
    const { result, missing } = ask([clashing()], [clashing({ toEntities: ['world'] })], NOTHING);
    expect([result, missing.join()]).toEqual(['unknown', expect.stringContaining('conflicting L7 parsers')]);
    const vague = pod('web', { app: '${APP}' });
    const open = (...apps: string[]) => cnp({ ingress: apps.map((app) => ({ fromEndpoints: [{ matchLabels: { app } }] })) });
    expect(ask([open('a'), vague], [open('a', 'b'), vague], NOTHING, { possiblePods: false }).result).toBe('unknown');
  });

  test('needs the policies before it', () => {
    expect(() => prove([], { properties: [NOTHING] })).toThrow('it is about a change, and only the policies after it are given');
  });
});

/** Proofs over a tiny cluster, exhaustively: a property holds if no flow is against it, whatever somebody adds. */
import type { JsonObject } from '../../../lib/model/json';
import type { Demand, EndPart, Ends, EndSet, PassingDemand, Property } from '../../../lib/model/property';
import { expectParsed } from '../../../lib/net/parsed';
import type { Proof } from '../../../lib/snapshot/proofs/proof';
import { proofsOf } from '../../../lib/snapshot/proofs/proofs';
import { SETS, SPECS } from '../../support/tiny';
import { allowedOver, app, FLOWS, policy, snapshotOf, SOME, TinyFlow, TinySet } from '../../support/tiny-flows';

const ends = ({ set }: TinySet, isOthers = false): Ends => ({ set, isOthers });
const five = [{ protocol: 'TCP', first: 5, last: 5 } as const];

interface TinyDemand {
  readonly demand: PassingDemand;
  readonly isAsked: (flow: TinyFlow) => boolean;
}

const DEMANDS: readonly TinyDemand[] = Object.values(SOME).flatMap((from) =>
  Object.values(SOME).flatMap((to): TinyDemand[] => [
    { demand: { is: 'nothing', from: ends(from), to: ends(to) }, isAsked: (flow) => from.has(flow.from) && to.has(flow.to) },
    {
      demand: { is: 'nothing', from: ends(from), to: ends(to), ports: five },
      isAsked: (flow) => from.has(flow.from) && to.has(flow.to) && flow.port === 5,
    },
    {
      demand: { is: 'nothing', from: ends(from, true), to: ends(to), ports: five },
      isAsked: (flow) => !from.has(flow.from) && to.has(flow.to) && flow.port === 5,
    },
    {
      demand: { is: 'nothing', from: ends(from), to: ends(to, true), ports: five },
      isAsked: (flow) => from.has(flow.from) && !to.has(flow.to) && flow.port === 5,
    },
    {
      demand: { is: 'everything', from: ends(from), to: ends(to), ports: five },
      isAsked: (flow) => from.has(flow.from) && to.has(flow.to) && flow.port === 5,
    },
  ]),
);

const FEW = DEMANDS.filter((_, i) => i % 7 === 0);

const isBroken = ({ demand, isAsked }: TinyDemand, allowed: readonly (boolean | undefined)[]): boolean =>
  FLOWS.some((flow, i) => isAsked(flow) && allowed[i] === (demand.is === 'nothing'));
const prove = (policies: readonly JsonObject[], demands: readonly TinyDemand[], whoever?: EndSet): readonly Proof[] => {
  const properties = demands.map(({ demand }, i): Property => ({
    ...{ name: `p${i}`, kind: 'only-from', demands: [demand] },
    ...(whoever && { whoever }),
  }));
  return expectParsed(proofsOf(snapshotOf(policies), { assumptions: [], properties }, { mostPossible: 100, mends: false }));
};

/** Port names of other pods leave a doubt, unless only what matters is told apart. */
const UNRELATED = policy('named', 'w', {
  endpointSelector: { matchLabels: { app: 'z' } },
  ingress: [{ fromEndpoints: [{ matchLabels: { app: 'z' } }], toPorts: [{ ports: [{ port: 'sql' }] }] }],
});

test.each(SETS.flatMap((_, i) => [[i, 'alone', []] as const, [i, 'beside port names', [UNRELATED]] as const]))(
  'of set %i %s, those properties hold that no flow is against',
  (i, _, more) => {
    const policies = [...SETS[i].map((spec, k) => policy(`p${k}`, 'x', spec)), ...more];
    const allowed = allowedOver(policies);
    // Half of them for each set: every demand meets half of the sets.
    const demands = more.length === 0 ? DEMANDS.filter((_, k) => (k + i) % 2 === 0) : FEW;
    const proofs = prove(policies, demands);
    expect(proofs.map(({ is }) => is)).toEqual(demands.map((one) => (isBroken(one, allowed) ? 'fails' : 'holds')));
  },
);

const Y: EndSet = [{ is: 'pods', namespaces: ['y'] }];
test.each(SETS.map((_, i) => i))('of set %i, whatever somebody adds to a namespace', (i) => {
  const policies = SETS[i].map((spec, k) => policy(`p${k}`, 'x', spec));
  const broken = SPECS.map((spec) => allowedOver([...policies, policy('added', 'y', spec)]));
  prove(policies, FEW, Y).forEach(({ is, witness }, k) => {
    // Whatever one policy of the grammar breaks is refuted.
    if (broken.some((allowed) => isBroken(FEW[k], allowed))) {
      expect([i, k, is]).toEqual([i, k, 'fails']);
    }
    // What is refuted breaks with the policy that is shown.
    if (witness?.is === 'flow') {
      const verdicts = expectParsed(snapshotOf([...policies, ...witness.added]).verdicts());
      expect(expectParsed(verdicts.specification.verdict(witness.flow)).allowed).toBe(FEW[k].demand.is === 'nothing');
    }
  });
});

describe('what is not known', () => {
  const apart = (...more: readonly Property[]): Property[] => [
    { name: 'apart', kind: 'isolated', demands: [{ is: 'nothing', from: { set: [app('a')] }, to: { set: [app('b')] } }] },
    ...more,
  ];
  const proofs = (policies: readonly JsonObject[], properties: readonly Property[], assumptions: readonly EndSet[] = []) =>
    proofsOf(
      snapshotOf(policies),
      { assumptions: assumptions.map((never) => ({ never })), properties },
      { mostPossible: 100, mends: false },
    );
  const closed = policy('closed', 'x', { endpointSelector: {}, egress: [{}] });

  test('a pod that could exist may give a port name any number', () => {
    const named = policy('named', 'x', {
      endpointSelector: { matchLabels: { app: 'a' } },
      egress: [{ toEndpoints: [{ matchLabels: { app: 'b' } }], toPorts: [{ ports: [{ port: 'sql' }] }] }],
    });
    const inX = (value: string): EndSet => [{ ...app(value), namespaces: ['x'] } as EndPart];
    const [{ is, missing }] = expectParsed(
      proofs(
        [closed, named],
        [{ name: 'n', kind: 'only-from', demands: [{ is: 'nothing', from: { set: inX('a') }, to: { set: inX('b') } }] }],
      ),
    );
    expect([is, missing]).toEqual(['unknown', ['which port of pods that are not listed is called `sql`']]);
  });

  test('the node that a pod is on is an end like others where it is meant', () => {
    const toHost: Demand = { is: 'nothing', from: { set: [app('a')] }, to: { set: [{ is: 'entities', names: ['host'] }] } };
    const fromHost: Demand = { is: 'nothing', from: { set: [{ is: 'entities', names: ['host'] }] }, to: { set: [app('a')] } };
    const found = expectParsed(
      proofs(
        [],
        [toHost, fromHost].map((demand, i): Property => ({ name: `${i}`, kind: 'only-from', demands: [demand] })),
      ),
    );
    expect(found.map(({ is }) => is)).toEqual(['fails', 'fails']);
  });

  test('of a range of ports, those that do not pass are shown', () => {
    const some = policy('some', 'x', {
      endpointSelector: { matchLabels: { app: 'a' } },
      ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '70', endPort: 75 }, { port: '80' }] }] }],
    });
    const inX: EndSet = [{ ...app('a'), namespaces: ['x'] } as EndPart];
    const everything = (first: number, last: number): Property => ({
      name: `${first}`,
      kind: 'reachable',
      demands: [{ is: 'everything', from: { set: inX }, to: { set: inX }, ports: [{ protocol: 'TCP', first, last }] }],
    });
    const [wide, narrow] = expectParsed(proofs([some], [everything(70, 80), everything(71, 75)]));
    expect([wide.is, narrow.is]).toEqual(['fails', 'holds']);
    expect(wide.witness).toMatchObject({ flow: { port: 76 } });
  });

  test('a value that is filled in later', () => {
    const vague = policy('vague', 'x', {
      endpointSelector: {},
      egress: [{ toEndpoints: [{ matchLabels: { app: '${APP}' } }] }],
    });
    const [{ is, missing }] = expectParsed(
      proofs(
        [vague],
        [
          {
            name: 'n',
            kind: 'only-from',
            demands: [{ is: 'nothing', from: { set: [{ ...app('a'), namespaces: ['x'] } as EndPart] }, to: { set: [app('b')] } }],
          },
        ],
      ),
    );
    expect([is, missing]).toEqual(['unknown', [expect.stringContaining('${APP}')]]);
  });

  test('a set without an end proves nothing', () => {
    const none: EndSet = [
      {
        is: 'pods',
        podSelector: {
          matchLabels: { app: 'a' },
          matchExpressions: [{ key: 'app', operator: 'In', values: ['b'] }],
        },
      },
    ];
    const [{ is, missing }] = expectParsed(
      proofs([closed], [{ name: 'n', kind: 'only-from', demands: [{ is: 'nothing', from: { set: none }, to: { set: [app('b')] } }] }]),
    );
    expect([is, missing]).toEqual(['unknown', ['an end: a set, or a part of one, has none, so nothing is proved']]);
  });

  test('what is assumed never to be is not asked about', () => {
    const [without] = expectParsed(proofs([closed], apart()));
    const [{ is, looked }] = expectParsed(proofs([closed], apart(), [[{ is: 'pods', namespaces: ['x'] }]]));
    expect([without.is, is, looked < without.looked, without.others < without.looked]).toEqual(['fails', 'fails', true, true]);
    expect(without.others).toBeGreaterThan(0);
    const pod: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'x', labels: { app: 'a' } } };
    const refused = proofs([closed, pod], apart(), [[app('a')]]);
    expect(refused.ok ? '' : refused.problem).toBe('`apart`: pod `x/a` is there, and an assumption says that no such pod is');
  });

  test('two pods of one namespace have the same labels of it', () => {
    const namespaceWith = (value: string): EndSet => [
      { is: 'pods', namespaces: ['x'], namespaceSelector: { matchLabels: { tenant: value }, matchExpressions: [] } },
    ];
    const demand: Demand = { is: 'nothing', from: { set: namespaceWith('red') }, to: { set: namespaceWith('blue') } };
    const [{ is, missing }] = expectParsed(proofs([], [{ name: 'n', kind: 'only-from', demands: [demand] }]));
    expect([is, missing]).toEqual(['holds', []]);
  });

  test('a pod is closed by default if a policy for it is, in every namespace', () => {
    const demand: Demand = { is: 'closed', of: [app('a')], direction: 'egress' };
    const inX: Demand = { ...demand, of: [{ ...app('a'), namespaces: ['x'] } as EndPart] };
    const found = expectParsed(
      proofs(
        [closed],
        [
          { name: 'all', kind: 'default-denied', demands: [demand] },
          { name: 'x', kind: 'default-denied', demands: [inX] },
          { name: 'ingress', kind: 'default-denied', demands: [{ ...inX, direction: 'ingress' }] },
        ],
      ),
    );
    expect(found.map(({ is }) => is)).toEqual(['fails', 'holds', 'fails']);
    expect(found[0].witness).toMatchObject({ is: 'open', direction: 'egress' });
  });
});

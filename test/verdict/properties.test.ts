/** Laws of policies, over generated worlds. */
import fc from 'fast-check';
import { openRequest, replyOf } from '../../lib/cli/verdict-request';
import type { Json, JsonObject } from '../../lib/model/json';
import type { BatchAnswer, SideAnswer } from '../../lib/report/verdicts/answer';
import { WorldCase, worldArbitrary } from '../generate/worlds';
import { Minor, MINORS } from '../support/vectors/minors';

type Answers = readonly (BatchAnswer | { readonly error: string })[];

const KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy'];

const isPolicy = (object: unknown) => KINDS.includes((object as { kind: string }).kind);

/** The answers to a world's flows; nothing where the whole is in error. */
function answersTo(world: WorldCase, cilium: Minor, by: 'engine' | 'specification' = 'engine'): Answers | undefined {
  const verdicts = openRequest({ ...world, cilium } as unknown as JsonObject);
  if (!verdicts.ok) {
    return undefined;
  }
  const { refused, specification } = verdicts.value;
  const judge = by === 'engine' ? verdicts.value : specification;
  return replyOf(world.flows as unknown as readonly Json[], { warnings: [], refused, verdict: (flow) => judge.verdict(flow) }).answers;
}

/** Holds of worlds of any minor that have answers. */
function holds(minors: readonly Minor[], law: (world: WorldCase, answers: Answers, minor: Minor) => void): void {
  fc.assert(
    fc.property(worldArbitrary, fc.constantFrom(...minors), (world, minor) => {
      const answers = answersTo(world, minor);
      if (answers !== undefined) {
        law(world, answers, minor);
      }
    }),
    { numRuns: 60 },
  );
}

const since119 = MINORS.filter((minor) => minor !== '1.18');

test('the fast engine says what the specification says', () => {
  holds(MINORS, (world, answers, minor) => {
    expect(answers).toEqual(answersTo(world, minor, 'specification'));
  });
});

test('the order in which policies are read does not matter', () => {
  holds(since119, (world, answers, minor) => {
    const turned = { ...world, objects: [...world.objects].reverse() };
    // Of two objects of one name the last counts.
    const names = world.objects.map((object) => JSON.stringify([object.kind, object.metadata]));
    if (new Set(names).size === names.length && !hasTwins(world)) {
      expect(answersTo(turned, minor)).toEqual(answers);
    }
  });
});

/** Whether an address is that of two objects. */
function hasTwins({ objects }: WorldCase): boolean {
  const addresses = [...JSON.stringify(objects).matchAll(/"(?:ip|address)":"([^"]+)"/g)].map(([, address]) => address);
  return new Set(addresses).size !== addresses.length;
}

test('a deny that is added opens nothing', () => {
  const deny = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'deny' },
    spec: {
      endpointSelector: {},
      ingressDeny: [{ fromEntities: ['world'] }],
      egressDeny: [{ toEntities: ['cluster'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
      enableDefaultDeny: { ingress: false, egress: false },
    },
  };
  holds(MINORS, (world, answers, minor) => {
    const after = answersTo({ ...world, objects: [...world.objects, deny] }, minor) ?? [];
    after.forEach((answer, i) => {
      const before = answers[i];
      const isOpened = 'allowed' in answer && answer.allowed === true && 'allowed' in before && before.allowed === false;
      // From 1.20 on the host may enter beside a rule only, also where everything is denied.
      expect(isOpened && ![answer.egress, answer.ingress].some(isLocalhost)).toBe(false);
    });
  });
});

function isLocalhost({ reason }: SideAnswer): boolean {
  return reason === 'localhost';
}

test('where nothing is selected nothing is denied', () => {
  holds(MINORS, (world, _, minor) => {
    const config = without(world.config, 'enable-policy') as WorldCase['config'];
    const bare = { ...world, config, objects: world.objects.filter((object) => !isPolicy(object)) };
    // What has no identity yet is denied everything, and a label of that name is enough.
    const hasInit = JSON.stringify([bare.objects, bare.flows]).includes('"init"');
    const isOff = ({ reason }: SideAnswer) => reason === 'protocol-off';
    const denied = (answersTo(bare, minor) ?? []).filter(
      (answer) => 'allowed' in answer && answer.allowed === false && ![answer.egress, answer.ingress].some(isOff),
    );
    expect(hasInit ? [] : denied).toEqual([]);
  });
});

test('a policy whose rules are given to two means the same', () => {
  holds(since119, (world, answers, minor) => {
    const objects = world.objects.flatMap((object) => (isPolicy(object) && object.kind !== 'NetworkPolicy' ? halves(object) : [object]));
    const split = answersTo({ ...world, objects }, minor);
    if (split !== undefined) {
      expect(split.map(decisions)).toEqual(answers.map(decisions));
    }
  });
});

function without(object: object, ...fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

/** A policy with its last rule on ingress in another one, if it has several. */
function halves(object: WorldCase['objects'][number]): WorldCase['objects'][number][] {
  const { metadata, spec } = object as unknown as { metadata: { name: string }; spec?: Record<string, unknown> };
  const ingress = spec?.ingress as readonly Json[] | undefined;
  if (spec === undefined || 'specs' in object || ingress === undefined || ingress.length < 2) {
    return [object];
  }
  const common = without(spec, 'ingress', 'ingressDeny', 'egress', 'egressDeny');
  const [first, second] = [
    { ...spec, ingress: ingress.slice(0, -1) },
    { ...common, ingress: ingress.slice(-1) },
  ];
  return [
    { ...object, spec: first },
    { ...object, metadata: { ...metadata, name: `${metadata.name}-more` }, spec: second },
  ] as unknown as WorldCase['objects'][number][];
}

/** An answer without the names of policies. */
function decisions(answer: Answers[number]): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'policies' ? undefined : value))) as unknown;
}

test('the names that an answer gives are those of policies that are there', () => {
  holds(MINORS, (world, answers) => {
    const names = world.objects.filter(isPolicy).map((object) => {
      const { kind, metadata } = object as unknown as { kind: string; metadata: { namespace?: string; name: string } };
      return `${kind}/${kind === 'CiliumClusterwideNetworkPolicy' ? '' : (metadata.namespace ?? 'default')}/${metadata.name}`;
    });
    const named = answers.flatMap((answer) => ('error' in answer ? [] : [...answer.egress.policies, ...answer.ingress.policies]));
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });
});

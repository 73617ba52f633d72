/** Generates the inputs for Cilium and this project. The same seed gives the same inputs. */
import fc from 'fast-check';
import { among, weighted } from './choices';
import { fieldOf, isObject, Json, partsOf } from './json';
import { Leaf } from './judge-leaf';
import { leafCases } from './leaves';
import { Mutation, MUTATIONS } from './mutations';
import { Kind, KINDS, Policy, policyArbitrary } from './policies';
import { yamlArbitrary } from './texts';
import { UNIVERSE } from './universe';

/** Incremented with every change that gives a seed other cases. */
export const GENERATOR_VERSION = 1;

/** An object to validate. */
export interface ValidationCase {
  /** Keys of cilium-config with non-default values. */
  readonly config?: Readonly<Record<string, string>>;
  /** The namespace of a namespaced object that names none. */
  readonly namespace?: string;
  readonly object: unknown;
  /** The names of the mutations of a valid object. A case without mutations and without a leaf should be valid. */
  readonly mutations?: readonly string[];
  readonly leaf?: Leaf;
}

/** The cases of a seed. A smaller number gives the first cases of a larger number. */
export function validationCases(seed: number, count: number): ValidationCase[] {
  return sample(cases, seed, count);
}

/** The YAML texts of a seed. */
export function yamlTexts(seed: number, count: number): string[] {
  return sample(yamlArbitrary, seed, count);
}

/** Unbiased, because a bias towards small values would cancel the weights. */
function sample<T>(arbitrary: fc.Arbitrary<T>, seed: number, count: number): T[] {
  return count === 0 ? [] : fc.sample(fc.noBias(arbitrary), { seed, numRuns: count });
}

const cases: fc.Arbitrary<ValidationCase> = weighted<ValidationCase>(
  [45, policyArbitrary(UNIVERSE).chain(valid)],
  [35, weighted(...MUTATIONS.map((mutation) => [1, mutatedOnce(mutation)] as const))],
  [5, weighted(...KINDS.map((kind) => [1, mutatedTwice(kind)] as const))],
  [15, leafCases],
);

/** A policy, usually with the switches that it needs, and sometimes with a switch that it does not need. */
function valid(object: Policy): fc.Arbitrary<ValidationCase> {
  return weighted<ValidationCase>(
    [20, fc.constant({ ...withConfig(needs(object)), object })],
    [1, fc.constant({ object })],
    [2, switches.map((config) => ({ config: { ...needs(object), ...config }, object }))],
  );
}

/** A mutation, and one of its changes to a policy. */
interface Step {
  readonly mutation: Mutation;
  readonly change: (policy: Policy) => Policy;
}

function mutatedOnce(mutation: Mutation): fc.Arbitrary<ValidationCase> {
  const policies = policyArbitrary(UNIVERSE, { kinds: mutation.kinds, portable: true });
  return fc.tuple(policies, stepsOf(mutation)).map(([policy, step]) => mutated(policy, [step]));
}

function mutatedTwice(kind: Kind): fc.Arbitrary<ValidationCase> {
  const suiting = MUTATIONS.filter(({ kinds }) => kinds.includes(kind));
  const steps = weighted(...suiting.map((mutation) => [1, stepsOf(mutation)] as const));
  return fc
    .tuple(policyArbitrary(UNIVERSE, { kinds: [kind], portable: true }), steps, steps)
    .map(([policy, ...both]) => mutated(policy, both));
}

function stepsOf(mutation: Mutation): fc.Arbitrary<Step> {
  return mutation.apply.map((change) => ({ mutation, change }));
}

function mutated(policy: Policy, steps: readonly Step[]): ValidationCase {
  const mutations = steps.map(({ mutation }) => mutation);
  const namespace = mutations.map((one) => one.namespace).find((one) => one !== undefined);
  return {
    ...withConfig(Object.assign(needs(policy), ...mutations.map(({ config }) => config)) as Record<string, string>),
    ...(namespace === undefined ? {} : { namespace }),
    object: steps.reduce((changed, { change }) => change(changed), policy),
    mutations: mutations.map(({ name }) => name),
  };
}

function withConfig(config: Record<string, string>): Pick<ValidationCase, 'config'> {
  return Object.keys(config).length === 0 ? {} : { config };
}

/** The switches without which the agent rejects the policy. */
function needs(policy: Policy): Record<string, string> {
  const parts = partsOf(policy);
  const nodes = parts.some(({ path }) => /\.(from|to)Nodes$/.test(fieldOf(path)));
  const portless = parts.some(
    ({ path, value }) => /toPorts\.ports$/.test(fieldOf(path)) && typeof path[path.length - 1] === 'number' && !hasPort(value),
  );
  return {
    ...(nodes ? { 'enable-node-selector-labels': 'true' } : {}),
    ...(portless ? { 'enable-extended-ip-protocols': 'true' } : {}),
  };
}

function hasPort(entry: Json): boolean {
  return isObject(entry) && 'port' in entry;
}

/** A switch that changes what the agent accepts. */
const switches = among<Record<string, string>>(
  { 'enable-l7-proxy': 'false' },
  { 'enable-icmp-rules': 'false' },
  { 'enable-node-selector-labels': 'true' },
  { 'enable-node-selector-labels': 'false' },
  { 'enable-non-default-deny-policies': 'false' },
  { 'enable-extended-ip-protocols': 'true' },
  { 'cluster-name': 'east' },
);

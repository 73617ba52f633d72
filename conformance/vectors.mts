// Records the vectors that the tests replay without Go: `npm run conformance:vectors -- [--seed N]`. This takes some minutes. With `--reviewed`, only
// the small sets are recorded again: the reviewed vectors, the addresses, the budgets, the objects, the metadata, the NetworkPolicies and the
// ClusterNetworkPolicies. This takes seconds.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { addressTexts } from '../test/generate/addresses.js';
import { isAccepted } from '../test/generate/answers.js';
import { GENERATOR_VERSION, validationCases, yamlTexts } from '../test/generate/cases.js';
import { metadataCases, networkPolicyCases } from '../test/generate/kubernetes.js';
import { objectTexts } from '../test/generate/object-texts.js';
import { question, REVIEWED_VALIDATIONS, REVIEWED_WORLDS } from '../test/generate/reviewed.js';
import { tierCases } from '../test/generate/tiers.js';
import { tierWorldCases, type WorldCase, worldCases } from '../test/generate/worlds.js';
import { budgetParts } from '../test/support/vectors/budgets.js';
import { type ByMinor, MINORS } from '../test/support/vectors/minors.js';
import { type Parts, textParts, validationParts, worldParts } from '../test/support/vectors/replay.js';
import { type Manifest, readManifest, type Recorded, writeManifest, writeSet } from '../test/support/vectors/store.js';
import { build, buildKubernetes, kubernetesVersion, module } from './oracle.mjs';
import { askAddresses, askBudgets, askNetworkPolicies, askObjects, askTexts, askValidations, askWorlds } from './questions.mjs';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, reviewed: { type: 'boolean', default: false } } });
const seed = Number(values.seed);

const COUNTS = {
  addresses: 5_000,
  budgets: 400,
  clusterNetworkPolicies: 5_000,
  metadata: 3_000,
  networkPolicies: 5_000,
  objects: 1_500,
  validations: 20_000,
  worlds: 3_000,
  tierWorlds: 400,
  texts: 2_000,
  differingValidations: 2_000,
  differingWorlds: 300,
};

/** How often a world is asked again, and how many spare worlds are generated for those that are left out. */
const [ROUNDS, SPARE] = [4, 50];

MINORS.forEach(build);
MINORS.forEach(buildKubernetes);

async function record<Question, Reply>(
  name: string,
  questions: readonly Question[],
  ask: (minor: string, questions: readonly Question[]) => Promise<Reply[]>,
): Promise<Recorded<Question, Reply>[]> {
  const replies = {} as Record<string, Reply[]>;
  for (const minor of MINORS) {
    const start = performance.now();
    replies[minor] = await ask(minor, questions);
    console.log(`${name} ${minor}: ${questions.length} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  return questions.map((question, i) => ({ question, answers: byMinor((minor) => replies[minor][i]) }));
}

/** The worlds whose answers are the same each time. Some of Cilium's answers depend on the order of a map, which is random. */
async function steady<Reply>(
  name: string,
  worlds: readonly WorldCase[],
  ask: (minor: string, worlds: readonly WorldCase[]) => Promise<Reply[]>,
  parts: (reply: Reply) => Parts,
): Promise<Recorded<WorldCase, Reply>[]> {
  const recorded = await record(name, worlds, ask);
  let same = recorded;
  for (let round = 0; round < ROUNDS; round++) {
    const again = await record(
      `${name}, again`,
      same.map(({ question }) => question),
      ask,
    );
    const isSame = (i: number) => MINORS.every((minor) => isDeepStrictEqual(parts(same[i].answers[minor]), parts(again[i].answers[minor])));
    same = same.filter((_, i) => isSame(i));
  }
  console.log(`${name}: ${recorded.length - same.length} left out because their answers are random`);
  return [...same];
}

function byMinor<T>(of: (minor: string) => T): ByMinor<T> {
  return Object.fromEntries(MINORS.map((minor) => [minor, of(minor)])) as ByMinor<T>;
}

function differing<Question, Reply>(
  recorded: readonly Recorded<Question, Reply>[],
  parts: (reply: Reply) => Parts,
): Recorded<Question, Reply>[] {
  return recorded.filter(({ answers }) => new Set(MINORS.map((minor) => JSON.stringify(parts(answers[minor])))).size > 1);
}

/** Validates every policy in the examples of a module. The examples are not part of this project, so only the numbers are kept. */
async function examples(minor: string): Promise<Manifest['examples'][(typeof MINORS)[number]]> {
  const folder = join(module(minor).folder, 'examples/policies');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
  const texts = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/^---.*$/m));
  const objects = (await askTexts(minor, texts)).map(({ json }) => json as { kind?: string } | null | undefined);
  const policies = objects.filter((object) =>
    ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy'].includes(object?.kind ?? ''),
  );
  const config = { 'enable-node-selector-labels': 'true', 'enable-extended-ip-protocols': 'true' };
  const answers = await askValidations(
    minor,
    policies.map((object) => ({ config, object })),
  );
  return { policies: policies.length, accepted: answers.filter(isAccepted).length };
}

type QuickSet =
  | 'addresses'
  | 'budgets'
  | 'objects'
  | 'metadata'
  | 'cluster-network-policies'
  | 'network-policies'
  | 'validations-reviewed'
  | 'worlds-reviewed'
  | 'worlds-tiers';

/** Worlds without flows, a quarter of them in tiers. */
function budgetCases(): WorldCase[] {
  const all = [...worldCases(seed + 2, (COUNTS.budgets * 3) / 4), ...tierWorldCases(seed + 2, COUNTS.budgets / 4)];
  return all.map((world) => ({ ...world, flows: [] }));
}

/** The small sets. */
async function quickSets(): Promise<Pick<Manifest['sets'], QuickSet>> {
  const validations = REVIEWED_VALIDATIONS.map(({ validation }) => validation);
  return {
    addresses: writeSet('addresses', await record('addresses', addressTexts(seed, COUNTS.addresses), askAddresses)),
    budgets: writeSet('budgets', await steady('budgets', budgetCases(), askBudgets, budgetParts)),
    objects: writeSet('objects', await record('objects', objectTexts(seed, COUNTS.objects), askObjects)),
    metadata: writeSet('metadata', await record('metadata', metadataCases(seed, COUNTS.metadata), askValidations)),
    'cluster-network-policies': writeSet(
      'cluster-network-policies',
      await record('ClusterNetworkPolicies', tierCases(seed, COUNTS.clusterNetworkPolicies), askValidations),
    ),
    'network-policies': writeSet(
      'network-policies',
      await record('NetworkPolicies', networkPolicyCases(seed, COUNTS.networkPolicies), askNetworkPolicies),
    ),
    'validations-reviewed': writeSet('validations-reviewed', await record('reviewed validations', validations, askValidations)),
    'worlds-tiers': writeSet(
      'worlds-tiers',
      await steady('worlds with tiers', tierWorldCases(seed, COUNTS.tierWorlds), askWorlds, worldParts),
    ),
    'worlds-reviewed': writeSet('worlds-reviewed', await record('reviewed worlds', REVIEWED_WORLDS.map(question), askWorlds)),
  };
}

/** The generated sets. Cases that differ between minors are rare, so they are selected from further cases with another seed. */
async function generatedSets(): Promise<Omit<Manifest['sets'], QuickSet>> {
  const validations = await record('validations', validationCases(seed, COUNTS.validations), askValidations);
  const moreValidations = await record('validations that differ', validationCases(seed + 1, COUNTS.validations), askValidations);
  const worlds = await steady('worlds', worldCases(seed, COUNTS.worlds + SPARE), askWorlds, worldParts);
  const moreWorlds = await steady('worlds that differ', worldCases(seed + 1, COUNTS.worlds / 2), askWorlds, worldParts);
  const texts = await record('texts', yamlTexts(seed, COUNTS.texts), askTexts);
  console.log(`texts that differ: ${differing(texts, textParts).length}`);
  const differingValidations = differing(moreValidations, validationParts).slice(0, COUNTS.differingValidations);
  return {
    validations: writeSet('validations', validations),
    'validations-differing': writeSet('validations-differing', differingValidations),
    worlds: writeSet('worlds', worlds.slice(0, COUNTS.worlds)),
    'worlds-differing': writeSet('worlds-differing', differing(moreWorlds, worldParts).slice(0, COUNTS.differingWorlds)),
    texts: writeSet('texts', texts),
  };
}

async function allOfThem(): Promise<Manifest> {
  return {
    generator: GENERATOR_VERSION,
    seed,
    modules: byMinor((minor) => module(minor).version),
    kubernetes: byMinor(kubernetesVersion),
    sets: { ...(await generatedSets()), ...(await quickSets()) },
    examples: Object.fromEntries(await Promise.all(MINORS.map(async (minor) => [minor, await examples(minor)]))) as Manifest['examples'],
  };
}

async function onlyQuick(): Promise<Manifest> {
  const kept = readManifest();
  return { ...kept, kubernetes: byMinor(kubernetesVersion), sets: { ...kept.sets, ...(await quickSets()) } };
}

const manifest = await (values.reviewed ? onlyQuick() : allOfThem());
writeManifest(manifest);
console.log(manifest);

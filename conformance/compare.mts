// Asks Cilium and this project the same newly generated questions and prints the differences, shrunk to small questions:
// `npm run conformance -- [--cilium MINOR] [--seed N] [--cases N] [--kind validate|metadata|tiers|tier-flows|kubernetes|verdict|budget|tier-budget|address|yaml|objects|kubectl]`. Needs Go.
import { parseArgs } from 'node:util';
import { addressTexts } from '../test/generate/addresses.js';
import { validationCases, yamlTexts } from '../test/generate/cases.js';
import { metadataCases, networkPolicyCases } from '../test/generate/kubernetes.js';
import { objectTexts } from '../test/generate/object-texts.js';
import { tierCases } from '../test/generate/tiers.js';
import { FLOWS, tierWorldCases, worldCases } from '../test/generate/worlds.js';
import { shrink } from '../test/support/shrink.js';
import { budgetJudge, budgetParts } from '../test/support/vectors/budgets.js';
import type { Minor } from '../test/support/vectors/minors.js';
import {
  addressJudge,
  addressParts,
  checkJudge,
  compare,
  type Judge,
  objectsJudge,
  kubernetesJudge,
  kubernetesParts,
  objectsParts,
  type Parts,
  textParts,
  tierJudge,
  tierParts,
  validationParts,
  worldParts,
  yamlJudge,
} from '../test/support/vectors/replay.js';
import { worldJudge } from '../test/support/vectors/world-judge.js';
import { askKubectl } from './kubectl.mjs';
import { build, buildKubernetes, MINORS } from './oracle.mjs';
import { askAddresses, askBudgets, askNetworkPolicies, askObjects, askTexts, askValidations, askWorlds } from './questions.mjs';

/** How a kind of questions is generated, answered by both sides, and compared. */
interface Kind<Question, Reply> {
  readonly name: string;
  /** Builds the program that is asked. @default - the oracle of the minor */
  readonly build?: (minor: string) => void;
  /** The questions of a seed, for a number of cases. A case is a flow or an object. */
  readonly questions: (seed: number, cases: number) => Question[];
  readonly ask: (minor: string, questions: readonly Question[]) => Promise<Reply[]>;
  readonly parts: (reply: Reply) => Parts;
  /** The judge of this project. */
  readonly judge: Judge<Question, Parts>;
}

const KINDS = {
  validate: kind({
    name: 'validations',
    questions: validationCases,
    ask: askValidations,
    parts: validationParts,
    judge: checkJudge,
  }),
  metadata: kind({
    name: 'metadata',
    questions: metadataCases,
    ask: askValidations,
    parts: validationParts,
    judge: checkJudge,
  }),
  tiers: kind({
    name: 'ClusterNetworkPolicies',
    questions: tierCases,
    ask: askValidations,
    parts: tierParts,
    judge: tierJudge,
  }),
  kubernetes: kind({
    name: 'NetworkPolicies, answered by Kubernetes',
    build: buildKubernetes,
    questions: networkPolicyCases,
    ask: askNetworkPolicies,
    parts: kubernetesParts,
    judge: kubernetesJudge,
  }),
  verdict: kind({
    name: 'flows',
    questions: (seed, cases) => worldCases(seed, Math.ceil(cases / FLOWS)),
    ask: askWorlds,
    parts: worldParts,
    judge: worldJudge,
  }),
  'tier-flows': kind({
    name: 'flows in tiers',
    questions: (seed, cases) => tierWorldCases(seed, Math.ceil(cases / FLOWS)),
    ask: askWorlds,
    parts: worldParts,
    judge: worldJudge,
  }),
  budget: kind({
    name: 'worlds with their policy maps',
    questions: (seed, cases) => worldCases(seed, Math.ceil(cases / FLOWS)),
    ask: askBudgets,
    parts: budgetParts,
    judge: budgetJudge,
  }),
  'tier-budget': kind({
    name: 'worlds in tiers with their policy maps',
    questions: (seed, cases) => tierWorldCases(seed, Math.ceil(cases / FLOWS)),
    ask: askBudgets,
    parts: budgetParts,
    judge: budgetJudge,
  }),
  address: kind({ name: 'addresses', questions: addressTexts, ask: askAddresses, parts: addressParts, judge: addressJudge }),
  yaml: kind({ name: 'texts', questions: yamlTexts, ask: askTexts, parts: textParts, judge: yamlJudge }),
  objects: kind({ name: 'texts with objects', questions: objectTexts, ask: askObjects, parts: objectsParts, judge: objectsJudge }),
  kubectl: kind({
    name: 'texts with objects, answered by kubectl',
    questions: objectTexts,
    ask: (_, texts) => Promise.resolve(askKubectl(texts)),
    parts: objectsParts,
    judge: objectsJudge,
  }),
};

/** Asked only by name, because there may be no kubectl, and because it takes a process for each text. */
const OPTIONAL = ['kubectl'];

/** The number of cases that are held in memory with their answers. */
const CHUNK = 20_000;

/** Further differences are counted, but not shrunk, because most are the same. */
const MOST_SHOWN = 5;

/** How often a question with a different answer is asked again. */
const ROUNDS = 16;

const { values } = parseArgs({
  options: {
    cilium: { type: 'string', default: MINORS[MINORS.length - 1] },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    cases: { type: 'string', default: '20000' },
    kind: { type: 'string', multiple: true, default: Object.keys(KINDS).filter((name) => !OPTIONAL.includes(name)) },
  },
});
const [seed, cases] = [Number(values.seed), Number(values.cases)];
const unknown = values.kind.filter((name) => !(name in KINDS));
if (!MINORS.includes(values.cilium) || !Number.isInteger(seed) || !(Number.isInteger(cases) && cases > 0) || unknown.length > 0) {
  console.error(
    `--cilium is one of ${MINORS.join(', ')}, --seed and --cases are numbers, --kind is one of ${Object.keys(KINDS).join(', ')}`,
  );
  process.exit(2);
}

for (const name of values.kind) {
  await KINDS[name as keyof typeof KINDS](values.cilium as Minor);
}

/** Wraps a kind, to hide its type parameters. */
function kind<Question, Reply>(one: Kind<Question, Reply>): (minor: Minor) => Promise<void> {
  return (minor) => run(one, minor);
}

async function run<Question, Reply>(of: Kind<Question, Reply>, minor: Minor): Promise<void> {
  const { name, questions, ask, parts, judge } = of;
  (of.build ?? build)(minor);
  let [asked, compared, wrong, random, seconds] = [0, 0, 0, 0, 0];
  for (let chunk = 0; chunk * CHUNK < cases; chunk++) {
    const size = Math.min(CHUNK, cases - chunk * CHUNK);
    const made = questions(seed + chunk, size);
    const start = performance.now();
    const replies = await ask(minor, made);
    seconds += (performance.now() - start) / 1000;
    asked += size;
    const claims = made.map((question) => judge(question, minor) ?? {});
    compared += claims.reduce((sum, claim) => sum + Object.keys(claim).length, 0);
    const differing = made
      .map((question, i) => ({ question, claim: claims[i] }))
      .filter(({ claim }, i) => compare(parts(replies[i]), claim).length > 0);
    const isRandom = await Promise.all(differing.map(({ question, claim }) => isAtRandom(question, claim)));
    const found = differing.filter((_, i) => !isRandom[i]).map(({ question }) => question);
    random += differing.length - found.length;
    for (const question of found.slice(0, Math.max(0, MOST_SHOWN - wrong))) {
      await show(question);
    }
    wrong += found.length;
  }
  const outcome = `${compared} answers compared, ${wrong} ${wrong === 1 ? 'disagreement' : 'disagreements'}${random === 0 ? '' : `, ${random} at random`}`;
  console.log(
    `${name}: Cilium ${minor} answered ${asked} in ${seconds.toFixed(1)} s (${Math.round(asked / seconds)} per second); ${outcome}; seed ${seed}`,
  );
  process.exitCode = wrong > 0 ? 1 : process.exitCode;

  /** Prints the smallest question that still has a disagreement, with both answers. */
  async function show(question: Question): Promise<void> {
    const differences = async (candidates: readonly Question[]) => {
      const replies = await ask(minor, candidates);
      return candidates.map((candidate, i) => compare(parts(replies[i]), claimed(candidate)));
    };
    const kinds = (found: Awaited<ReturnType<typeof differences>>[number]) =>
      found.map(({ part, cilium }) => JSON.stringify([part.split('/').pop(), cilium]));
    // The smaller question must have the same disagreement. A new one may be caused by a question that has become invalid.
    const [wanted] = kinds((await differences([question]))[0]);
    const shows = async (candidates: readonly Question[]) => (await differences(candidates)).map((found) => kinds(found).includes(wanted));
    const smallest = await shrink(question, shows);
    const [found] = await differences([smallest]);
    console.log(JSON.stringify({ cilium: minor, question: smallest, differences: found }, undefined, 2));
  }

  /** Whether Cilium's answer is random, because of the order of a map. If so, Cilium sooner or later gives the same answer as this project. */
  async function isAtRandom(question: Question, claim: Parts): Promise<boolean> {
    const again = await ask(
      minor,
      Array.from({ length: ROUNDS }, () => question),
    );
    return again.some((reply) => compare(parts(reply), claim).length === 0);
  }

  /** The claims of this project. There are none for a question that became invalid by shrinking. */
  function claimed(question: Question): Parts {
    try {
      return judge(question, minor) ?? {};
    } catch {
      return {};
    }
  }
}

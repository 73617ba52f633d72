// Asks Cilium 1.20 and this project what the conformance suite of ClusterNetworkPolicy asks of a cluster, without one: `npm run conformance:tiers`.
// Prints how many expectations hold with each configuration, and exits with 1 if the two differ anywhere.
import { openRequest, replyOf } from '../lib/cli/verdict-request.js';
import type { WorldCase } from '../test/generate/worlds.js';
import { build } from './oracle.mjs';
import { askWorlds } from './questions.mjs';
import { expectations, type Expectation } from './suite.mjs';

const MINOR = '1.20';

const TIERS = {
  'enable-k8s-cluster-network-policy': 'true',
  'enable-sctp': 'true',
  'routing-mode': 'native',
  'http-normalize-path': 'false',
};

const CONFIGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'the default, with node selector labels': { ...TIERS, 'enable-node-selector-labels': 'true' },
  '`policy-cidr-match-mode: pods,nodes`, with node selector labels': {
    ...TIERS,
    'enable-node-selector-labels': 'true',
    'policy-cidr-match-mode': 'pods,nodes',
  },
  '`policy-cidr-match-mode: pods,nodes`': { ...TIERS, 'policy-cidr-match-mode': 'pods,nodes' },
  'without the switch': { ...TIERS, 'enable-k8s-cluster-network-policy': 'false' },
};

build(MINOR);
const all = expectations();
let differing = 0;
for (const [name, config] of Object.entries(CONFIGS)) {
  const worlds = all.map((one) => worldOf(one, config));
  const cilium = (await askWorlds(MINOR, worlds)).map((answer) => allowedOf((answer as { answers?: object[] }).answers?.[0]));
  const ours = worlds.map(answerOf);
  const holding = (answers: readonly (boolean | null | undefined)[]) => answers.filter((answer, i) => answer === all[i].expected).length;
  const wrong = ours.filter((answer, i) => answer !== cilium[i]).length;
  const refused = cilium.filter((answer) => answer === undefined).length;
  differing += wrong;
  console.log(
    `${name}: ${holding(ours)} of ${all.length} hold (${holding(cilium)} in Cilium), ${refused} with a refused policy, ${wrong} answers differ`,
  );
}
process.exitCode = differing === 0 ? 0 : 1;

function worldOf({ objects, from, to, protocol, port }: Expectation, config: WorldCase['config']): WorldCase {
  return { config, names: {}, objects, flows: [{ from: { pod: from }, to: { ip: to }, protocol: protocol.toUpperCase(), port }] };
}

/** `undefined` if a policy is refused. */
function answerOf(world: WorldCase): boolean | null | undefined {
  const opened = openRequest({ ...world, cilium: MINOR } as never);
  return opened.ok ? allowedOf(replyOf(world.flows as never, opened.value).answers?.[0]) : undefined;
}

function allowedOf(answer: object | undefined): boolean | null | undefined {
  return answer !== undefined && 'allowed' in answer ? (answer.allowed as boolean | null) : undefined;
}

// Asks every oracle about the policies of random programs: `npm run conformance:constructs -- CASES SEED`. The newest minor must accept every policy
// that the library can express, ClusterNetworkPolicies among them. Policies that older minors reject are printed by reason. Needs Go, and
// `npm run build`.
import type { Answer } from '../test/generate/answers.js';
import { sample, sampleTiers, written } from '../test/support/programs.js';
import { build, MINORS } from './oracle.mjs';
import { askValidations } from './questions.mjs';

const [cases = '5000', seed = String(Date.now())] = process.argv.slice(2);
const programs = [...sample(Number(cases), Number(seed)), ...sampleTiers(Number(cases), Number(seed))];
const manifests = programs.flatMap((program) => written(program).manifest ?? []);
const MOST_SHOWN = 12;

console.log(`${manifests.length} policies of ${programs.length} programs, seed ${seed}`);

for (const minor of MINORS) {
  build(minor);
  const config = { 'enable-node-selector-labels': 'true' };
  const answers = await askValidations(
    minor,
    manifests.map((object) => ({ config, object })),
  );
  const refused = answers.flatMap((answer, i) => (reasons(answer).length > 0 ? [[reasons(answer)[0], manifests[i]] as const] : []));
  console.log(`${minor}: ${manifests.length - refused.length} accepted, ${refused.length} rejected`);
  const examples = new Map(refused.map(([reason, manifest]) => [pattern(reason), JSON.stringify(manifest)]));
  [...examples].slice(0, MOST_SHOWN).forEach(([reason, manifest]) => console.log(`  ${reason}\n    ${manifest}`));
  process.exitCode = refused.length > 0 ? 1 : 0;
}

function reasons({ error, unknown = [], schema = [], cel = [], agent = [] }: Answer): string[] {
  return [...(error === undefined ? [] : [error]), ...unknown.map((field) => `unknown field ${field}`), ...schema, ...cel, ...agent];
}

/** The reason without its numbers, strings and objects, so that one example of each kind is shown. */
function pattern(reason: string): string {
  return reason
    .replace(/"[^"]*"/g, '…')
    .replace(/[{[].*[}\]]/g, '…')
    .replace(/\d+/g, 'N')
    .slice(0, 160);
}

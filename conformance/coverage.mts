// Prints how often the vectors cover each validation rule, mutation, field, pair of fields, reason and redirect: `npm run conformance:coverage`.
import { type Counts, missing } from '../test/generate/counts.js';
import { validationCoverage } from '../test/generate/coverage.js';
import { featureCoverage } from '../test/generate/features.js';
import { verdictCoverage } from '../test/generate/verdict-coverage.js';
import { MINORS } from '../test/support/vectors/minors.js';
import { readSet } from '../test/support/vectors/store.js';

const validations = readSet('validations');
const cases = validations.map(({ question }) => question);
const worlds = [...readSet('worlds'), ...readSet('worlds-differing'), ...readSet('worlds-reviewed')];

const coverage = MINORS.map((minor) => {
  const answers = validations.map((recorded) => recorded.answers[minor]);
  return { minor, ...validationCoverage(cases, answers, minor) };
});
for (const { minor, families, leaves } of coverage) {
  print(`validation rules, ${minor}`, families);
  print(`strings, ${minor}`, leaves);
  const recorded = worlds.map(({ question, answers }) => ({ world: question, answer: answers[minor] }));
  print(`verdicts, ${minor}`, verdictCoverage(recorded, minor));
}
const { fields, pairs } = featureCoverage(cases);
// The mutations and fields of a case are the same for every minor.
print('mutations', coverage[0].mutations);
print('fields', fields);
// There are thousands of pairs, so only the uncovered ones are listed.
console.log(
  `\npairs of fields: ${Object.keys(pairs).length - missing(pairs).length} of ${Object.keys(pairs).length} are covered; not covered:`,
);
console.log(missing(pairs).join('\n'));

function print(title: string, counts: Counts): void {
  console.log(`\n${title}: ${Object.keys(counts).length}, ${missing(counts).length} of them not covered`);
  for (const [name, count] of Object.entries(counts).sort(([, one], [, other]) => one - other)) {
    console.log(`${String(count).padStart(7)} ${name}`);
  }
}

// Prints how often the vectors meet each rule of validation, mistake, field, pair of fields, reason and redirect: `npm run conformance:coverage`.
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
  print(`texts, ${minor}`, leaves);
  const recorded = worlds.map(({ question, answers }) => ({ world: question, answer: answers[minor] }));
  print(`verdicts, ${minor}`, verdictCoverage(recorded, minor));
}
const { fields, pairs } = featureCoverage(cases);
// The mistakes and fields of a case are those of every minor.
print('mistakes', coverage[0].mutations);
print('fields', fields);
// Thousands of pairs say little one by one.
console.log(`\npairs of fields: ${Object.keys(pairs).length - missing(pairs).length} of ${Object.keys(pairs).length} are met; not met:`);
console.log(missing(pairs).join('\n'));

function print(title: string, counts: Counts): void {
  console.log(`\n${title}: ${Object.keys(counts).length}, of which ${missing(counts).length} are never met`);
  for (const [name, count] of Object.entries(counts).sort(([, one], [, other]) => one - other)) {
    console.log(`${String(count).padStart(7)} ${name}`);
  }
}

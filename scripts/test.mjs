// Runs everything that must pass before a change is merged. The steps that find mistakes fastest come first. The last line counts the tests of
// Jest, and each other step as one test.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

const JEST_RESULT = 'out/jest.json';

const STEPS = [
  ['the library compiles without a warning', 'npm run build'],
  ['tests, examples and benchmarks type-check', 'npm run typecheck'],
  ['lint', 'npm run lint'],
  ['tests', `npx jest --ci --json --outputFile=${JEST_RESULT}`],
  ['the examples of the README, the docs and the docstrings compile and match their output', 'npm run docs:check'],
  ['API.md is current', 'npm run api:check'],
];

mkdirSync('out', { recursive: true });
rmSync(JEST_RESULT, { force: true });

// The tests also run on Node 20, where jsii prints a banner about its end of life.
const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', NODE_NO_WARNINGS: '1' };
let passed = 0;
let failed = 0;
for (const [name, command] of STEPS) {
  console.log(`\n● ${name}: ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit', env });
  count(command.includes(JEST_RESULT) ? jestResult() : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function count(step) {
  passed += step.passed;
  failed += step.failed;
}

/** The numbers of passed and failed tests. A suite that does not load counts as one failed test, and so does a run without a result. */
function jestResult() {
  try {
    const result = JSON.parse(readFileSync(JEST_RESULT, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites + (result.snapshot.unchecked > 0 ? 1 : 0);
    return { passed: result.numPassedTests, failed: result.success || failed > 0 ? failed : 1 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

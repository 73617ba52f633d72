// Changes one condition of the rooms below at a time and reports the changes that no test detects:
// `npm run mutate -- [FILE...] [--jobs N] [--match TEXT] [--every N] [--quick]`. `--match` selects the mutants whose printed name contains the text;
// it can be repeated. `--every` takes each Nth mutant only. `--quick` gives each test a second with each mutant, and leaves out the vectors.
//
// The code gets a switch for each mutant, so that one run of a test file tries all mutants that its tests come across. What is decided when a module is
// loaded, or was kept from a run without a mutant, is out of reach there: then the test file runs again on the changed code, and last the vectors.
// Survivors are listed with their reason in scripts/mutants.json and are not tried. A survivor without a reason fails the run.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantsOf, withSwitches } from './mutate/mutants.mjs';

const RECORDED = ['--import', 'tsx', 'conformance/kill.mts'];
const JEST = ['node_modules/.bin/jest', '--silent', '--runInBand', '--testTimeout', '3600000'];
const SWITCHES = ['--setupFilesAfterEnv', resolve('scripts/mutate/switches.cjs'), '--'];

/** What a verdict is made with. The tests that kill most mutants in the shortest time come first. */
const VERDICTS = {
  tests: ['test/resolve', 'test/verdict', 'test/reach', 'test/report/verdicts'],
  vectors: ['worlds-reviewed', 'worlds-differing', 'worlds'],
};
const ADMISSION = {
  tests: ['test/admission', 'test/checks', 'test/snapshot'],
  vectors: ['validations-reviewed', 'validations-differing', 'validations'],
};
/** What a comparison of two sets is made with. */
const CHANGES = {
  tests: [
    'test/reach/compare',
    'test/reach/differing',
    'test/snapshot/requests',
    'test/snapshot/found',
    'test/snapshot/tiny',
    'test/snapshot/changes',
  ],
  vectors: [],
};
const REGULAR = { tests: ['test/net', ...CHANGES.tests], vectors: [] };
/** What judges many flows: its own tests are the quickest. */
const ENGINE = {
  tests: [
    ...['bit-set', 'packed', 'identities', 'code', 'table', 'engine', 'differing', 'small-worlds'].map((name) => `test/reach/${name}`),
    ...['test/snapshot/found', 'test/snapshot/requests', 'test/reach', 'test/snapshot', 'test/verdict'],
  ],
  vectors: ['worlds-reviewed', 'worlds-differing'],
};
/** What lists who reaches whom. */
const PAIRS = {
  tests: [
    ...['universe', 'classes', 'traffic', 'vague', 'differing', 'small-worlds'].map((name) => `test/reach/${name}`),
    ...['test/snapshot/found', 'test/snapshot/requests', 'test/engine.test'],
    ...['test/snapshot/tiny', 'test/reach/matrix', 'test/snapshot'],
  ],
  vectors: [],
};
/** What proves properties. */
const PROOFS = { tests: ['test/snapshot/proofs', 'test/read/properties', 'test/snapshot/found'], vectors: [] };
/** What counts the entries of policy maps. */
const BUDGETS = {
  tests: ['test/net/port-prefixes', 'test/reach/policy-map.test', 'test/reach/policy-map-as-cilium', 'test/snapshot/budget'],
  vectors: [],
};
const ROOMS = {
  'lib/net/port-prefixes.ts': BUDGETS,
  'lib/reach/peer-identities.ts': BUDGETS,
  'lib/reach/policy-map.ts': BUDGETS,
  'lib/snapshot/budget.ts': BUDGETS,
  'lib/snapshot/proofs/node-access.ts': { tests: ['test/snapshot/proofs/node-access'], vectors: [] },
  'lib/snapshot/proofs/': PROOFS,
  'lib/snapshot/example-flows.ts': PROOFS,
  'lib/read/properties.ts': PROOFS,
  'lib/net/regex-atoms.ts': REGULAR,
  'lib/net/re2/automaton.ts': REGULAR,
  'lib/reach/differing.ts': CHANGES,
  'lib/reach/compare.ts': CHANGES,
  'lib/snapshot/requests.ts': CHANGES,
  'lib/snapshot/changes.ts': CHANGES,
  'lib/admission/': ADMISSION,
  'lib/resolve/': VERDICTS,
  'lib/verdict/': VERDICTS,
  'lib/reach/classes.ts': PAIRS,
  'lib/reach/matrix.ts': PAIRS,
  'lib/reach/traffic.ts': PAIRS,
  'lib/reach/vague.ts': PAIRS,
  'lib/reach/universe/': PAIRS,
  'lib/reach/': ENGINE,
};

/** How long a test with one mutant may take, and a test file or the vectors, in ms. */
const MOST_SILENCE = 300_000;
const MOST_ALONE = 900_000;
/** How long a test file may take that `--quick` runs for one mutant, in ms. */
const MOST_QUICK = 2_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '2' },
    match: { type: 'string', multiple: true, default: [''] },
    every: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
  },
});
const reasons = JSON.parse(readFileSync('scripts/mutants.json', 'utf8'));
const files = positionals.length > 0 ? positionals : [...new Set(Object.keys(ROOMS).flatMap(filesOf))];
const all = files.flatMap(mutantsOf);
if (positionals.length === 0) {
  const stale = Object.keys(reasons).filter((name) => !all.some((one) => one.name === name));
  if (stale.length > 0) {
    console.error(`scripts/mutants.json has reasons for code that has changed:\n${stale.join('\n')}`);
    process.exit(1);
  }
}
const mutants = all
  .filter(({ name }) => !Object.hasOwn(reasons, name) && values.match.some((text) => name.includes(text)))
  .filter((_, i) => i % Number(values.every) === 0)
  .map((one, id) => ({ ...one, id, killer: undefined, missedBy: [] }));
const workplaces = Array.from({ length: Number(values.jobs) }, makeWorkplace);
try {
  for (const room of new Set(Object.values(ROOMS))) {
    const own = mutants.filter(({ file }) => roomOf(file) === room);
    groupedByFile(own).forEach((inFile, file) => change(file, withSwitches(inFile), workplaces));
    await inTurn(testsOf(room), (test, place) => tryAll(test, own, place));
    own.forEach(({ file, text }) => change(file, text, workplaces));
  }
  await inTurn(
    mutants.filter(({ killer }) => killer === undefined),
    tryAlone,
  );
} finally {
  workplaces.forEach((place) => rmSync(place, { recursive: true }));
}
process.stderr.write('\n');
for (const [file, own] of groupedByFile(mutants)) {
  const survivors = own.filter(({ killer }) => killer === undefined);
  console.log(`${file}: ${own.length} mutants, ${survivors.length} not detected by any test`);
  survivors.forEach(({ name }) => console.log(`  ${name}`));
}
process.exitCode = mutants.some(({ killer }) => killer === undefined) ? 1 : 0;

/** The files of a room, which may be one file. */
function filesOf(room) {
  if (room.endsWith('.ts')) {
    return [room];
  }
  return readdirSync(room, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function roomOf(file) {
  return ROOMS[Object.keys(ROOMS).find((room) => file.startsWith(room))];
}

/** The test files of a room in the order of its list, which has beginnings of paths. */
function testsOf({ tests }) {
  const found = filesOf('test').filter((path) => path.endsWith('.test.ts') && !path.endsWith('vectors.test.ts'));
  return [...new Set(tests.flatMap((start) => found.filter((path) => path.startsWith(start))))];
}

function groupedByFile(some) {
  return new Map(some.map(({ file }) => [file, some.filter((one) => one.file === file)]));
}

/** Does the same with each of a list, in as many workplaces as there are. */
async function inTurn(list, act) {
  const queue = [...list];
  await Promise.all(
    workplaces.map(async (place) => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        await act(one, place);
      }
    }),
  );
}

/** Creates a copy of the files that the tests need, in which files can be changed. */
function makeWorkplace() {
  const place = mkdtempSync(join(tmpdir(), 'mutate-'));
  for (const name of ['lib', 'test', 'conformance']) {
    cpSync(name, join(place, name), { recursive: true });
  }
  for (const name of ['node_modules', 'package.json', 'tsconfig.json', 'jest.config.json', 'examples', 'imports', 'scripts', 'docs']) {
    symlinkSync(resolve(name), join(place, name));
  }
  mkdirSync(join(place, 'out'), { recursive: true });
  return place;
}

function change(file, text, places) {
  places.forEach((place) => writeFileSync(join(place, file), text));
}

/** Tries mutants in one run of a test file. A mutant that ends the run or holds it up is killed, and the others are tried again. */
async function tryAll(test, tried, place) {
  const [asked, told, active] = ['asked', 'told', 'active'].map((name) => join(place, `out/${name}.json`));
  const left = tried.filter(({ killer }) => killer === undefined);
  if (left.length === 0) {
    return;
  }
  writeFileSync(asked, JSON.stringify({ alive: left.map(({ id }) => id), isQuick: values.quick }));
  writeFileSync(told, JSON.stringify({ killed: {}, missed: [], failed: [], takes: 0 }));
  writeFileSync(active, '{}');
  const started = Date.now();
  await passes([...JEST, ...SWITCHES, test], place, () => Date.now() - statSync(active).mtimeMs > MOST_SILENCE);
  const { killed, missed, failed, takes } = JSON.parse(readFileSync(told, 'utf8'));
  if (failed.length > 0) {
    console.log(`${test} fails without a mutant, or because of what one has left behind: ${failed.join(', ')}`);
  }
  Object.entries(killed).forEach(([id, name]) => (mutants[id].killer = `${test}: ${name}`));
  missed.filter((id) => mutants[id].killer === undefined).forEach((id) => mutants[id].missedBy.push({ test, takes }));
  const { id, name } = JSON.parse(readFileSync(active, 'utf8'));
  process.stderr.write(`${test}: ${Object.keys(killed).length} of ${left.length} killed, ${Math.round((Date.now() - started) / 1000)} s\n`);
  if (id !== undefined) {
    mutants[id].killer = `${test}: ${name}`;
    await tryAll(test, left, place);
  }
}

/** Tries one mutant with the test files that could not try it together with others, and with the vectors. */
async function tryAlone(mutant, place) {
  const { file, text, start, end, to, missedBy } = mutant;
  change(file, text.slice(0, start) + to + text.slice(end), [place]);
  const { vectors } = roomOf(file);
  const trials = missedBy
    .filter(({ takes }) => !values.quick || takes < MOST_QUICK)
    .sort((a, b) => a.takes - b.takes)
    .map(({ test }) => [...JEST, '--bail', '--', test]);
  for (const trial of [...trials, ...(values.quick || vectors.length === 0 ? [] : [[...RECORDED, ...vectors]])]) {
    const started = Date.now();
    if (!(await passes(trial, place, () => Date.now() - started > MOST_ALONE))) {
      mutant.killer = trial.at(-1);
      break;
    }
  }
  change(file, text, [place]);
  process.stderr.write(mutant.killer === undefined ? `not detected: ${mutant.name}\n` : '');
}

/** Whether a run ends well. It is ended if it hangs. */
function passes(words, place, hangs) {
  return new Promise((resolveWith) => {
    const child = spawn('node', words, { cwd: place, stdio: 'ignore' });
    const timer = setInterval(() => hangs() && child.kill('SIGKILL'), 1_000);
    child.on('close', (code) => {
      clearInterval(timer);
      resolveWith(code === 0);
    });
  });
}

// Feeds mutated manifests, settings, requests, flows, files and links to the tool: `npm run hostile -- [--seed S] [--cases N] [--jobs J]`, or with
// `--case I` a single case.
//
// A case must end within a second (within five if manifests are compared) without an exception, its outputs must be safe to print, fixes must not
// make more errors, no document may be lost, a manifest and itself must have the same meaning, and nothing outside of the given folder may be shown
// or changed. A job of at most 100,000 cases must stay below 512 MB. A failed case is made smaller and saved in out/.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Broken, KINDS } from './hostile/cases.mjs';
import { Random } from './hostile/random.mjs';
import { readSeeds } from './hostile/seeds.mjs';
import { shrunk } from './hostile/shrink.mjs';

const MOST_CASES = 100_000;
/** In milliseconds of the processor, of a case. Other programs disturb them less than those of the clock. */
const MOST_TIME = 1_000;
/** In megabytes, of a job. */
const MOST_MEMORY = 512;
const MOST_HEAP = 320;
/** How many failures a job reports. */
const MOST_FAILURES = 20;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    cases: { type: 'string', default: '100000' },
    jobs: { type: 'string', default: '1' },
    case: { type: 'string' },
    from: { type: 'string' },
  },
});
const [seed, cases] = [Number(options.seed), Number(options.cases)];

if (options.case !== undefined) {
  process.exitCode = printed([job(Number(options.case), 1)]) ? 0 : 1;
} else if (options.from !== undefined) {
  console.log(JSON.stringify(job(Number(options.from), cases)));
} else {
  process.exitCode = printed(await allJobs()) ? 0 : 1;
}

/** Runs the jobs in processes of their own, some at a time. */
async function allJobs() {
  const starts = Array.from({ length: Math.ceil(cases / MOST_CASES) }, (_, i) => i * MOST_CASES);
  const results = [];
  const runNext = async () => {
    for (let from = starts.shift(); from !== undefined; from = starts.shift()) {
      results.push(await jobIn(from, Math.min(MOST_CASES, cases - from)));
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, runNext));
  return results;
}

function jobIn(from, count) {
  const words = ['--seed', String(seed), '--from', String(from), '--cases', String(count)];
  // Without a bound, garbage is left where it is.
  const child = spawn(process.execPath, [`--max-old-space-size=${MOST_HEAP}`, import.meta.filename, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve) =>
    child.on('close', (code) =>
      resolve(
        code === 0
          ? JSON.parse(Buffer.concat(chunks).toString())
          : {
              cases: 0,
              counts: {},
              failures: [{ index: from, kind: 'job', message: `the job ended with ${code}` }],
              slowest: { time: 0 },
              memory: 0,
            },
      ),
    ),
  );
}

/** Runs cases in this process. */
function job(from, count) {
  const seeds = readSeeds();
  const [failures, counts] = [[], {}];
  let slowest = { time: 0, index: from, kind: '' };
  for (let index = from; index < from + count && failures.length < MOST_FAILURES; index++) {
    const kind = kindOf(index);
    const input = KINDS[kind].make(seeds, new Random(seed, index));
    const { message, time } = outcome(kind, input);
    counts[kind] = (counts[kind] ?? 0) + 1;
    slowest = time > slowest.time ? { time, index, kind } : slowest;
    if (message !== undefined) {
      failures.push({ index, kind, message, file: saved(kind, index, input, message) });
    }
  }
  return { cases: count, counts, failures, slowest, memory: process.resourceUsage().maxRSS / 1024 };
}

/** Kinds take turns by their shares. */
function kindOf(index) {
  const turns = Object.entries(KINDS).flatMap(([kind, { share }]) => Array.from({ length: share }, () => kind));
  return turns[index % turns.length];
}

/** What is wrong with a case, if anything, and its time in milliseconds. */
function outcome(kind, input) {
  const first = attempt(kind, input);
  const { mostTime = MOST_TIME } = KINDS[kind];
  // Another program may have taken the time.
  const last = first.message === undefined && first.time > mostTime ? attempt(kind, input) : first;
  return last.message === undefined && last.time > mostTime ? { ...last, message: `it takes ${last.time.toFixed(0)} ms` } : last;
}

function attempt(kind, input) {
  const start = process.cpuUsage();
  const time = () => Object.values(process.cpuUsage(start)).reduce((a, b) => a + b, 0) / 1_000;
  try {
    KINDS[kind].run(input);
    return { time: time() };
  } catch (error) {
    const message = error instanceof Broken ? error.message : `it throws ${error.stack}`;
    return { time: time(), message };
  }
}

/** Saves a smaller input that fails with the same words. */
function saved(kind, index, input, message) {
  const sort = (text) => text?.replace(/[^a-z ]+/g, '').slice(0, 40);
  const smallest = shrunk(input, (smaller) => sort(outcome(kind, smaller).message) === sort(message));
  const file = `out/hostile-${seed}-${index}.json`;
  mkdirSync('out', { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ seed, index, kind, message: outcome(kind, smallest).message, input: smallest }, undefined, 2)}\n`,
  );
  return file;
}

/** Prints what the jobs found; returns whether all is well. */
function printed(results) {
  const failures = results.flatMap((result) => result.failures);
  const memory = Math.max(...results.map((result) => result.memory));
  const [slowest] = results.map((result) => result.slowest).sort((a, b) => b.time - a.time);
  const counts = {};
  results.forEach((result) => Object.entries(result.counts).forEach(([kind, count]) => (counts[kind] = (counts[kind] ?? 0) + count)));
  failures.forEach(({ index, kind, message, file }) => console.log(`case ${index} (${kind}): ${message}\n  ${file ?? ''}`));
  const kinds = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  console.log(`seed ${seed}: ${Object.values(counts).reduce((a, b) => a + b, 0)} cases (${kinds.join(', ')}), ${failures.length} failed`);
  console.log(`the slowest is case ${slowest.index} (${slowest.kind}) with ${slowest.time.toFixed(0)} ms; memory ${memory.toFixed(0)} MB`);
  if (memory > MOST_MEMORY) {
    console.log(`a job takes more than ${MOST_MEMORY} MB`);
  }
  return failures.length === 0 && memory <= MOST_MEMORY;
}

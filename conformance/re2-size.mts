// Compares the sizes of programs with those of RE2 itself, and prints the differences, shrunk:
// `npm run conformance:re2 -- [--seed N] [--cases N] [--record]`. Needs Python with `google-re2`, on the PATH as `python3`, or as PYTHON says.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { ENVOY_INSTRUCTIONS } from '../lib/net/envoy-instructions.js';
import { re2Size } from '../lib/net/re2-size.js';
import { regexPatterns } from '../test/generate/regex-patterns.js';
import { shrink } from '../test/support/shrink.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    cases: { type: 'string', default: '100000' },
    record: { type: 'boolean', default: false },
  },
});

/** The number of patterns that are held in memory with their sizes. */
const CHUNK = 20_000;

/** Further differences are counted, but not shrunk. */
const MOST_SHOWN = 10;

/** How many patterns are recorded, and how many characters each has at most. */
const RECORDED = 1_500;
const MOST_RECORDED = 120;

/** How an answer compares with that of RE2. */
type Outcome = 'exact' | 'more' | 'exact refusal' | 'may exceed' | 'other size' | 'WRONG';

if (values.record) {
  await record();
} else {
  await compare(Number(values.seed), Number(values.cases));
}

async function compare(seed: number, cases: number): Promise<void> {
  const counts = new Map<Outcome, number>();
  let shown = 0;
  for (let done = 0; done < cases; done += CHUNK) {
    const patterns = regexPatterns(seed + done / CHUNK, Math.min(CHUNK, cases - done));
    const sizes = ask(patterns);
    const outcomes = patterns.map((pattern, i) => ({ pattern, outcome: outcomeOf(pattern, sizes[i]) }));
    outcomes.forEach(({ outcome }) => counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
    const different = outcomes.filter(({ outcome }) => outcome === 'other size' || outcome === 'WRONG');
    for (const { pattern, outcome } of different.slice(0, MOST_SHOWN - shown)) {
      await show(pattern, outcome);
    }
    shown = Math.min(MOST_SHOWN, shown + different.length);
  }
  console.log(`${cases} patterns; ${[...counts].map(([outcome, count]) => `${outcome}: ${count}`).join(', ')}; seed ${seed}`);
  process.exitCode = counts.has('WRONG') ? 1 : 0;
}

/** It is wrong to put a pattern on the other side of what Envoy allows, or to refuse what RE2 compiles. */
function outcomeOf(pattern: string, real: number): Outcome {
  const answer = re2Size(pattern);
  const isRefused = real < 0;
  switch (answer.is) {
    case 'may-exceed':
      return 'may exceed';
    case 'refused':
      return isRefused ? 'exact refusal' : 'WRONG';
    case 'more':
      // RE2 refuses what is much too large.
      return isRefused || real > answer.than ? 'more' : 'WRONG';
    case 'size':
      if (isRefused || real > ENVOY_INSTRUCTIONS !== answer.size > ENVOY_INSTRUCTIONS) {
        return 'WRONG';
      }
      return real === answer.size ? 'exact' : 'other size';
  }
}

/** Prints the smallest pattern that is answered in the same way. */
async function show(pattern: string, outcome: Outcome): Promise<void> {
  const shows = (candidates: readonly string[][]) => {
    const texts = candidates.map((characters) => characters.join(''));
    const sizes = ask(texts);
    return Promise.resolve(texts.map((text, i) => outcomeOf(text, sizes[i]) === outcome));
  };
  const smallest = (await shrink(Array.from(pattern), shows)).join('');
  console.log(JSON.stringify({ outcome, pattern: smallest, re2: ask([smallest])[0], here: re2Size(smallest) }));
}

/** Writes patterns with their sizes to `test/vectors/re2-size.json`, which `npm test` replays. */
async function record(): Promise<void> {
  // The size of a Unicode class is not exact.
  const patterns = regexPatterns(1, 6_000).filter((pattern) => pattern.length <= MOST_RECORDED && !/\\[pP]/.test(pattern));
  const recorded = [...new Set(patterns)].slice(0, RECORDED);
  const sizes = ask(recorded);
  const vectors = Object.fromEntries(recorded.map((pattern, i) => [pattern, sizes[i]]));
  const file = join(import.meta.dirname, '../test/vectors/re2-size.json');
  writeFileSync(file, await format(JSON.stringify(vectors), { parser: 'json', printWidth: 140 }));
}

/** The sizes of RE2; -1 for a pattern that it refuses. */
function ask(patterns: readonly string[]): number[] {
  const { stdout, stderr, status, error } = spawnSync(process.env.PYTHON ?? 'python3', [join(import.meta.dirname, 're2_size.py')], {
    input: patterns.map((pattern) => `${JSON.stringify(pattern)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined || status !== 0) {
    throw error ?? new Error(stderr);
  }
  return stdout.trimEnd().split('\n').map(Number);
}

// Set up before each test file: runs each test without a mutant, and then with each mutant that the test comes across. `scripts/mutate.mjs` says
// in the folder `out` which mutants to try, and reads from there what became of them.
/* eslint-disable @typescript-eslint/no-require-imports -- Jest loads it as CommonJS. */
const { readFileSync, writeFileSync } = require('node:fs');
const fc = require('fast-check');

/** After so many ms, a test that has not failed has passed for `--quick`. */
const QUICK = 1_000;

const { alive, isQuick } = JSON.parse(readFileSync('out/asked.json', 'utf8'));
const killed = {};
const missed = new Set();
const failed = [];
/** How long the tests take without a mutant, in ms. */
let takes = 0;
/** The mutants that were come across, by number. */
let seen = [];
let active;
let steps = 0;
let limit = Infinity;
let deadline = Infinity;
let isStopped = false;

/** Whether a mutant is on. A mutant that runs in a circle comes by here far more often than the code does without it. */
function isOn(id) {
  seen[id] = true;
  steps += 1;
  if (steps > limit) {
    throw new Error('runs in a circle');
  }
  if (steps % 1_000 === 0 && performance.now() > deadline) {
    isStopped = true;
    throw new Error('runs too long');
  }
  return id === active;
}

const OPERATIONS = {
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
};

/** What `withSwitches` in `mutants.mjs` puts into the code. */
globalThis.mutation = {
  value: (id, is, other) => (isOn(id) ? other : is),
  not: (id, value) => (isOn(id) ? value : !value),
  either: (id, isBoth, left, right) => {
    const value = left();
    return Boolean(value) === (isBoth !== isOn(id)) ? right() : value;
  },
  /** A mutant with the same outcome changes nothing. */
  operation: (id, is, other, a, b) => {
    const [value, changed] = [OPERATIONS[is](a, b), OPERATIONS[other](a, b)];
    return value !== changed && isOn(id) ? changed : value;
  },
};

async function run(id, most, time, fn, args) {
  [active, seen, steps, limit, deadline, isStopped] = [id, [], 0, most, performance.now() + time, false];
  try {
    await fn(...args);
  } finally {
    [active, limit, deadline] = [undefined, Infinity, Infinity];
  }
}

const fails = (...words) =>
  run(...words).then(
    () => false,
    () => !isStopped,
  );

/** The function of a test, repeated for each mutant. */
function repeated(name, fn) {
  return async (...args) => {
    seen.forEach((_, id) => missed.add(id));
    const started = performance.now();
    await run(undefined, Infinity, Infinity, fn, args).catch((error) => {
      failed.push(name);
      throw error;
    });
    takes += performance.now() - started;
    const most = 10 * steps + 100_000;
    const dead = [];
    for (const id of alive.filter((one) => seen[one] && !Object.hasOwn(killed, one))) {
      const was = seen;
      writeFileSync('out/active.json', JSON.stringify({ id, name }));
      if (await fails(id, most, isQuick ? QUICK : Infinity, fn, args)) {
        dead.push(id);
      } else if (!seen[id]) {
        missed.add(id);
      }
      seen = was;
    }
    // A test that does not pass again says nothing of the mutants.
    const isRepeatable = dead.length === 0 || !(await fails(undefined, Infinity, Infinity, fn, args));
    dead.forEach((id) => (isRepeatable ? (killed[id] = name) : missed.add(id)));
    seen = [];
    save();
  };
}

function save() {
  writeFileSync('out/told.json', JSON.stringify({ killed, missed: [...missed], failed, takes }));
  writeFileSync('out/active.json', '{}');
}

// The same inputs with and without a mutant.
fc.configureGlobal({ seed: 1, endOnFailure: true });
const { test } = globalThis;
globalThis.test = Object.assign((name, fn) => test(name, repeated(name, fn)), {
  each: (table) => (name, fn) => test.each(table)(name, repeated(name, fn)),
});
afterAll(save);

// Changes one condition of the rooms below at a time and reports the changes that no test detects:
// `npm run mutate -- [FILE...] [--jobs N] [--match TEXT] [--every N]`. `--match` selects the mutants whose printed name contains the text; it can be
// repeated. `--every` takes each Nth mutant only.
//
// A mutant is tested first with the reviewed vectors and the vectors that differ between minors, then with the tests of the room, and last with all
// other vectors. Survivors are listed with their reason in scripts/mutants.json. A survivor without a reason fails the run.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const SWAPS = {
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  some: 'every',
  every: 'some',
  "'1.19'": "'1.20'",
  "'1.20'": "'1.19'",
  true: 'false',
  false: 'true',
};

const RECORDED = ['node', '--import', 'tsx', 'conformance/kill.mts'];
const JEST = ['node_modules/.bin/jest', '--silent', '--bail', '--maxWorkers', '1', '--testPathIgnorePatterns', 'vectors.test', '--'];

/** What a verdict is made with. The trials that kill most mutants in the shortest time come first. */
const VERDICTS = [
  [...RECORDED, 'worlds-reviewed', 'worlds-differing'],
  [...JEST, 'test/resolve', 'test/verdict', 'test/reach', 'test/report/verdicts'],
  [...RECORDED, 'worlds'],
];
const ADMISSION = [
  [...RECORDED, 'validations-reviewed', 'validations-differing'],
  [...JEST, 'test/admission', 'test/checks', 'test/snapshot'],
  [...RECORDED, 'validations'],
];
/** What a comparison of two sets is made with. */
const CHANGES = [[...JEST, 'test/net', 'test/snapshot/requests', 'test/snapshot/found', 'test/snapshot/tiny', 'test/snapshot/changes']];
/** What judges many flows: its own tests are the quickest. */
const ENGINE = [
  [...JEST, 'test/reach/bit-set', 'test/reach/packed', 'test/reach/identities', 'test/reach/engine'],
  [...RECORDED, 'worlds-reviewed', 'worlds-differing'],
  [...JEST, 'test/reach', 'test/snapshot', 'test/verdict'],
  [...RECORDED, 'worlds'],
];
/** What lists who reaches whom. */
const PAIRS = [
  [...JEST, 'test/reach/matrix', 'test/reach/differing', 'test/snapshot/tiny', 'test/snapshot/found', 'test/snapshot/vague-ends'],
  [...JEST, 'test/snapshot', 'test/engine.test'],
  [...RECORDED, 'worlds-reviewed', 'worlds-differing'],
];
/** What proves properties. */
const PROOFS = [[...JEST, 'test/snapshot/proofs', 'test/read/properties', 'test/snapshot/found']];
const ROOMS = {
  'lib/snapshot/proofs.ts': PROOFS,
  'lib/snapshot/end-sets.ts': PROOFS,
  'lib/snapshot/example-flows.ts': PROOFS,
  'lib/read/properties.ts': PROOFS,
  'lib/net/regex-atoms.ts': CHANGES,
  'lib/net/re2/automaton.ts': CHANGES,
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '2' },
    match: { type: 'string', multiple: true, default: [''] },
    every: { type: 'string', default: '1' },
  },
});
const reasons = JSON.parse(readFileSync('scripts/mutants.json', 'utf8'));
const files = positionals.length > 0 ? positionals : [...new Set(Object.keys(ROOMS).flatMap(filesOf))];
const mutants = files
  .flatMap(mutantsOf)
  .filter(({ name }) => values.match.some((text) => name.includes(text)))
  .filter((_, i) => i % Number(values.every) === 0);
if (positionals.length === 0) {
  const names = new Set(files.flatMap(mutantsOf).map(({ name }) => name));
  const stale = Object.keys(reasons).filter((name) => !names.has(name));
  if (stale.length > 0) {
    console.error(`scripts/mutants.json has reasons for code that has changed:\n${stale.join('\n')}`);
    process.exit(1);
  }
}
const workplaces = Array.from({ length: Number(values.jobs) }, makeWorkplace);
const survivors = [];
/** How long each trial took when it passed, in ms. */
const longest = new Map();
let done = 0;
try {
  for (const mutant of new Map(mutants.map((one) => [roomOf(one.file), one])).values()) {
    if (await isKilled({ ...mutant, to: mutant.text.slice(mutant.start, mutant.end) }, workplaces[0])) {
      throw new Error(`the tests of ${roomOf(mutant.file)} fail before anything is changed`);
    }
  }
  const queue = [...mutants];
  await Promise.all(
    workplaces.map(async (place) => {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        if (!(await isKilled(mutant, place))) {
          survivors.push(mutant);
          console.log(`${mutant.name}\n  ${reasons[mutant.name] ?? 'not detected by any test'}`);
        }
        done += 1;
        process.stderr.write(`\r${done} of ${mutants.length}, ${survivors.length} survived`);
      }
    }),
  );
} finally {
  workplaces.forEach((place) => rmSync(place, { recursive: true }));
}
process.stderr.write('\n');
const unexplained = survivors.filter(({ name }) => !Object.hasOwn(reasons, name));
console.log(`${mutants.length} mutants, ${survivors.length} survived, ${unexplained.length} of them without a reason`);
process.exitCode = unexplained.length > 0 ? 1 : 0;

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
  return Object.keys(ROOMS).find((room) => file.startsWith(room));
}

/** All mutants of a file. Each changes one token. */
function mutantsOf(file) {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, word = node.getText()) => {
    const to = SWAPS[word];
    if (to !== undefined) {
      const start = node.getStart();
      const line = text.slice(text.lastIndexOf('\n', start) + 1, text.indexOf('\n', start)).trim();
      const same = found.filter((one) => one.line === line && one.word === word).length;
      found.push({
        file,
        text,
        line,
        word,
        name: `${file}: ${line} [${word} → ${to}${same === 0 ? '' : `, ${same + 1}`}]`,
        start,
        end: node.getEnd(),
        to,
      });
    }
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) {
      return;
    }
    if (ts.isBinaryExpression(node)) {
      add(node.operatorToken);
    } else if (ts.isPropertyAccessExpression(node)) {
      add(node.name);
    } else if (ts.isStringLiteral(node) || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
      add(node);
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      const start = node.getStart();
      const line = text.slice(text.lastIndexOf('\n', start) + 1, text.indexOf('\n', start)).trim();
      const same = found.filter((one) => one.line === line && one.word === '!').length;
      found.push({
        file,
        text,
        line,
        word: '!',
        name: `${file}: ${line} [! →${same === 0 ? '' : ` , ${same + 1}`}]`,
        start,
        end: start + 1,
        to: '',
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Creates a copy of the files that the tests need, in which one file can be changed. */
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

async function isKilled({ file, text, start, end, to }, place) {
  writeFileSync(join(place, file), text.slice(0, start) + to + text.slice(end));
  try {
    for (const trial of ROOMS[roomOf(file)]) {
      const started = performance.now();
      if (await fails(place, trial)) {
        return true;
      }
      longest.set(trial, Math.max(longest.get(trial) ?? 0, performance.now() - started));
    }
    return false;
  } finally {
    writeFileSync(join(place, file), text);
  }
}

/** Whether a command fails or runs far longer than it did when it passed: many mutants run in a circle. */
function fails(place, trial) {
  const [program, ...words] = trial;
  return new Promise((resolveWith) => {
    const child = spawn(program, words, { cwd: place, stdio: 'ignore' });
    const limit = longest.has(trial) ? 4 * longest.get(trial) + 20_000 : 600_000;
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolveWith(code !== 0);
    });
  });
}

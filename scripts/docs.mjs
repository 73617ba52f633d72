// Checks the documentation. Every ```ts fence in docs/ and README.md is type-checked against the built package and run. The ```yaml fence after it
// must be its output. Every example in a docstring is type-checked. Every relative link must lead to a file and a heading. The pages in docs/checks
// must be up to date.
//
//   node scripts/docs.mjs           checks, and exits with 1 if there is a problem (npm run docs:check)
//   node scripts/docs.mjs --write   rewrites the yaml fences and docs/checks (npm run docs)
//
// docs/README.md documents the names that a fence can use, and `prelude()` provides them. A fence ```ts nofixture has no prelude: it is a whole
// program, with its own `app` if it generates YAML.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import prettier from 'prettier';
import ts from 'typescript';

/** The folder for the programs. It is inside the package, so that they can import the package by its name. */
const FOLDER = 'out/docs';
const COMPILER_OPTIONS = {
  strict: true,
  noImplicitOverride: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  skipLibCheck: true,
  types: ['node'],
  inlineSourceMap: true,
};

if (!existsSync('dist/index.d.ts') || !existsSync('.jsii')) {
  console.error('docs: the package is not built; run `npm run build` first');
  process.exit(1);
}

const problems = [];
writeOrCheckChecks(process.argv.includes('--write'));
const pages = ['README.md', ...findPages('docs')].map(readPage);
const examples = pages.flatMap(findExamples);
const docstrings = findDocstrings();
const links = pages.flatMap(findLinks);

process.setSourceMapsEnabled(true);
process.env.CDK8S_OUTDIR = join(FOLDER, 'manifests');
for (const example of compile([...examples, ...docstrings])) {
  if (example.page !== undefined) {
    await run(example);
  }
}
const outputs = examples.filter((example) => example.output !== undefined);
const made = outputs.filter((example) => example.yaml !== undefined);
if (process.argv.includes('--write')) {
  made.toReversed().forEach(writeOutput);
} else {
  made.forEach(checkOutput);
}
links.forEach(checkLink);

problems.forEach((problem) => console.error(problem));
const failed = problems.length > 0 ? `, ${problems.length} problems` : '';
console.log(
  `docs: ${examples.length} examples, ${docstrings.length} in docstrings, ${outputs.length} outputs, ${links.length} links${failed}`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Lines are counted from 1, as in editors. */
function report(page, line, message) {
  problems.push(`${page.path}:${line}: ${message}`);
}

/** The pages of the checks and their catalogue, byte for byte as `cdk8s-cilium explain` prints them. */
function writeOrCheckChecks(isWriting) {
  const require = createRequire(import.meta.url);
  const { CHECKS } = require('../dist/checks/registry.js');
  const { catalogue, pageOf } = require('../dist/report/findings/page.js');
  const made = [['README', catalogue(CHECKS)], ...CHECKS.map((check) => [check.code, pageOf(check)])];
  mkdirSync('docs/checks', { recursive: true });
  for (const [name, page] of made) {
    const path = `docs/checks/${name}.md`;
    if (isWriting) {
      writeFileSync(path, page);
    } else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
      report({ path }, 1, 'the page is stale; run `npm run docs`');
    }
  }
  const known = made.map(([name]) => `${name}.md`);
  const strays = readdirSync('docs/checks').filter((file) => !known.includes(file));
  strays.forEach((file) => report({ path: `docs/checks/${file}` }, 1, 'no check has this code'));
}

function findPages(folder) {
  const files = readdirSync(folder, { recursive: true }).map((file) => join(folder, file));
  return files.filter((file) => file.endsWith('.md')).sort();
}

function readPage(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  return { path, lines, fences: findFences(lines) };
}

/** The fenced blocks of a page: language, and the indexes of the first and the last line. */
function findFences(lines) {
  const fences = [];
  let open;
  for (const [index, line] of lines.entries()) {
    const [, marks, language, info] = /^\s*(`{3,})(\w*)\s*(\w*)/.exec(line) ?? [];
    if (marks !== undefined && open === undefined) {
      open = { language, info, marks, start: index };
    } else if (marks === open?.marks && language === '') {
      fences.push({ ...open, end: index });
      open = undefined;
    }
  }
  return fences;
}

/** The examples of a page. An example has an output if a yaml fence follows directly, with at most one line that ends in `:` between them. */
function findExamples(page) {
  return page.fences.flatMap((fence, index) => {
    if (!['ts', 'typescript'].includes(fence.language)) {
      return [];
    }
    const next = page.fences[index + 1];
    const between = page.lines.slice(fence.end + 1, next?.start).filter((line) => line.trim() !== '');
    const follows = next?.language === 'yaml' && (between.length === 0 || (between.length === 1 && between[0].endsWith(':')));
    const name = `${page.path.replace(/\.md$/, '').replaceAll('/', '-')}-${fence.start + 1}`;
    const code = page.lines.slice(fence.start + 1, fence.end).join('\n');
    return [{ page, fence, name, code, output: follows ? next : undefined }];
  });
}

/** The examples in docstrings, from the assembly. They can use what rosetta/default.ts-fixture declares. */
function findDocstrings() {
  const [before, after] = readFileSync('rosetta/default.ts-fixture', 'utf8').split('/// here');
  const types = Object.values(JSON.parse(readFileSync('.jsii', 'utf8')).types);
  const documented = types.flatMap((type) => [
    { name: type.name, docs: type.docs },
    ...[...(type.methods ?? []), ...(type.properties ?? []), ...(type.members ?? [])].map(({ name, docs }) => ({
      name: `${type.name}.${name}`,
      docs,
    })),
    ...(type.initializer === undefined ? [] : [{ name: `${type.name}.constructor`, docs: type.initializer.docs }]),
  ]);
  return documented
    .filter(({ docs }) => docs?.example !== undefined)
    .map(({ name, docs }) => ({ name: `docstring-${name}`, docstring: name, before, code: docs.example, after }));
}

/** The prelude of a program. It is one line and replaces the opening line of the fence, so that line numbers match the page. */
function prelude() {
  const types = Object.values(JSON.parse(readFileSync('.jsii', 'utf8')).types);
  const imports = [
    `import { ${types.map((type) => type.name).join(', ')} } from 'cdk8s-cilium';`,
    "import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';",
    "import { Construct } from 'constructs';",
  ];
  const values = ['const app = new App();', "const chart = new Chart(app, 'example', { disableResourceNameHashes: true });"];
  return [...imports, ...values].join(' ');
}

/** Type-checks all examples as one TypeScript program and emits them. Returns the examples without errors. */
function compile(all) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const start = prelude();
  for (const { name, fence, code, docstring, before, after } of all) {
    if (docstring !== undefined) {
      writeFileSync(join(FOLDER, `${name}.mts`), `${before}${code}${after}\nexport {};\n`);
      continue;
    }
    const begin = fence.info === 'nofixture' ? '' : start;
    writeFileSync(join(FOLDER, `${name}.mts`), `${begin}\n${code}\nexport { ${/\bapp = /.test(`${begin}${code}`) ? 'app' : ''} };\n`);
  }
  const files = all.map((example) => join(FOLDER, `${example.name}.mts`));
  const program = ts.createProgram(files, COMPILER_OPTIONS);
  const broken = ts.getPreEmitDiagnostics(program).map((diagnostic) => reportDiagnostic(all, diagnostic));
  program.emit();
  return all.filter((example) => !broken.includes(example));
}

function reportDiagnostic(all, { file, start, messageText }) {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n  ');
  const example = all.find(({ name }) => file !== undefined && basename(file.fileName) === `${name}.mts`);
  if (example === undefined) {
    throw new Error(text);
  }
  if (example.docstring !== undefined) {
    problems.push(`the example in the docstring of ${example.docstring}: ${text}`);
    return example;
  }
  report(example.page, example.fence.start + 1 + file.getLineAndCharacterOfPosition(start).line, text);
  return example;
}

/** Runs an example and keeps the YAML of its app, formatted with Prettier as in a page. */
async function run(example) {
  try {
    const { app } = await import(pathToFileURL(join(FOLDER, `${example.name}.mjs`)).href);
    const options = await prettier.resolveConfig(example.page.path);
    example.yaml = (await prettier.format(app?.synthYaml() ?? '', { ...options, parser: 'yaml' })).trimEnd().split('\n');
  } catch (error) {
    const [, line] = new RegExp(`${example.name}\\.mts:(\\d+)`).exec(error.stack) ?? [, 1];
    report(example.page, example.fence.start + Number(line), `the example throws: ${error.message}`);
  }
}

function checkOutput({ page, output, yaml }) {
  const shown = page.lines.slice(output.start + 1, output.end);
  if (shown.join('\n') !== yaml.join('\n')) {
    report(page, output.start + 1, `the YAML is stale; run \`npm run docs\`\n${difference(shown, yaml)}`);
  }
}

/** Called for the last output of a page first, so that the line numbers of the other outputs stay valid. */
function writeOutput({ page, output, yaml }) {
  page.lines.splice(output.start + 1, output.end - output.start - 1, ...yaml);
  writeFileSync(page.path, page.lines.join('\n'));
}

/** The lines between the common beginning and the common end of two texts, at most ten of each. */
function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) {
    same += 1;
  }
  let sameAtEnd = 0;
  while (sameAtEnd < shorter - same && before.at(-1 - sameAtEnd) === after.at(-1 - sameAtEnd)) {
    sameAtEnd += 1;
  }
  const cut = (lines, sign) => lines.slice(same, lines.length - sameAtEnd).map((line) => `  ${sign} ${line}`);
  return [...cut(before, '-').slice(0, 10), ...cut(after, '+').slice(0, 10)].join('\n');
}

/** Links to other files or headings, except in code. */
function findLinks(page) {
  return page.lines.flatMap((line, index) => {
    const inFence = page.fences.some(({ start, end }) => start <= index && index <= end);
    const found = inFence ? [] : [...line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)];
    return found.map(([, target]) => ({ page, line: index + 1, target })).filter(({ target }) => !/^[a-z]+:/.test(target));
  });
}

function checkLink({ page, line, target }) {
  const [path, heading] = target.split('#');
  const file = path === '' ? page.path : join(dirname(page.path), path);
  if (!existsSync(file)) {
    report(page, line, `broken link: ${file} does not exist`);
  } else if (heading !== undefined && !findHeadings(readPage(file)).includes(heading)) {
    report(page, line, `broken link: ${file} has no heading #${heading}`);
  }
}

/** The headings of a page, in the form that GitHub uses in links. */
function findHeadings({ lines, fences }) {
  const titles = lines.filter((line, index) => /^#+ /.test(line) && !fences.some(({ start, end }) => start < index && index < end));
  const words = titles.map((title) => title.replace(/^#+ /, '').toLowerCase());
  return words.map((text) => text.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-'));
}

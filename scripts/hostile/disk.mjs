/** Cases on disk: a folder with hostile names and links, beside a folder that the tool must neither show nor change. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyFixes } from '../../dist/checks/apply-fixes.js';
import { checkSources } from '../../dist/checks/check-texts.js';
import { CODES } from '../../dist/checks/registry.js';
import { replaceText } from '../../dist/cli/replace.js';
import { refusalOf } from '../../dist/net/parsed.js';
import { printable } from '../../dist/net/printable.js';
import { MissingPath, readPaths } from '../../dist/read/files.js';
import { readSources } from '../../dist/read/read.js';
import { RENDERERS } from '../../dist/report/findings/renderers.js';
import { problemText } from '../../dist/report/verdicts/warnings.js';
import { settleHere } from '../../dist/settings/file.js';
import { openWithInventory } from '../../dist/snapshot/from-files.js';
import { judgeRun, refuse, settingsOf } from './cases.mjs';
import { mutated } from './mutations.mjs';
import { unsafeText } from './outputs.mjs';

/** It stands in every file outside, in every place that a message could quote. */
const SECRET = 'canary-5eC2eT';

const OUTSIDE = {
  'config.yaml': `a: ${SECRET}\nb: [${SECRET}]\n`,
  'policy.yaml': `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ${SECRET}, labels: {a: ${SECRET}}}\nspec:\n  endpointSelector: {}\n  ${SECRET}: 1\n  ingress:\n  - fromEntities: [World, ${SECRET}]\n    toPorts: [{ports: [{port: 80}]}]\n`,
  'broken.yaml': `kind: CiliumNetworkPolicy\n${SECRET}: [\n- *${SECRET}\n`,
  'template.yaml': `kind: CiliumNetworkPolicy\n{{ ${SECRET} }}\n`,
  'suppressed.yaml': `# cilium-check: allow CIL201 -- ${SECRET}\n# cilium-check: ${SECRET}\nkind: ${SECRET}NetworkPolicy\napiVersion: cilium.io/v2\n`,
  'secret.json': `{"kind":"Secret","data":{"a":"${SECRET}"}}`,
  'plain.txt': SECRET,
};

const NAMES = [
  'a.yaml',
  'b.yml',
  'c.json',
  'D.YAML',
  '::error::.yaml',
  ' ::error file=a::x.yaml',
  '##[error]x.yaml',
  '\u001b[31mred.yaml',
  '\u202eb.yaml',
  'a\nb.yaml',
  'a\n::error::b.yaml',
  '`a`.yaml',
  '](x).yaml',
  '<b>.yaml',
  '&amp;".yaml',
  'a,b:c%0A.yaml',
  'a\\b.yaml',
  'x.txt',
  'link.yaml',
  '\ufffd.yaml',
  '\ufffd',
  'é😀.yaml',
  'node_modules',
  '.hidden',
  '.hidden.yaml',
  'folder',
  'folder.yaml',
  '-',
  '--fix',
  '*',
  '$(a).yaml',
  'a b.yaml',
  `${'n'.repeat(200)}.yaml`,
];

/** What a link leads to, from the folder that is checked. */
const TARGETS = [
  ...Object.keys(OUTSIDE).map((name) => `../outside/${name}`),
  '../outside',
  '..',
  '.',
  'a.yaml',
  'folder',
  'missing.yaml',
  '/dev/zero',
  '/dev/stdin',
  '/proc/self/environ',
  'pipe.yaml',
  'loop.yaml',
  '../outside/../outside/policy.yaml',
  './../inside/a.yaml',
];

const SETTINGS_FILE = 'cdk8s-cilium.yaml';

/** What reaches for the files outside. */
const SETTINGS = ['config: ../outside/config.yaml\n', 'inventory: [../outside]\n', 'config: link.yaml\ninventory: [folder, link.yaml]\n'];

export const disk = {
  make: (seeds, random) => ({
    entries: Array.from({ length: 1 + random.below(6) }, () => ({
      path: `${random.isOneIn(4) ? 'folder/' : ''}${random.pick(NAMES)}`,
      ...random.pick([
        () => ({ text: mutated(random.pick(seeds.manifests), seeds.manifests, random) }),
        () => ({ path: SETTINGS_FILE, text: mutated(random.pick([...seeds.settings, ...SETTINGS]), seeds.settings, random) }),
        () => ({ path: SETTINGS_FILE, link: random.pick(TARGETS) }),
        () => ({ link: random.pick(TARGETS) }),
        () => ({ link: random.pick(TARGETS) }),
        () => ({ isFolder: true }),
        () => ({ isPipe: random.isOneIn(4) }),
      ])(),
    })),
    format: random.pick(Object.keys(RENDERERS)),
    followLinks: random.isOneIn(2),
  }),
  run: ({ entries, format, followLinks }) => {
    const root = mkdtempSync(join(tmpdir(), 'hostile-'));
    try {
      const [inside, outside] = [join(root, 'inside'), join(root, 'outside')];
      [inside, outside].forEach((folder) => mkdirSync(folder));
      Object.entries(OUTSIDE).forEach(([name, text]) => writeFileSync(join(outside, name), text));
      entries.forEach((entry) => create(inside, entry));
      // An entry may have been made through a link.
      const before = readdirSync(outside).join();
      mkdirSync(join(inside, '.git'));
      process.chdir(inside);
      judgeSettings();
      judge(inside, format, followLinks);
      refuse(changed(outside, before), 'a file outside');
    } finally {
      process.chdir(HOME);
      rmSync(root, { recursive: true });
    }
  },
};

/** Where the process was started. */
const HOME = process.cwd();

/** Settings that are found lead nowhere outside. */
function judgeSettings() {
  const settings = settleHere(CODES, {});
  refuse(JSON.stringify(settings).includes(SECRET) ? 'show a text from outside' : undefined, 'settings');
  refuse(settings.ok ? undefined : unsafeText(printable(refusalOf(settings))), 'a refusal of settings');
  if (settings.ok && settings.value.inventory.length > 0) {
    judgeInventory(settings.value);
  }
}

/** An inventory of settings may be missing, and nothing of it is shown. */
function judgeInventory(settings) {
  try {
    const { snapshot, unread } = openWithInventory(readSources([], settings), settings);
    const shown = [...unread.map(problemText), refusalOrNothing(snapshot.verdicts())].join('\n');
    refuse(shown.includes(SECRET) ? 'shows a text from outside' : unsafeText(shown.split('\n').map(printable).join('\n')), 'an inventory');
  } catch (error) {
    refuse(error instanceof MissingPath ? unsafeText(error.message) : `throws ${error.stack}`, 'an inventory');
  }
}

function refusalOrNothing(parsed) {
  return parsed.ok ? '' : refusalOf(parsed);
}

/** Names that are taken, or that the system refuses, are left out. */
function create(inside, { path, text, link, isFolder, isPipe }) {
  const at = bytesOf(join(inside, path));
  try {
    mkdirSync(bytesOf(dirname(join(inside, path))), { recursive: true });
    if (text !== undefined) {
      writeFileSync(at, bytesOf(text), { flag: 'wx' });
    } else if (link !== undefined) {
      symlinkSync(link, at);
    } else if (isFolder) {
      mkdirSync(at);
    } else if (isPipe) {
      execFileSync('mkfifo', [at], { stdio: 'ignore' });
    }
  } catch {
    return;
  }
}

/** In a name and in a text, U+FFFD stands for a byte that is not valid. */
function bytesOf(text) {
  return Buffer.from(Buffer.from(text).toString('latin1').replaceAll('\xef\xbf\xbd', '\xff'), 'latin1');
}

function judge(inside, format, followLinks) {
  const sources = readPaths([inside], { followLinks });
  const isRead = sources.some(({ text }) => text?.includes(SECRET));
  refuse(isRead && !followLinks ? 'a link out of the folder is followed' : undefined);
  const settings = settingsOf();
  const run = checkSources(sources, settings);
  refuse(judgeRun(run, format).includes(SECRET) ? 'shows a text from outside' : undefined, `the report as ${format}`);
  const { unread } = openWithInventory(run.read, { ...settings, inventory: [inside] }, { followLinks });
  refuse(JSON.stringify(unread.map(({ message }) => message)).includes(SECRET) ? 'shows a text from outside' : undefined, 'an inventory');
  for (const { source, text } of applyFixes(run.fixes, run.read.problems)) {
    if (text !== source.text && source.file !== undefined) {
      replaceText(source.file, source.text, text);
    }
  }
}

/** The first file outside that is not as it was, if there is one. */
function changed(outside, before) {
  const wrong = Object.entries(OUTSIDE).find(([name, text]) => readFileSync(join(outside, name), 'utf8') !== text);
  return wrong !== undefined ? `has changed: ${wrong[0]}` : readdirSync(outside).join() === before ? undefined : 'is new';
}

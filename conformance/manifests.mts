// Asks Cilium and this project about the policies in folders, and prints the differences and the findings:
// `npm run conformance:manifests -- [PATH...]`. The default is the output of `npm run synth`; `--examples` is the examples of Cilium's own
// modules. Needs Go.
//
// Both sides also parse each document. Exits with 1 if the two sides differ.
import { join } from 'node:path';
import { checkSources } from '../lib/checks/check-texts.js';
import { documentsOf } from '../lib/read/documents.js';
import { readPaths } from '../lib/read/files.js';
import { settingsOf } from '../test/support/settings.js';
import type { Minor } from '../test/support/vectors/minors.js';
import { checkJudge, compare, textParts, validationParts, yamlJudge } from '../test/support/vectors/replay.js';
import { build, MINORS, module } from './oracle.mjs';
import { askTexts, askValidations } from './questions.mjs';

/** Without these switches, the agent rejects some of the examples. */
const CONFIG = { 'enable-node-selector-labels': 'true', 'enable-extended-ip-protocols': 'true' };

const words = process.argv.slice(2);
const isExamples = words.includes('--examples');
const paths = words.filter((word) => word !== '--examples');
let differences = 0;
for (const minor of MINORS) {
  build(minor);
  await run(minor as Minor, isExamples ? [join(module(minor).folder, 'examples/policies')] : paths.length > 0 ? paths : ['manifests']);
}
process.exitCode = differences > 0 ? 1 : 0;

async function run(minor: Minor, folders: readonly string[]): Promise<void> {
  const config: Record<string, string> = isExamples ? CONFIG : {};
  const sources = readPaths(folders);
  const documents = sources.flatMap((source) => documentsOf(source));
  const texts = documents.map(({ source: { text = '' }, start, end }) => text.slice(start, end));
  const read = await askTexts(minor, texts);
  texts.forEach((text, i) => report(documents[i].source.name, compare(textParts(read[i]), yamlJudge(text, minor) ?? {})));

  const { read: own, diagnostics } = checkSources(sources, settingsOf({ cilium: minor, config }));
  const cases = own.policies.map(({ value }) => ({ object: value, config }));
  const answers = await askValidations(minor, cases);
  cases.forEach((one, i) =>
    report(own.policies[i].document.source.name, compare(validationParts(answers[i]), checkJudge(one, minor) ?? {})),
  );

  const accepted = answers.filter((answer) => validationParts(answer).accepted).length;
  const codes = [...new Set(diagnostics.map(({ code, name }) => `${code} ${name}`))].sort();
  const counts = codes.map((code) => `${code} ${diagnostics.filter((diagnostic) => code.startsWith(diagnostic.code)).length}`);
  console.log(
    `${minor}: ${documents.length} documents, ${cases.length} policies, ${accepted} accepted; findings: ${counts.join(', ') || 'none'}`,
  );

  function report(where: string, found: ReturnType<typeof compare>): void {
    differences += found.length;
    found.forEach(({ part, cilium, ours }) =>
      console.log(`${minor}  ${where}: ${part}: Cilium has ${JSON.stringify(cilium)}, this project has ${JSON.stringify(ours)}`),
    );
  }
}

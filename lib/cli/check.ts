/** `cdk8s-cilium check`: what the API server and the agent would refuse. */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { applyFixes } from '../checks/apply-fixes';
import { checkSources, Run } from '../checks/check-texts';
import { readPaths } from '../read/files';
import { OutputFormat, RENDERERS } from '../report/findings/renderers';
import { reportOf } from '../report/findings/summary';
import type { Settings } from '../settings/settings';
import { codesOption, CommonFlags, SelectionFlags, settingsOf, withCommonFlags, withPaths } from './common';
import { Failure } from './failure';
import { print, usesColor, version } from './output';
import { progressOn } from './progress';

interface CheckFlags extends CommonFlags, SelectionFlags {
  readonly output: OutputFormat;
  readonly maxWarnings?: number;
  readonly fix?: boolean;
}

export function checkCommand(): Command {
  return withCommonFlags(new Command('check'))
    .description('tell what the API server and the agent would refuse, with places and help')
    .argument('[path...]', 'files, folders, or - for standard input')
    .addOption(new Option('-o, --output <format>', 'how findings are written').choices(Object.keys(RENDERERS)).default('text'))
    .addOption(codesOption('--select', 'only these checks: codes, or their beginnings such as CIL2'))
    .addOption(codesOption('--ignore', 'not these checks'))
    .option('--max-warnings <n>', 'fail on more warnings than this', parseCount)
    .option('--fix', 'mend what can be mended without doubt, and check again')
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-cilium check manifests/\n  helm template . | cdk8s-cilium check -\n  cdk8s-cilium check --cilium 1.19..1.20 manifests/',
    )
    .action((paths: readonly string[], flags: CheckFlags) => runCheck(paths, flags));
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new Failure(`\`${text}\` is no number`, 'give --max-warnings a number such as 0');
  }
  return Number(text);
}

async function runCheck(paths: readonly string[], flags: CheckFlags): Promise<void> {
  const settings = settingsOf(flags, { maxWarnings: flags.maxWarnings });
  if (paths.length === 0) {
    throw new Failure('there is nothing to check', 'name files or folders, or `-` for standard input');
  }
  const run = flags.fix === true ? fixed(paths, settings) : checked(paths, settings);
  const report = reportOf(run, version());
  await print(RENDERERS[flags.output]()(report, { color: usesColor(process.stdout) }));
  const { errors, warnings } = report.summary;
  process.exitCode = errors > 0 || warnings > settings.maxWarnings ? 1 : 0;
}

function checked(paths: readonly string[], settings: Settings): Run {
  const named = paths.map((path) => `\`${path}\``).join(', ');
  const sources = withPaths(() => readPaths(paths));
  if (sources.length === 0) {
    throw new Failure(`there is no YAML and no JSON in ${named}`);
  }
  const progress = progressOn(process.stderr);
  const run = checkSources(sources, settings, progress.show);
  progress.end();
  if (run.read.documents === 0 && run.read.unchecked === 0) {
    // The program that should have written it has failed.
    throw new Failure(`there is no document in ${named}`);
  }
  return run;
}

/** One fix may show what another one hid, so this goes on until none is left. */
function fixed(paths: readonly string[], settings: Settings): Run {
  if (paths.includes('-')) {
    throw new Failure('standard input cannot be mended', 'give --fix files or folders');
  }
  let run = checked(paths, settings);
  const files = new Set<string>();
  let mended = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const changed = applyFixes(run.fixes).filter(({ source, text }) => text !== source.text);
    if (changed.length === 0) {
      break;
    }
    for (const { source, text, fixes } of changed) {
      writeFileSync(source.name, text);
      files.add(source.name);
      mended += fixes;
    }
    run = checked(paths, settings);
  }
  process.stderr.write(
    `mended ${mended} ${mended === 1 ? 'finding' : 'findings'} in ${files.size} ${files.size === 1 ? 'file' : 'files'}\n`,
  );
  return run;
}

const MOST_ROUNDS = 5;

/** `cdk8s-cilium check`: reports what the API server or the agent would reject. */
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
    .description('report what the API server or the agent would reject, with places and help')
    .argument('[path...]', 'files, folders, or - for standard input')
    .addOption(new Option('-o, --output <format>', 'output format').choices(Object.keys(RENDERERS)).default('text'))
    .addOption(codesOption('--select', 'run only these checks: codes, or prefixes such as CIL2'))
    .addOption(codesOption('--ignore', 'do not run these checks'))
    .option('--max-warnings <n>', 'fail if there are more than <n> warnings', parseCount)
    .option('--fix', 'apply the fixes that are certain, and check again')
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-cilium check manifests/\n  helm template . | cdk8s-cilium check -\n  cdk8s-cilium check --cilium 1.19..1.20 manifests/',
    )
    .action((paths: readonly string[], flags: CheckFlags) => runCheck(paths, flags));
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new Failure(`\`${text}\` is not a number`, 'give --max-warnings a number, for example 0');
  }
  return Number(text);
}

async function runCheck(paths: readonly string[], flags: CheckFlags): Promise<void> {
  const settings = settingsOf(flags, { maxWarnings: flags.maxWarnings });
  if (paths.length === 0) {
    throw new Failure('no files or folders are given', 'name files or folders, or `-` for standard input');
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
    throw new Failure(`no YAML or JSON files in ${named}`);
  }
  const progress = progressOn(process.stderr);
  const run = checkSources(sources, settings, progress.show);
  progress.end();
  if (run.read.documents === 0 && run.read.unchecked === 0) {
    // The program that should have written the input has failed.
    throw new Failure(`no documents in ${named}`);
  }
  return run;
}

/** Applies fixes until none is left, because a fix may reveal another finding. */
function fixed(paths: readonly string[], settings: Settings): Run {
  if (paths.includes('-')) {
    throw new Failure('--fix cannot be used with standard input', 'name files or folders');
  }
  let run = checked(paths, settings);
  const files = new Set<string>();
  let count = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const changed = applyFixes(run.fixes).filter(({ source, text }) => text !== source.text);
    if (changed.length === 0) {
      break;
    }
    for (const { source, text, fixes } of changed) {
      writeFileSync(source.name, text);
      files.add(source.name);
      count += fixes;
    }
    run = checked(paths, settings);
  }
  process.stderr.write(`fixed ${count} ${count === 1 ? 'finding' : 'findings'} in ${files.size} ${files.size === 1 ? 'file' : 'files'}\n`);
  return run;
}

const MOST_ROUNDS = 5;

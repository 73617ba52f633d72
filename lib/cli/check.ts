/** `cdk8s-cilium check`: reports what the API server or the agent would reject, and what is surely not meant. */
import { Command, Option } from 'commander';
import { applyFixes } from '../checks/apply-fixes';
import { checkSnapshot, Run } from '../checks/check-texts';
import type { Source } from '../model/origin';
import { readPaths } from '../read/files';
import { readSources } from '../read/read';
import { OutputFormat, RENDERERS } from '../report/findings/renderers';
import { joined } from '../report/findings/sets';
import { reportOf } from '../report/findings/summary';
import { counted } from '../report/findings/words';
import { configProblemText } from '../report/verdicts/warnings';
import type { Settings } from '../settings/settings';
import { openWithInventory } from '../snapshot/from-files';
import {
  codesOption,
  CommonFlags,
  doing,
  expectDocuments,
  expectInventory,
  expectOneReader,
  expectPolicies,
  helpOfUnread,
  inventoryOption,
  Job,
  jobsOf,
  PolicyFlags,
  quotedPaths,
  readOptionsOf,
  SelectionFlags,
  withCommonFlags,
  withPaths,
} from './common';
import { Failure } from './failure';
import { print, say, usesColor, version } from './output';
import { progressOn } from './progress';
import { replaceText } from './replace';

interface CheckFlags extends CommonFlags, SelectionFlags, PolicyFlags {
  readonly output: OutputFormat;
  readonly maxWarnings?: number;
  readonly fix?: boolean;
  readonly unsafeFixes?: boolean;
  readonly embedded?: boolean;
  readonly habits?: boolean;
  readonly verbose?: boolean;
  readonly inventory?: readonly string[];
  /** False for `--no-suppressions`. */
  readonly suppressions: boolean;
}

export function checkCommand(): Command {
  return withCommonFlags(new Command('check'))
    .description('report what the API server or the agent would reject and what is surely not meant, with places and help')
    .argument('[path...]', 'files, folders, or - for standard input')
    .addOption(new Option('-o, --output <format>', 'output format').choices(Object.keys(RENDERERS)).default('text'))
    .addOption(codesOption('--select', 'run only these checks: codes, or prefixes such as CIL2'))
    .addOption(codesOption('--ignore', 'do not run these checks'))
    .option('--max-warnings <n>', 'fail if there are more than <n> warnings', parseCount)
    .option('--no-suppressions', 'report what comments and annotations in the manifests allow')
    .addOption(inventoryOption())
    .option('--require-policies', 'fail if the input has no policy')
    .option('-v, --verbose', 'name everything that was not checked, and not only the first ten')
    .option('--embedded', 'check complete policies inside other objects too')
    .option('--habits', 'check habits of the guide too: CIL601 to CIL606')
    .option('--fix', 'apply the fixes that are certain, and check again')
    .option('--unsafe-fixes', 'with --fix, apply the guesses too: review what they change')
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-cilium check manifests/\n  helm template . | cdk8s-cilium check -\n  cdk8s-cilium check --cilium 1.19..1.20 manifests/\n  cdk8s-cilium check --set prod\n  cdk8s-cilium check manifests/ --inventory cluster.yaml',
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
  const { maxWarnings, suppressions, embedded, habits, inventory } = flags;
  const more = { maxWarnings, suppressions, embedded, habits, inventory };
  if (flags.unsafeFixes === true && flags.fix !== true) {
    throw new Failure('--unsafe-fixes needs --fix', 'write both: --fix --unsafe-fixes');
  }
  const jobs = jobsOf(paths, flags, more, 'name files or folders, or `-` for standard input, or list `sets` in the settings file');
  expectOneReader(jobs, inventory);
  if ([...paths, ...(inventory ?? [])].filter((path) => path === '-').length > 1) {
    throw new Failure('standard input is used twice', 'give one of the two as a file');
  }
  if (flags.fix === true) {
    jobs.forEach(rejectFix);
  }
  const reports = jobs.map((job) => {
    const { set = '', paths: own, settings } = job;
    settings.configProblems.forEach((problem) => say(`warning: ${set === '' ? '' : `${set}: `}${configProblemText(problem)}`));
    const run = doing(job, () => (flags.fix === true ? fixed(own, flags, settings) : checked(own, flags, settings)));
    return { name: set, report: reportOf(run, version()) };
  });
  const report = jobs[0].set === undefined ? reports[0].report : joined(reports);
  await print(RENDERERS[flags.output]()(report, { color: usesColor(process.stdout), isVerbose: flags.verbose }));
  const { errors, warnings } = report.summary;
  process.exitCode = errors > 0 || warnings > jobs[0].settings.maxWarnings ? 1 : 0;
}

function checked(paths: readonly string[], flags: CheckFlags, settings: Settings): Run {
  const sources = withPaths(() => readPaths(paths, readOptionsOf(flags, settings)));
  if (sources.every(({ isSkipped, excludedBy }) => isSkipped === true || excludedBy !== undefined)) {
    throw new Failure(`no YAML or JSON files in ${quotedPaths(paths)}`, helpOfUnread(sources));
  }
  const progress = progressOn(process.stderr);
  const { snapshot, unread } = withPaths(() =>
    openWithInventory(readSources(sources, { ...settings, onProgress: progress.show }), settings, { followLinks: flags.followLinks }),
  );
  expectInventory(unread);
  const run = checkSnapshot(snapshot, progress.show);
  progress.end();
  expectDocuments(run.read, paths);
  expectPolicies(run.read, paths, flags);
  return run;
}

/** Before anything is written. */
function rejectFix({ paths, settings: { variables = {}, inventory } }: Job): void {
  if ([...paths, ...inventory].includes('-')) {
    throw new Failure('--fix cannot be used with standard input', 'name files or folders');
  }
  if (Object.keys(variables).length > 0) {
    throw new Failure('--fix cannot be used with values of placeholders', 'leave out --values, and `values` in the settings file');
  }
}

/** Applies fixes until none is left, because a fix may reveal another finding. */
function fixed(paths: readonly string[], flags: CheckFlags, settings: Settings): Run {
  let run = checked(paths, flags, settings);
  const files = new Set<string>();
  let count = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const changed = applyFixes(run.fixes, run.read.problems, flags.unsafeFixes).filter(
      ({ source, text }) => text !== source.text && source.file !== undefined,
    );
    if (changed.length === 0) {
      break;
    }
    for (const { source, text, fixes } of changed) {
      write(source, text);
      files.add(source.name);
      count += fixes;
    }
    run = checked(paths, flags, settings);
  }
  const linked = new Set(
    run.fixes.flatMap(({ diagnostic: { origin } }) => (origin.document.source.file === undefined ? [origin.document.source.name] : [])),
  );
  say(`fixed ${counted(count, 'finding')} in ${counted(files.size, 'file')}`);
  linked.forEach((name) => say(`not fixed, because a link leads to it: ${name}`));
  return run;
}

function write({ name, file = '', text: before = '' }: Source, after: string): void {
  const written = replaceText(file, before, after);
  if (!written.ok) {
    throw new Failure(`\`${name}\` cannot be written: ${written.problem}`, 'it is as it was; other files may have been fixed');
  }
}

/** Of fixes. */
export const MOST_ROUNDS = 5;

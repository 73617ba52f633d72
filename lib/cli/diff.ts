/** `cdk8s-cilium diff`: prints what a change of policies opens and closes. */
import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { Source } from '../model/origin';
import { readPaths } from '../read/files';
import { revisionsIn, sourcesIn } from '../read/revisions';
import { changesView, ChangesView } from '../report/reach/changes';
import { changesJson, changesMarkdown } from '../report/reach/changes-data';
import { changesText } from '../report/reach/changes-text';
import { compared } from '../snapshot/changes';
import { MOST_COMPARED, openComparison } from '../snapshot/reach';
import type { Verdicts } from '../snapshot/verdicts';
import { Job, jobsOf, quotedPaths, readOptionsOf, withCommonFlags, withPaths } from './common';
import { Failure, valueOrFail } from './failure';
import { JudgingFlags, moreOf, sayWarnings, verdictsOfSources, withJudgingFlags } from './judging';
import { print } from './output';

interface DiffFlags extends JudgingFlags {
  readonly configAfter?: string;
  readonly failOn: 'opened' | 'closed' | 'any' | 'never';
  readonly output: keyof typeof FORMATS;
}

const FORMATS = { text: changesText, json: changesJson, markdown: changesMarkdown } as const;

export function diffCommand(): Command {
  return withJudgingFlags(withCommonFlags(new Command('diff')))
    .description('print what a change of policies opens and closes, each with a flow that shows it')
    .argument(
      '<before>',
      'policies before the change: a file or folder; or two git revisions, such as main..HEAD, or main.. for the files on disk',
    )
    .argument('[after...]', 'policies after the change; with revisions, the files and folders to compare')
    .option('--config-after <file>', 'the configuration after the change, as for --config')
    .addOption(
      new Option('--fail-on <kind>', 'exit with 1 if something is opened, closed, or any of both; what may be open counts as opened')
        .choices(['opened', 'closed', 'any', 'never'])
        .default('any'),
    )
    .addOption(new Option('-o, --output <format>', 'output format').choices(Object.keys(FORMATS)).default('text'))
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-cilium diff before/ after/ --inventory cluster.yaml\n  cdk8s-cilium diff main..HEAD -- policies/ --fail-on opened\n  cdk8s-cilium diff policies/ --cilium 1.19..1.20\n\nWith --cilium 1.19..1.20 or --config-after, one path is enough: the change is that of the cluster.',
    )
    .action((before: string, after: readonly string[], flags: DiffFlags) => runDiff(before, after, flags));
}

/** One side of a comparison. */
interface DiffSide {
  readonly job: Job;
  readonly sources: () => readonly Source[];
}

async function runDiff(before: string, after: readonly string[], flags: DiffFlags): Promise<void> {
  const sides = sidesOf(before, after, flags).map(({ job, sources }) => ({ job, sources: sources() }));
  // The first policy of a repository is a change too, and so is the last one.
  const isEmpty = sides.every(({ sources }) => sources.every(({ text = '' }) => text.trim() === ''));
  const [old, now] = sides.map(({ job, sources }) => verdictsOfSources(sources, job, flags, !isEmpty));
  sayWarnings(old, flags, 'before');
  sayWarnings(now, flags, 'after');
  const view = viewOf(old, now);
  await print(FORMATS[flags.output](view));
  process.exitCode = fails(view, flags) ? 1 : 0;
}

function viewOf(before: Verdicts, after: Verdicts): ChangesView {
  const opened = valueOrFail(openComparison(before, after, MOST_COMPARED));
  return changesView(compared(opened), after.inventory);
}

/** What may open counts as opened, and what may close as closed. */
function fails({ changes }: ChangesView, { failOn }: DiffFlags): boolean {
  const kinds: readonly string[] = { opened: ['open'], closed: ['close'], any: ['open', 'close'], never: [] }[failOn];
  return changes.some(({ may }) => may.some((one) => kinds.includes(one)));
}

function sidesOf(before: string, after: readonly string[], flags: DiffFlags): readonly [DiffSide, DiffSide] {
  const revisions = existsSync(before) ? undefined : revisionsIn(before);
  if (revisions !== undefined) {
    const paths = after.length === 0 ? ['.'] : after;
    const [old, now] = jobsFor(paths, paths, flags);
    const [first, second] = valueOrFail(revisions);
    return [
      { job: old, sources: () => valueOrFail(sourcesIn(first, paths, old.settings.exclude)) },
      second === '' ? onDisk(now, flags) : { job: now, sources: () => valueOrFail(sourcesIn(second, paths, now.settings.exclude)) },
    ];
  }
  const isOfCluster = flags.configAfter !== undefined || flags.cilium?.includes('..') === true;
  if (after.length === 0 && !isOfCluster) {
    throw new Failure(
      `there is nothing to compare ${quotedPaths([before])} with`,
      'give a second path, two revisions such as `main..HEAD`, or --cilium 1.19..1.20',
    );
  }
  if (after.length > 1) {
    throw new Failure('diff compares two paths', 'put the files of each side into a folder');
  }
  const [old, now] = jobsFor([before], after.length === 0 ? [before] : after, flags);
  return [onDisk(old, flags), onDisk(now, flags)];
}

function onDisk(job: Job, flags: DiffFlags): DiffSide {
  return { job, sources: () => withPaths(() => readPaths(job.paths, readOptionsOf(flags, job.settings))) };
}

/** The settings of each side: the minors of a range and the configurations may differ. */
function jobsFor(before: readonly string[], after: readonly string[], flags: DiffFlags): readonly [Job, Job] {
  const [oldMinor, nowMinor = oldMinor] = flags.cilium?.split('..') ?? [];
  const [old] = jobsOf(before, { ...flags, cilium: oldMinor }, moreOf(flags), '');
  const [now] = jobsOf(after, { ...flags, cilium: nowMinor, config: flags.configAfter ?? flags.config }, moreOf(flags), '');
  return [old, now];
}

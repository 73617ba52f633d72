/** `cdk8s-cilium prove`: proves properties of policies, for every pod that there is or could be. */
import { Command, Option } from 'commander';
import { readPropertyFile } from '../read/property-file';
import { revisionsIn, sourcesIn } from '../read/revisions';
import { proofsData, proofsJson } from '../report/proofs/data';
import { proofsText } from '../report/proofs/text';
import { warningView } from '../report/verdicts/warnings';
import { proofsOf } from '../snapshot/proofs/proofs';
import { MOST_COMPARED } from '../snapshot/reach';
import type { Snapshot } from '../snapshot/snapshot';
import { doing, Job, withCommonFlags } from './common';
import { Failure, valueOrFail } from './failure';
import { judgedJobs, JudgingFlags, sayWarnings, snapshotOf, snapshotOver, withJudgingFlags } from './judging';
import { print, say } from './output';

interface ProveFlags extends JudgingFlags {
  readonly property: string;
  readonly base?: string;
  /** False for `--no-possible-pods`. */
  readonly possiblePods: boolean;
  readonly output: 'text' | 'json';
}

export function proveCommand(): Command {
  return withJudgingFlags(withCommonFlags(new Command('prove')))
    .description('prove properties of policies for every pod that there is or could be, or show a flow that is against them')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .requiredOption('--property <file>', 'a file with properties')
    .option(
      '--base <revision>',
      'the policies before the change, for `opens-only` and `closes-only`: a git revision, such as main, or main... for where the branches have parted; or a path, such as ./before',
    )
    .option('--no-possible-pods', 'prove it for the pods that are listed only')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits with 1 if a property fails or is unknown.\n\nExamples:\n  cdk8s-cilium prove manifests/ --inventory cluster.yaml --property properties.yaml\n  cdk8s-cilium prove manifests/ --base main --property pull-request.yaml',
    )
    .action((paths: readonly string[], flags: ProveFlags) => runProve(paths, flags));
}

async function runProve(paths: readonly string[], flags: ProveFlags): Promise<void> {
  const properties = valueOrFail(readPropertyFile(flags.property));
  const jobs = judgedJobs(paths, flags);
  for (const job of jobs) {
    const snapshot = doing(job, () => snapshotOver(job, flags));
    const verdicts = valueOrFail(snapshot.verdicts());
    sayWarnings(verdicts, flags, job.set);
    const base = flags.base === undefined ? undefined : doing(job, () => baseOf(job, jobs.length, flags.base!, flags));
    if (base !== undefined) {
      sayOfBase(base, flags);
    }
    const proofs = valueOrFail(proofsOf(snapshot, properties, { mostPossible: flags.possiblePods ? MOST_COMPARED : 0, base }));
    if (jobs.length > 1 && flags.output === 'text') {
      await print(`${job.set}:\n`);
    }
    const { agent, warnings } = verdicts;
    await print(flags.output === 'text' ? proofsText(proofs) : proofsJson(proofsData(agent.minor, proofs, warnings.map(warningView))));
    if (proofs.some(({ is }) => is !== 'holds')) {
      process.exitCode = 1;
    }
  }
}

/** The policies before a change. A repository that had none before is a change too. */
function baseOf({ paths, settings }: Job, sets: number, base: string, flags: ProveFlags): Snapshot {
  // A stranger's change may bring a folder with the name of a revision.
  if (!/^\.{0,2}\/|\/$/.test(base)) {
    return snapshotOf(valueOrFail(sourcesIn(revisionOf(base), paths, settings.exclude)), { paths, settings }, flags, true);
  }
  if (sets > 1) {
    throw new Failure(
      `\`${base}\` cannot stand for the policies of ${sets} sets before the change`,
      'give a git revision, or the paths of one set',
    );
  }
  return snapshotOver({ paths: [base], settings }, flags);
}

/** A base without policies lets everything pass, so nothing can be opened. */
function sayOfBase(base: Snapshot, flags: ProveFlags): void {
  sayWarnings(valueOrFail(base.verdicts()), flags, 'before the change');
  if (base.read.policies.length === 0) {
    say('warning: before the change there are no policies in these files, so everything passed');
  }
}

/** One revision; `main...` is the one where `HEAD` has parted from `main`. */
function revisionOf(base: string): string {
  const both = revisionsIn(base);
  const [first, second] = both === undefined ? [base, ''] : valueOrFail(both);
  if (second !== '') {
    throw new Failure(
      `\`${base}\` is not one revision`,
      'write for example `--base main`, or `--base main...` for where the branches have parted',
    );
  }
  return first;
}

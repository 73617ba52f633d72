/** `cdk8s-cilium prove`: proves properties of policies, for every pod that there is or could be. */
import { Command, Option } from 'commander';
import { readPropertyFile } from '../read/property-file';
import { proofsData, proofsJson } from '../report/proofs/data';
import { proofsText } from '../report/proofs/text';
import { warningView } from '../report/verdicts/warnings';
import { proofsOf } from '../snapshot/proofs/proofs';
import { MOST_COMPARED } from '../snapshot/reach';
import { doing, withCommonFlags } from './common';
import { valueOrFail } from './failure';
import { judgedJobs, JudgingFlags, sayWarnings, snapshotOver, withJudgingFlags } from './judging';
import { print } from './output';

interface ProveFlags extends JudgingFlags {
  readonly property: string;
  /** False for `--no-possible-pods`. */
  readonly possiblePods: boolean;
  readonly output: 'text' | 'json';
}

export function proveCommand(): Command {
  return withJudgingFlags(withCommonFlags(new Command('prove')))
    .description('prove properties of policies for every pod that there is or could be, or show a flow that is against them')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .requiredOption('--property <file>', 'a file with properties')
    .option('--no-possible-pods', 'prove it for the pods that are listed only')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits with 1 if a property fails or is unknown.\n\nExample:\n  cdk8s-cilium prove manifests/ --inventory cluster.yaml --property properties.yaml',
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
    const proofs = valueOrFail(proofsOf(snapshot, properties, { mostPossible: flags.possiblePods ? MOST_COMPARED : 0 }));
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

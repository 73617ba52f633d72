/** `cdk8s-cilium budget`: counts the entries of the policy maps of endpoints, and the identities of agents. */
import { Command, Option } from 'commander';
import { budgetData, budgetJson } from '../report/budget/data';
import { budgetText, budgetWarnings } from '../report/budget/text';
import { warningView } from '../report/verdicts/warnings';
import { budgetOf } from '../snapshot/budget';
import { doing, withCommonFlags } from './common';
import { judgedJobs, JudgingFlags, sayWarnings, verdictsOver, withJudgingFlags } from './judging';
import { print, say } from './output';

interface BudgetFlags extends JudgingFlags {
  readonly by: 'endpoint' | 'policy';
  readonly all?: boolean;
  readonly output: 'text' | 'json';
}

export function budgetCommand(): Command {
  return withJudgingFlags(withCommonFlags(new Command('budget')))
    .description('count the entries in the policy maps of endpoints, and the identities that agents know')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .addOption(new Option('--by <what>', 'list endpoints, or what each policy costs').choices(['endpoint', 'policy']).default('endpoint'))
    .option('--all', 'list all of them, and not only the first twenty')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExample:\n  cdk8s-cilium budget manifests/ --inventory cluster.yaml --by policy')
    .action((paths: readonly string[], flags: BudgetFlags) => runBudget(paths, flags));
}

async function runBudget(paths: readonly string[], flags: BudgetFlags): Promise<void> {
  const jobs = judgedJobs(paths, flags);
  for (const job of jobs) {
    const verdicts = doing(job, () => verdictsOver(job, flags));
    sayWarnings(verdicts, flags, job.set);
    const budget = budgetOf(verdicts);
    budgetWarnings(budget).forEach((line) => say(`warning: ${line}`));
    if (jobs.length > 1 && flags.output === 'text') {
      await print(`${job.set}:\n`);
    }
    const { agent, warnings } = verdicts;
    const most = flags.all === true ? Infinity : MOST_LISTED;
    await print(
      flags.output === 'text' ? budgetText(budget, flags.by, most) : budgetJson(budgetData(agent.minor, budget, warnings.map(warningView))),
    );
  }
}

const MOST_LISTED = 20;

/** `cdk8s-cilium reach`: prints what passes between all ends that policies tell apart; `who-can` and `where-can` are its short forms. */
import { Command, Option } from 'commander';
import { MAX_PORT } from '../net/port';
import { behindService, Target } from '../reach/universe/behind';
import { parseFlow } from '../read/flow';
import { someOf } from '../report/findings/words';
import { reachJson } from '../report/reach/json';
import { reachCsv, reachDot, reachMarkdown, reachMermaid } from '../report/reach/tables';
import { exposureText, reachText } from '../report/reach/text';
import { ReachQuestion, reachView, ReachView } from '../report/reach/view';
import { warningView } from '../report/verdicts/warnings';
import { MOST_SHOWN, OpenedReach, openReach } from '../snapshot/reach';
import type { Verdicts } from '../snapshot/verdicts';
import { doing, withCommonFlags } from './common';
import { Failure, valueOrFail } from './failure';
import { judgedJobs, JudgingFlags, sayWarnings, verdictsOver, withJudgingFlags } from './judging';
import { print, say } from './output';

interface ReachFlags extends JudgingFlags {
  readonly from?: string;
  readonly to?: string;
  readonly focus?: string;
  readonly exposure?: boolean;
  /** False for `--no-possible-pods`. */
  readonly possiblePods: boolean;
  readonly output: keyof typeof FORMATS;
}

const FORMATS = {
  text: (view: ReachView, { to, exposure }: ReachFlags) =>
    exposure === true ? exposureText(view) : reachText(view, to === undefined ? 'from' : 'to'),
  json: (view: ReachView, _: ReachFlags, { warnings }: Verdicts) => reachJson(view, warnings.map(warningView)),
  csv: reachCsv,
  markdown: reachMarkdown,
  dot: reachDot,
  mermaid: reachMermaid,
} as const;

export function reachCommand(): Command {
  return withReachFlags(new Command('reach'))
    .description('print what passes between all pods, nodes and addresses that policies tell apart, and between pods that could exist')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .option('--from <end>', 'only from this end: ns/name of a pod or workload, labels:app=web@ns, ip:…, entity:world, node:…')
    .option(
      '--to <end>',
      'only to this end, or to a port of it: shop/db, shop/db:5432, shop/dns:53/UDP, fqdn:…; or to what is behind service:shop/db:80',
    )
    .option('--focus <namespace>', 'only from and to the pods of a namespace')
    .option(
      '--exposure',
      'only what the outside and pods of other namespaces reach, who reaches the outside, and pods that no policy selects',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-cilium reach manifests/ --inventory cluster.yaml\n  cdk8s-cilium reach manifests/ --focus shop -o mermaid\n  cdk8s-cilium reach manifests/ --to shop/db:5432',
    )
    .action((paths: readonly string[], flags: ReachFlags) => runReach(paths, flags));
}

export function whoCanCommand(): Command {
  return withReachFlags(new Command('who-can'))
    .description('print who can reach an end: short for reach --to')
    .argument('<end>', 'the destination, for example shop/db:5432')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .addHelpText('after', '\nExample:\n  cdk8s-cilium who-can shop/db:5432 manifests/')
    .action((end: string, paths: readonly string[], flags: ReachFlags) => runReach(paths, { ...flags, to: end }));
}

export function whereCanCommand(): Command {
  return withReachFlags(new Command('where-can'))
    .description('print what an end can reach: short for reach --from')
    .argument('<end>', 'the source, for example shop/web')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .addHelpText('after', '\nExample:\n  cdk8s-cilium where-can shop/web manifests/')
    .action((end: string, paths: readonly string[], flags: ReachFlags) => runReach(paths, { ...flags, from: end }));
}

function withReachFlags(command: Command): Command {
  return withJudgingFlags(withCommonFlags(command))
    .option('--no-possible-pods', 'leave out pods that could exist and are not listed')
    .addOption(new Option('-o, --output <format>', 'output format').choices(Object.keys(FORMATS)).default('text'));
}

async function runReach(paths: readonly string[], flags: ReachFlags): Promise<void> {
  const jobs = judgedJobs(paths, flags);
  for (const job of jobs) {
    const verdicts = doing(job, () => verdictsOver(job, flags));
    sayWarnings(verdicts, flags, job.set);
    const opened = valueOrFail(openReach(verdicts, flags.possiblePods ? MOST_SHOWN : 0));
    const view = reachView(opened, questionOf(flags, opened));
    if (jobs.length > 1 && flags.output === 'text') {
      await print(`${job.set}:\n`);
    }
    await print(FORMATS[flags.output](view, flags, verdicts));
  }
}

function questionOf({ from, to, focus }: ReachFlags, opened: OpenedReach): ReachQuestion {
  return {
    from: from === undefined ? undefined : endIn(from, opened),
    to: to === undefined ? undefined : targetsIn(to, opened),
    focus,
  };
}

/** `shop/db`, `shop/db:5432`, `shop/dns:53/UDP`, or a Service: `service:shop/database:80`. */
function targetsIn(text: string, opened: OpenedReach): readonly Target[] {
  const [, written = text, digits, protocol = 'TCP'] = /^(.*[^:]):(\d+)(?:\/([A-Za-z]+))?$/.exec(text) ?? [];
  const port = digits === undefined ? undefined : { protocol: protocolOf(protocol), number: numberOf(digits) };
  const { to } = valueOrFail(parseFlow({ from: 'entity:world', to: written, port: 1 }));
  if (to.is !== 'service') {
    return [{ end: endIn(written, opened), ...(port && { port }) }];
  }
  const { targets, leftOut } = valueOrFail(behindService(to.name, port, opened.universe, opened.all[0].verdicts.engines()[0]));
  if (leftOut.length > 0) {
    say(`warning: not asked about, because their nodes are not given: ${someOf(leftOut, MOST_NAMED)}`);
  }
  return targets;
}

const MOST_NAMED = 10;

function numberOf(digits: string): number {
  const number = Number(digits);
  if (number < 1 || number > MAX_PORT) {
    throw new Failure(`port \`${digits}\` is not between 1 and ${MAX_PORT}`);
  }
  return number;
}

function protocolOf(text: string): 'TCP' | 'UDP' | 'SCTP' {
  const found = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === text.toUpperCase());
  if (found === undefined) {
    throw new Failure(`\`${text}\` is not a protocol with ports`, 'write for example `shop/db:5432` or `shop/dns:53/UDP`');
  }
  return found;
}

/** The end of the universe that an end of a flow is. */
function endIn(text: string, { universe }: OpenedReach): number {
  const { from } = valueOrFail(parseFlow({ from: text, to: 'entity:world', port: 1 }));
  const found = universe.find(from);
  if (found === undefined) {
    throw new Failure(
      `\`${text}\` is none of the ends that are compared`,
      'name a pod of the inventory, `labels:app=web@ns`, an address, a node or an entity; as a destination, `service:ns/name` too',
    );
  }
  return found;
}

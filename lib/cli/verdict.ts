/** `cdk8s-cilium verdict`: prints what Cilium decides for a flow, and why. */
import { Command, Option } from 'commander';
import type { Flow } from '../model/flow';
import { Json, JsonObject } from '../model/json';
import { PROTOCOLS } from '../model/policy';
import { accepted, Parsed, refusalOf, Refused } from '../net/parsed';
import { printable, safeJson } from '../net/printable';
import { shortened } from '../net/shortened';
import { parseFlow } from '../read/flow';
import { streamGiven } from '../read/regular-file';
import { answerOf } from '../report/verdicts/answer';
import { explainedAnswer } from '../report/verdicts/explained';
import { byMeans, FLAGS } from '../report/verdicts/given';
import { verdictText } from '../report/verdicts/text';
import { warningView } from '../report/verdicts/warnings';
import type { Verdicts } from '../snapshot/verdicts';
import { decisionOf } from '../verdict/decision';
import { doing, expectOneReader, jobsOf, severalOf, withCommonFlags } from './common';
import { Failure, valueOrFail } from './failure';
import { JudgingFlags, moreOf, sayWarnings, verdictsOver, withJudgingFlags } from './judging';
import { lineJson, linesOf } from './lines';
import { print, say } from './output';

interface VerdictFlags extends JudgingFlags {
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly icmp?: string;
  readonly icmpCode?: string;
  readonly protocol?: string;
  readonly http?: string;
  readonly host?: string;
  readonly header?: readonly string[];
  readonly dns?: string;
  readonly sni?: string;
  readonly flows?: string;
  readonly explain?: boolean;
  readonly output: 'text' | 'json';
}

export function verdictCommand(): Command {
  return withJudgingFlags(withCommonFlags(new Command('verdict')))
    .description('print what Cilium decides for a connection, on both sides, and why')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .option('--from <end>', 'the source: ns/name of a pod or workload, labels:app=web@ns, ip:…, fqdn:…, entity:world, node:…')
    .option('--to <end>', 'the destination: like the source, or service:ns/name')
    .option('--port <port>', 'the port, for example 80 or 53/UDP')
    .option('--icmp <type>', 'an ICMP type instead of a port: a number, a name such as EchoRequest, or 128/ICMPv6')
    .option('--icmp-code <code>', 'the ICMP code, by default 0: "fragmentation needed" is --icmp 3 --icmp-code 4')
    .option('--protocol <name>', 'a protocol without ports, for example GRE')
    .option('--http <request>', "an HTTP request, for example 'GET /public'")
    .option('--host <host>', 'the host of the HTTP request')
    .option('--header <header>', "a header of the HTTP request, for example 'X-Key: value'; can be repeated", severalOf)
    .option('--dns <name>', 'the name in a DNS query')
    .option('--sni <name>', 'the server name in a TLS handshake')
    .option('--flows <file>', 'a file with many flows, one JSON object per line, as for `batch`; - for standard input')
    .option('--explain', 'print the steps that lead to the verdict')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-cilium verdict manifests/ --from shop/web --to shop/db --port 5432 --explain\n  cdk8s-cilium verdict manifests/ --from labels:app=web@shop --to fqdn:api.example.com --port 443 --name api.example.com=192.0.2.1',
    )
    .action((paths: readonly string[], flags: VerdictFlags) => runVerdict(paths, flags));
}

/** The verdicts over the given paths, or over a set of the settings file. */
interface Opened {
  readonly set?: string;
  readonly verdicts: Verdicts;
}

async function runVerdict(paths: readonly string[], flags: VerdictFlags): Promise<void> {
  rejectContradictions(paths, flags);
  const jobs = jobsOf(
    paths,
    flags,
    moreOf(flags),
    'name files or folders with policies, or `-` for standard input, or list `sets` in the settings file',
  );
  expectOneReader(jobs, flags.inventory);
  const opened = jobs.map((job): Opened => ({ set: job.set, verdicts: doing(job, () => verdictsOver(job, flags)) }));
  const { file } = jobs[0].settings;
  if (file !== undefined) {
    say(`settings: ${file}`);
  }
  opened.forEach(({ set, verdicts }) => {
    sayWarnings(verdicts, flags, set);
  });
  const flows: Iterable<[number, Parsed<Json>]> | AsyncIterable<[number, Parsed<Json>]> =
    flags.flows === undefined ? [[1, flowOf(flags)]] : flowsIn(flags.flows);
  let isAllAllowed = true;
  let count = 0;
  for await (const [line, written] of flows) {
    const flow = written.ok ? parseFlow(written.value) : written;
    for (const one of opened) {
      const explained = byMeans(flow.ok ? answered(one.verdicts, flow.value, flags) : flow, FLAGS);
      // One flow over one input cannot be judged at all.
      const judged = flags.flows === undefined && opened.length === 1 ? accepted(valueOrFail(explained)) : explained;
      isAllAllowed &&= judged.ok && decisionOf(judged.value.verdict) === 'allowed';
      await print(flags.output === 'json' ? lineOf(one, judged, count === 0, flags) : textOf(one, line, flow, judged, flags));
    }
    count += 1;
  }
  process.exitCode = isAllAllowed ? 0 : 1;
}

/** Rejects flags that would be ignored. */
function rejectContradictions(paths: readonly string[], flags: VerdictFlags): void {
  const { flows, http, host, header, inventory = [] } = flags;
  const combined = FLOW_FLAGS.filter((name) => flags[name] !== undefined);
  if (flows !== undefined && combined.length > 0) {
    throw new Failure(
      `--flows cannot be combined with --${combined[0] === 'icmpCode' ? 'icmp-code' : combined[0]}`,
      'describe the flows in the file of --flows',
    );
  }
  if (http === undefined && (host !== undefined || header !== undefined)) {
    throw new Failure(
      `--${host === undefined ? 'header' : 'host'} needs an HTTP request`,
      "add a request, for example `--http 'GET /public'`",
    );
  }
  if ([...paths, ...inventory, flows].filter((path) => path === '-').length > 1) {
    throw new Failure('standard input is used twice', 'give one of the two as a file');
  }
}

const FLOW_FLAGS = ['from', 'to', 'port', 'icmp', 'icmpCode', 'protocol', 'http', 'host', 'header', 'dns', 'sni'] as const;

/** The verdict; with the steps that lead to it only if they are printed. */
function answered(verdicts: Verdicts, flow: Flow, { explain = false }: VerdictFlags): Explained {
  if (explain) {
    return verdicts.explain(flow);
  }
  const verdict = verdicts.verdict(flow);
  return verdict.ok ? accepted({ verdict: verdict.value, ways: [], taken: { from: [], to: [] } }) : verdict;
}

type Explained = ReturnType<Verdicts['explain']>;

/** The answer as JSON. The first one has the warnings, which are about every flow, of which there may be millions. */
function lineOf({ set, verdicts }: Opened, explained: Explained, isFirst: boolean, flags: VerdictFlags): string {
  const warnings = isFirst ? { warnings: verdicts.warnings.map(warningView) } : {};
  return `${safeJson({ ...(set !== undefined && { set }), ...jsonOf(explained, flags.explain === true), ...warnings })}\n`;
}

function jsonOf(explained: Explained, isExplained: boolean): object {
  if (!explained.ok) {
    return { error: shortened(refusalOf(explained)) };
  }
  return isExplained ? explainedAnswer(explained.value) : answerOf(explained.value.verdict);
}

function textOf({ set }: Opened, line: number, flow: Parsed<Flow>, explained: Explained, { explain = false, flows }: VerdictFlags): string {
  const prefix = set === undefined ? '' : `${set}: `;
  if (flow.ok && explained.ok) {
    return `${prefix}${verdictText(flow.value, explained.value, explain)}`;
  }
  const at = flows === undefined ? '' : `${flows}:${line}: `;
  return `${prefix}${printable(`cannot be judged: ${at}${shortened(refusalOf(explained as Refused))}`)}\n`;
}

/** Converts the flags to a flow in the format of `batch`. */
function flowOf(flags: VerdictFlags): Parsed<Json> {
  const { from, to, dns, sni } = flags;
  if (from === undefined || to === undefined) {
    throw new Failure('a flow needs two ends', 'give --from and --to, or --flows');
  }
  return accepted({ from, to, ...trafficOf(flags), ...(flags.http === undefined ? {} : { http: httpOf(flags, flags.http) }), dns, sni });
}

function trafficOf({ port, icmp, icmpCode, protocol }: VerdictFlags): JsonObject {
  const given = [port, icmp, protocol].filter((flag) => flag !== undefined);
  if (given.length !== 1) {
    throw new Failure(
      given.length === 0 ? 'a flow needs a port' : 'a flow can have only one of --port, --icmp and --protocol',
      'give --port, for example `--port 80` or `--port 53/UDP`',
    );
  }
  if (icmpCode !== undefined && icmp === undefined) {
    throw new Failure('--icmp-code needs an ICMP type', 'give --icmp too');
  }
  if (port !== undefined) {
    const [number, of] = pairOf(port, 'TCP', ['TCP', 'UDP', 'SCTP'], '--port');
    return { protocol: of, port: /^\d+$/.test(number) ? Number(number) : number };
  }
  if (icmp !== undefined) {
    const [type, of] = pairOf(icmp, 'ICMP', ['ICMP', 'ICMPv6'], '--icmp');
    return { protocol: of, type, ...(icmpCode === undefined ? {} : { code: /^\d+$/.test(icmpCode) ? Number(icmpCode) : icmpCode }) };
  }
  return { protocol };
}

/**
 * Splits a number or name from its protocol, for example `80/TCP`. Rejects a protocol that belongs to another flag. An unknown protocol is rejected
 * later.
 */
function pairOf(text: string, otherwise: string, known: readonly string[], flag: string): readonly [string, string] {
  const [first, of = otherwise, ...rest] = text.split('/');
  const isOther =
    PROTOCOLS.some((one) => one.toUpperCase() === of.toUpperCase()) && !known.some((one) => one.toUpperCase() === of.toUpperCase());
  if (rest.length > 0 || isOther) {
    throw new Failure(
      `${flag} has invalid value \`${text}\``,
      `write for example \`${first}/${otherwise}\`; ${flag} accepts ${known.join(', ')}`,
    );
  }
  return [first, of];
}

function httpOf({ host = '', header = [] }: VerdictFlags, request: string): JsonObject {
  const [, method, path] = /^(\S+) (\S+)$/.exec(request) ?? [];
  if (method === undefined) {
    throw new Failure(`\`${request}\` is not a valid HTTP request`, "write for example `--http 'GET /public'`");
  }
  const headers = header.map((text): [string, string] => {
    const colon = text.indexOf(':');
    return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1).trim()];
  });
  return { method, path, host, headers: Object.fromEntries(headers) };
}

/** The flows in a file with one JSON object per line, with their line numbers; one by one, because there may be millions. */
async function* flowsIn(file: string): AsyncGenerator<[number, Parsed<Json>]> {
  const stream = file === '-' ? accepted<AsyncIterable<Buffer>>(process.stdin) : streamGiven(file);
  if (!stream.ok) {
    throw new Failure(`the flows in \`${file}\` cannot be read: ${stream.problem}`, 'give --flows a file with one JSON object per line');
  }
  let isEmpty = true;
  for await (const line of linesOf(stream.value)) {
    isEmpty = false;
    yield [line.number, lineJson(line)];
  }
  if (isEmpty) {
    throw new Failure(
      `no flows in \`${file}\``,
      'write one JSON object per line, for example {"from":"shop/web","to":"shop/db","port":5432}',
    );
  }
}

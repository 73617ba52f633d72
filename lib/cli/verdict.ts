/** `cdk8s-cilium verdict`: what Cilium decides of a flow, and why. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { Flow } from '../model/flow';
import { Json, JsonObject } from '../model/json';
import { PROTOCOLS } from '../model/policy';
import { accepted, Parsed, refusalOf, Refused, refused } from '../net/parsed';
import { readPaths } from '../read/files';
import { parseFlow } from '../read/flow';
import { readSources } from '../read/read';
import { answerOf } from '../report/verdicts/answer';
import { explainedAnswer } from '../report/verdicts/explained';
import { verdictText } from '../report/verdicts/text';
import { problemText, warningText } from '../report/verdicts/warnings';
import { openWithInventory } from '../snapshot/from-files';
import type { Verdicts } from '../snapshot/verdicts';
import { decisionOf } from '../verdict/decision';
import { CommonFlags, settingsOf, withCommonFlags, withPaths } from './common';
import { Failure, valueOrFail } from './failure';
import { print } from './output';

interface VerdictFlags extends CommonFlags {
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly icmp?: string;
  readonly protocol?: string;
  readonly http?: string;
  readonly host?: string;
  readonly header?: readonly string[];
  readonly dns?: string;
  readonly sni?: string;
  readonly flows?: string;
  readonly name?: readonly string[];
  readonly inventory?: readonly string[];
  readonly explain?: boolean;
  readonly output: 'text' | 'json';
}

export function verdictCommand(): Command {
  const several = (text: string, before: readonly string[] = []) => [...before, text];
  return withCommonFlags(new Command('verdict'))
    .description('tell what Cilium decides of a connection, on both sides, and why')
    .argument('[path...]', 'policies: files, folders, or - for standard input')
    .option('--from <end>', 'who connects: ns/pod, labels:app=web@ns, ip:…, fqdn:…, entity:world, node:…')
    .option('--to <end>', 'to whom: the same, or service:ns/name')
    .option('--port <port>', 'the port, such as 80 or 53/UDP')
    .option('--icmp <type>', 'an ICMP type in the place of a port: a number, a name such as EchoRequest, or 128/ICMPv6')
    .option('--protocol <name>', 'a protocol without ports, such as GRE')
    .option('--http <request>', "a request, such as 'GET /public'")
    .option('--host <host>', 'the host of the request')
    .option('--header <header>', "a header of the request, such as 'X-Key: value'; may be given again", several)
    .option('--dns <name>', 'the name that a DNS query asks for')
    .option('--sni <name>', 'the server name of a TLS handshake')
    .option('--flows <file>', 'many flows: one JSON a line, as in `batch`; - for standard input')
    .option('--name <name=address>', 'what DNS answers, such as api.example.com=192.0.2.1; may be given again', several)
    .option('--inventory <path>', 'pods, nodes, services: manifests, or what `kubectl get … -o yaml` prints; may be given again', several)
    .option('--explain', 'tell the steps that lead there')
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-cilium verdict manifests/ --from shop/web --to shop/db --port 5432 --explain\n  cdk8s-cilium verdict manifests/ --from labels:app=web@shop --to fqdn:api.example.com --port 443 --name api.example.com=192.0.2.1',
    )
    .action((paths: readonly string[], flags: VerdictFlags) => runVerdict(paths, flags));
}

async function runVerdict(paths: readonly string[], flags: VerdictFlags): Promise<void> {
  if (paths.length === 0) {
    throw new Failure('there are no policies to judge by', 'name files or folders, or `-` for standard input');
  }
  refuseContradictions(paths, flags);
  const verdicts = verdictsOver(paths, flags);
  verdicts.warnings.forEach((warning) => process.stderr.write(`warning: ${warningText(warning)}\n`));
  const flows: [number, Parsed<Json>][] = flags.flows === undefined ? [[1, flowOf(flags)]] : flowsIn(flags.flows);
  let isAllAllowed = true;
  for (const [line, written] of flows) {
    const flow = written.ok ? parseFlow(written.value) : written;
    const explained = flow.ok ? answered(verdicts, flow.value, flags) : flow;
    if (!explained.ok && flags.flows === undefined) {
      throw new Failure(explained.problem, explained.help);
    }
    isAllAllowed &&= explained.ok && decisionOf(explained.value.verdict) === 'allowed';
    await print(
      flags.output === 'json' ? `${JSON.stringify(jsonOf(explained, flags.explain === true))}\n` : textOf(line, flow, explained, flags),
    );
  }
  process.exitCode = isAllAllowed ? 0 : 1;
}

/** What would be passed over is refused: somebody means something by it. */
function refuseContradictions(paths: readonly string[], flags: VerdictFlags): void {
  const { flows, http, host, header, inventory = [] } = flags;
  const beside = FLOW_FLAGS.filter((name) => flags[name] !== undefined);
  if (flows !== undefined && beside.length > 0) {
    throw new Failure(`--flows stands alone, and not beside --${beside[0]}`, 'write that in each line of the file');
  }
  if (http === undefined && (host !== undefined || header !== undefined)) {
    throw new Failure(
      `--${host === undefined ? 'header' : 'host'} is of a request`,
      "give the request too, such as `--http 'GET /public'`",
    );
  }
  if ([...paths, ...inventory, flows].filter((path) => path === '-').length > 1) {
    throw new Failure('standard input is asked for twice', 'give one of the two as a file');
  }
}

const FLOW_FLAGS = ['from', 'to', 'port', 'icmp', 'protocol', 'http', 'host', 'header', 'dns', 'sni'] as const;

/** The steps are looked for only where somebody reads them. */
function answered(verdicts: Verdicts, flow: Flow, { explain = false }: VerdictFlags): Explained {
  if (explain) {
    return verdicts.explain(flow);
  }
  const verdict = verdicts.verdict(flow);
  return verdict.ok ? accepted({ verdict: verdict.value, ways: [] }) : verdict;
}

type Explained = ReturnType<Verdicts['explain']>;

function jsonOf(explained: Explained, isExplained: boolean): object {
  if (!explained.ok) {
    return { error: refusalOf(explained) };
  }
  return isExplained ? explainedAnswer(explained.value) : answerOf(explained.value.verdict);
}

function textOf(line: number, flow: Parsed<Flow>, explained: Explained, { explain = false, flows }: VerdictFlags): string {
  if (flow.ok && explained.ok) {
    return verdictText(flow.value, explained.value, explain);
  }
  return `cannot be judged: ${flows}:${line}: ${refusalOf(explained as Refused)}\n`;
}

function verdictsOver(paths: readonly string[], flags: VerdictFlags): Verdicts {
  const settings = settingsOf(flags, { inventory: flags.inventory, names: flags.name && namesOf(flags.name) });
  const { snapshot, unread } = withPaths(() => openWithInventory(readSources(readPaths(paths), settings), settings));
  const { documents, unchecked, policies } = snapshot.read;
  if (documents === 0 && unchecked === 0) {
    throw new Failure(`there is no document in ${paths.map((path) => `\`${path}\``).join(', ')}`);
  }
  if (unread.length > 0) {
    throw new Failure(`the inventory cannot be read: ${problemText(unread[0])}`);
  }
  if (policies.length === 0) {
    process.stderr.write('warning: there is no policy\n');
  }
  return valueOrFail(snapshot.verdicts());
}

function namesOf(texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const names = new Map<string, readonly string[]>();
  for (const text of texts) {
    const [, name, addresses] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined) {
      throw new Failure(`\`${text}\` is no name with an address`, 'write such as `--name api.example.com=192.0.2.1`');
    }
    names.set(name, [...(names.get(name) ?? []), ...addresses.split(',')]);
  }
  return Object.fromEntries(names);
}

/** The flow that flags tell, in the form of the machine formats. */
function flowOf(flags: VerdictFlags): Parsed<Json> {
  const { from, to, dns, sni } = flags;
  if (from === undefined || to === undefined) {
    throw new Failure('a flow has two ends', 'give --from and --to, or --flows');
  }
  return accepted({ from, to, ...trafficOf(flags), ...(flags.http === undefined ? {} : { http: httpOf(flags, flags.http) }), dns, sni });
}

function trafficOf({ port, icmp, protocol }: VerdictFlags): JsonObject {
  const given = [port, icmp, protocol].filter((flag) => flag !== undefined);
  if (given.length !== 1) {
    throw new Failure(
      given.length === 0 ? 'a flow has a port' : 'a flow has one of --port, --icmp and --protocol',
      'give --port such as 80 or 53/UDP',
    );
  }
  if (port !== undefined) {
    const [number, of] = pairOf(port, 'TCP', ['TCP', 'UDP', 'SCTP'], '--port');
    return { protocol: of, port: /^\d+$/.test(number) ? Number(number) : number };
  }
  if (icmp !== undefined) {
    const [type, of] = pairOf(icmp, 'ICMP', ['ICMP', 'ICMPv6'], '--icmp');
    return { protocol: of, type };
  }
  return { protocol };
}

/** A number or name and its protocol, in `80/TCP`; another protocol has a flag of its own, unless it is none at all. */
function pairOf(text: string, otherwise: string, known: readonly string[], flag: string): readonly [string, string] {
  const [first, of = otherwise, ...rest] = text.split('/');
  const isOther =
    PROTOCOLS.some((one) => one.toUpperCase() === of.toUpperCase()) && !known.some((one) => one.toUpperCase() === of.toUpperCase());
  if (rest.length > 0 || isOther) {
    throw new Failure(`${flag} is \`${text}\``, `write such as \`${first}/${otherwise}\`; ${flag} is for ${known.join(', ')}`);
  }
  return [first, of];
}

function httpOf({ host = '', header = [] }: VerdictFlags, request: string): JsonObject {
  const [, method, path] = /^(\S+) (\S+)$/.exec(request) ?? [];
  if (method === undefined) {
    throw new Failure(`\`${request}\` is no request`, "write such as `--http 'GET /public'`");
  }
  const headers = header.map((text): [string, string] => {
    const colon = text.indexOf(':');
    return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1).trim()];
  });
  return { method, path, host, headers: Object.fromEntries(headers) };
}

/** Flows of a file, a JSON a line, with the numbers of the lines. */
function flowsIn(file: string): [number, Parsed<Json>][] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\ufeff/, '');
  } catch {
    throw new Failure(`there is no file \`${file}\``, 'give --flows a file with one JSON a line');
  }
  const lines = [...text.split('\n').entries()].filter(([, line]) => line.trim() !== '');
  if (lines.length === 0) {
    throw new Failure(`there is no flow in \`${file}\``, 'write one JSON a line, such as {"from":"shop/web","to":"shop/db","port":5432}');
  }
  return lines.map(([index, line]) => [index + 1, flowIn(line)]);
}

function flowIn(line: string): Parsed<Json> {
  try {
    return accepted(JSON.parse(line) as Json);
  } catch (error) {
    return refused(`the line is no JSON: ${(error as Error).message}`);
  }
}

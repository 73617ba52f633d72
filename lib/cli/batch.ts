/** `cdk8s-cilium batch`: one JSON request a line on standard input, one JSON answer a line on standard output, in order. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { judgeResource } from '../checks/judge';
import { parseCilium } from '../checks/options';
import { NEWEST } from '../crd/minor';
import { isObject, JsonObject } from '../model/json';
import { pointer } from '../model/path';
import { accepted, Parsed, refusalOf, refused } from '../net/parsed';
import { parseKeys } from '../read/config';
import { isJudged, readObject } from '../read/read';
import { minorText } from '../read/settings';
import { verdictReply } from '../simulate/request';

export function batchCommand(): Command {
  return new Command('batch')
    .description('answer requests, one JSON a line, as long as standard input is open')
    .addHelpText('after', `\nExample:\n  echo '{"kind":"validate","id":1,"object":{…}}' | cdk8s-cilium batch`)
    .action(runBatch);
}

async function runBatch(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    // Whoever reads slowly is waited for.
    if (line.trim() !== '' && !process.stdout.write(`${answer(line)}\n`)) {
      await once(process.stdout, 'drain');
    }
  }
}

/** The answer to a line; a line that cannot be understood is answered with what is wrong with it. */
export function answer(line: string): string {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch (error) {
    return JSON.stringify({ id: null, error: `the line is no JSON: ${(error as Error).message}` });
  }
  const id = isObject(request) ? (request.id ?? null) : null;
  try {
    const answered = isObject(request) ? reply(request) : refused('the line is no JSON object');
    return JSON.stringify({ id, ...(answered.ok ? answered.value : { error: refusalOf(answered) }) });
  } catch (error) {
    return JSON.stringify({ id, error: `this should not have happened: ${(error as Error).message}` });
  }
}

function reply(request: JsonObject): Parsed<object> {
  const { kind } = request;
  if (kind === 'verdict') {
    return verdictReply(request);
  }
  return kind === 'validate'
    ? validate(request)
    : refused(`there is no request of kind \`${minorText(kind ?? '')}\``, 'write `"kind":"validate"` or `"kind":"verdict"`');
}

function validate({ cilium = NEWEST, namespace = 'default', config = {}, object }: JsonObject): Parsed<object> {
  const minor = parseCilium(minorText(cilium));
  const keys = parseKeys(config);
  if (!minor.ok || !keys.ok) {
    return minor.ok ? keys : minor;
  }
  if (typeof minor.value !== 'string') {
    return refused('a request is about one minor', 'write `"cilium":"1.20"`');
  }
  if (typeof namespace !== 'string' || !isObject(object)) {
    return refused(isObject(object) ? '`namespace` is no text' : '`object` is no object');
  }
  const resource = readObject(object, { namespace });
  if (!isJudged(resource)) {
    return refused(`\`${resource.kind}\` in \`${resource.apiVersion}\` is no policy and no CIDR group`);
  }
  const judged = judgeResource(resource, minor.value, keys.value);
  return accepted({
    accepted: judged.accepted,
    unknown: judged.unknown.map(pointer),
    diagnostics: judged.findings.map(({ check: { code, name, stage, severity }, told: { message, help = null }, path }) => ({
      ...{ code, name, stage, severity, path: pointer(path), message, help },
    })),
  });
}

/** `cdk8s-cilium batch`: reads one JSON request per line from standard input and writes one JSON answer per line, in order. */
import { once } from 'node:events';
import { Command } from 'commander';
import { admit } from '../admission/admit';
import { intentFindings } from '../checks/intents';
import { CODES } from '../checks/registry';
import { isObject, JsonObject } from '../model/json';
import { pointer } from '../model/path';
import { accepted, Parsed, refusalOf, refused } from '../net/parsed';
import { safeJson } from '../net/printable';
import { shortened } from '../net/shortened';
import { isJudged } from '../read/kinds';
import { readObject } from '../read/read';
import { oneMinor, settle } from '../settings/settings';
import { lineJson, Line, linesOf } from './lines';
import { verdictReply } from './verdict-request';

export function batchCommand(): Command {
  return new Command('batch')
    .description('answer requests from standard input, one JSON object per line, until it is closed')
    .addHelpText('after', `\nExample:\n  echo '{"kind":"validate","id":1,"object":{…}}' | cdk8s-cilium batch`)
    .action(runBatch);
}

async function runBatch(): Promise<void> {
  for await (const line of linesOf(process.stdin)) {
    // Wait for a slow reader.
    if (!process.stdout.write(`${answer(line)}\n`)) {
      await once(process.stdout, 'drain');
    }
  }
}

/** The answer to a line. A line that is not a valid request is answered with the error and its number. */
export function answer(line: Line): string {
  const request = lineJson(line);
  if (!request.ok || !isObject(request.value)) {
    return safeJson({ id: null, line: line.number, error: request.ok ? 'the line is not a JSON object' : request.problem });
  }
  const { value } = request;
  const { id = null } = value;
  try {
    const answered = reply(value);
    return safeJson({ id, ...(answered.ok ? answered.value : { error: shortened(refusalOf(answered)) }) });
  } catch (error) {
    return safeJson({ id, error: shortened(`internal error: ${(error as Error).message}`) });
  }
}

function reply(request: JsonObject): Parsed<object> {
  const { kind } = request;
  if (kind === 'verdict') {
    return verdictReply(request);
  }
  return kind === 'validate'
    ? validate(request)
    : refused(
        kind === undefined
          ? 'the request has no `kind`'
          : `unknown request kind \`${typeof kind === 'string' ? kind : JSON.stringify(kind)}\``,
        'write `"kind":"validate"` or `"kind":"verdict"`',
      );
}

function validate({ cilium, namespace, config, object }: JsonObject): Parsed<object> {
  const settings = settle(CODES, { values: { cilium, namespace, config } });
  if (!settings.ok) {
    return settings;
  }
  const minor = oneMinor(settings.value);
  if (!minor.ok) {
    return minor;
  }
  if (!isObject(object)) {
    return refused('`object` must be an object');
  }
  const resource = readObject(object, settings.value);
  if (!isJudged(resource)) {
    return refused(`\`${resource.kind}\` in \`${resource.apiVersion}\` is neither a policy nor a CIDR group`);
  }
  const admission = admit(resource, minor.value, settings.value.configs[minor.value]);
  const isAccepted = admission.accepted.schema && admission.accepted.agent;
  const intents = isAccepted ? intentFindings(admission, resource, minor.value, settings.value.configs[minor.value]) : [];
  return accepted({
    accepted: admission.accepted,
    unknown: admission.unknown.map(pointer),
    diagnostics: [...admission.findings, ...intents].map(
      ({ check: { code, name, stage, severity }, wording: { message, help = null }, path }) => ({
        ...{ code, name, stage, severity, path: pointer(path), message, help },
      }),
    ),
  });
}

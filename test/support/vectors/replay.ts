/**
 * Compares what this project says with what Cilium says, question by question.
 *
 * Each side of the project is a judge: it is given a question and a minor, and claims as much of the answer as it knows. What it does not claim
 * is not compared, but counted.
 */
import { isDeepStrictEqual } from 'node:util';
import { admit } from '../../../lib/admission/admit';
import type { JsonObject } from '../../../lib/model/json';
import type { Path } from '../../../lib/model/path';
import { Address, addressBits, isAddress, parseAddress } from '../../../lib/net/address';
import { parsePrefix } from '../../../lib/net/prefix';
import { isJudged, readObject } from '../../../lib/read/read';
import { toJson } from '../../../lib/read/yaml/json';
import { parseYaml } from '../../../lib/read/yaml/parse';
import type { Answer } from '../../generate/answers';
import type { ValidationCase } from '../../generate/cases';
import { judgeLeaf } from '../../generate/judge-leaf';
import { Minor, MINORS } from './minors';
import type { AddressAnswer, Recorded, TextAnswer } from './store';
import type { FlowAnswer, Side, WorldAnswer } from './verdicts';

/** A claim is a part of what a reply comes down to. */
export type Judge<Question, Claim> = (question: Question, minor: Minor) => Claim | undefined;

/** Where the two sides do not say the same. */
export interface Disagreement<Question> {
  readonly question: Question;
  readonly minor: Minor;
  /** Which part of the answer, such as `agent` or `flows/3/egress/reason`. */
  readonly part: string;
  readonly cilium: unknown;
  readonly ours: unknown;
}

export interface Replay<Question> {
  /** Parts of answers that were compared. */
  readonly compared: number;
  /** Questions that the judge said nothing of. */
  readonly passed: number;
  readonly disagreements: readonly Disagreement<Question>[];
}

/** The parts of an answer by their names. */
export type Parts = Readonly<Record<string, unknown>>;

/** Puts every recorded question to the judge, for every minor. */
export function replay<Question, Reply>(
  recorded: readonly Recorded<Question, Reply>[],
  parts: (reply: Reply) => Parts,
  judge: Judge<Question, Parts>,
): Replay<Question> {
  const claims = recorded.flatMap(({ question, answers }) =>
    MINORS.map((minor) => ({ question, minor, answer: answers[minor], claim: judge(question, minor) })),
  );
  const made = claims.filter(({ claim }) => claim !== undefined);
  return {
    compared: made.reduce((sum, { claim }) => sum + Object.keys(claim!).length, 0),
    passed: claims.length - made.length,
    disagreements: made.flatMap(({ question, minor, answer, claim }) =>
      compare(parts(answer), claim!).map((found) => ({ question, minor, ...found })),
    ),
  };
}

/** The parts of a claim that are not in the answer, or otherwise there. */
export function compare(answer: Parts, claim: Parts): Pick<Disagreement<never>, 'part' | 'cilium' | 'ours'>[] {
  return Object.keys(claim)
    .filter((part) => !isDeepStrictEqual(answer[part], claim[part]))
    .map((part) => ({ part, cilium: answer[part], ours: claim[part] }));
}

/** Of a validation: whether the API server and the agent accept the object, both, and which fields nobody knows. */
export function validationParts({ schema = [], cel = [], agent = [], unknown = [], error }: Answer): Parts {
  const [server, endpoint] = [error === undefined && schema.length + cel.length === 0, error === undefined && agent.length === 0];
  return { schema: server, agent: endpoint, accepted: server && endpoint, unknown };
}

/** Of a world: for each flow the decision, reason, redirect and policies of both sides, and the rulings; errors without their words. */
export function worldParts(answer: WorldAnswer): Parts {
  if (answer.error !== null) {
    return { error: true };
  }
  return Object.fromEntries([['error', false], ...answer.answers.flatMap(flowParts)]);
}

function flowParts(answer: FlowAnswer, flow: number): [string, unknown][] {
  const at = `flows/${flow}`;
  if ('error' in answer) {
    return [[`${at}/error`, true]];
  }
  const { egress, ingress, ...rest } = answer;
  const sides = Object.entries({ egress, ingress }).flatMap(([name, side]) => sideParts(side, `${at}/${name}`));
  return [...sides, ...Object.entries(rest).map(([name, value]): [string, unknown] => [`${at}/${name}`, value])];
}

function sideParts(side: Side, at: string): [string, unknown][] {
  return (['decision', 'reason', 'redirect', 'policies'] as const).map((name) => [`${at}/${name}`, side[name]]);
}

/** Of a text: its JSON, and whether it is refused, strictly and not. */
export function textParts({ json, error, strictError }: TextAnswer): Parts {
  return { refused: error !== undefined, refusedStrictly: error !== undefined || strictError !== undefined, json };
}

/** Of a text that may be an address or a prefix: what it is read as. */
export function addressParts({ address, prefix }: AddressAnswer): Parts {
  return { address, prefix };
}

/** The readers of addresses and prefixes. */
export const addressJudge: Judge<string, Parts> = (text) => {
  const prefix = parsePrefix(text);
  const address = isAddress(text) ? parseAddress(text.replace(/%[^]*$/, '')) : undefined;
  return {
    address: address && numberOf(address),
    prefix: prefix.ok ? `${numberOf({ version: prefix.value.version, value: prefix.value.first })}/${prefix.value.length}` : undefined,
  };
};

/** A version and hexadecimal digits. */
function numberOf({ version, value }: Address): string {
  return `${version}:${value.toString(16).padStart(addressBits(version) / 4, '0')}`;
}

/** The parsers of lib/net: they know whether the one text that a case is about is right. */
export const parserJudge: Judge<ValidationCase, Parts> = ({ leaf }, minor) => {
  const accepted = leaf === undefined ? undefined : judgeLeaf(leaf, minor);
  return accepted === undefined ? undefined : { accepted };
};

/** The checks: what the API server and the agent refuse, and which fields nobody knows. */
export const checkJudge: Judge<ValidationCase, Parts> = ({ object, namespace = 'default', config = {} }, minor) => {
  const resource = readObject(object as JsonObject, { namespace });
  if (!isJudged(resource)) {
    return undefined;
  }
  const { accepted, unknown } = admit(resource, minor, config);
  // Of a NetworkPolicy the oracle asks the agent alone.
  return resource.kind === 'NetworkPolicy'
    ? { agent: accepted.agent }
    : { ...accepted, accepted: accepted.schema && accepted.agent, unknown: unknown.map(fieldPath).sort() };
};

/** A path in the notation of Go. */
function fieldPath(path: Path): string {
  return path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '');
}

/** The reader of YAML; of its problems only a duplicate key is left to strict reading. */
export const yamlJudge: Judge<string, Parts> = (text) => {
  const { root, problems } = parseYaml(text);
  const isDuplicate = problems.some(({ is }) => is === 'duplicate-key');
  return { refused: root === undefined, refusedStrictly: root === undefined || isDuplicate, json: root && toJson(root) };
};

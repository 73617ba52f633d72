/**
 * Compares this project's answers with Cilium's, question by question.
 *
 * Each part of the project that is compared is a judge: a function from a question and a minor to the parts of the answer that it claims. Other
 * parts are not compared. Questions without a claim are counted.
 */
import { isDeepStrictEqual } from 'node:util';
import { admit } from '../../../lib/admission/admit';
import { validate } from '../../../lib/admission/server/validate';
import { clusterNetworkPolicy } from '../../../lib/crd/schema';
import { asText, isObject, JsonObject } from '../../../lib/model/json';
import type { Resource } from '../../../lib/model/origin';
import type { Path } from '../../../lib/model/path';
import { Address, addressBits, isAddress, parseAddress } from '../../../lib/net/address';
import { parsePrefix } from '../../../lib/net/prefix';
import { isJudged } from '../../../lib/read/kinds';
import { readObject, readSources } from '../../../lib/read/read';
import { toJson } from '../../../lib/read/yaml/json';
import { parseYaml } from '../../../lib/read/yaml/parse';
import type { Answer, KubernetesAnswer } from '../../generate/answers';
import type { ValidationCase } from '../../generate/cases';
import { judgeLeaf } from '../../generate/judge-leaf';
import { Minor, MINORS } from './minors';
import type { AddressAnswer, ObjectsAnswer, Recorded, TextAnswer } from './store';
import type { FlowAnswer, Side, WorldAnswer } from './verdicts';

/** A claim has some or all parts of an answer. */
export type Judge<Question, Claim> = (question: Question, minor: Minor) => Claim | undefined;

/** A difference between the two sides. */
export interface Disagreement<Question> {
  readonly question: Question;
  readonly minor: Minor;
  /** The part of the answer, for example `agent` or `flows/3/egress/reason`. */
  readonly part: string;
  readonly cilium: unknown;
  readonly ours: unknown;
}

export interface Replay<Question> {
  /** The number of parts of answers that were compared. */
  readonly compared: number;
  /** The number of questions without a claim. */
  readonly passed: number;
  readonly disagreements: readonly Disagreement<Question>[];
}

/** The parts of an answer, by name. */
export type Parts = Readonly<Record<string, unknown>>;

/** Asks the judge every recorded question, for every minor. */
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

/** The parts of a claim that differ from the answer or are missing in it. */
export function compare(answer: Parts, claim: Parts): Pick<Disagreement<never>, 'part' | 'cilium' | 'ours'>[] {
  return Object.keys(claim)
    .filter((part) => !agrees(answer[part], claim[part]))
    .map((part) => ({ part, cilium: answer[part], ours: claim[part] }));
}

function agrees(answer: unknown, claim: unknown): boolean {
  return answer instanceof Policies ? Array.isArray(claim) && answer.agreesWith(claim) : isDeepStrictEqual(answer, claim);
}

/** The parts of a validation: whether the API server accepts the object, whether the agent does, whether both do, and the unknown fields. */
export function validationParts({ schema = [], cel = [], agent = [], unknown = [], error }: Answer): Parts {
  const [server, endpoint] = [error === undefined && schema.length + cel.length === 0, error === undefined && agent.length === 0];
  return { schema: server, agent: endpoint, accepted: server && endpoint, unknown };
}

/** The parts of a validation by Kubernetes' own code: whether it accepts the object, with and without strict CIDRs. Unknown fields count if it does. */
export function kubernetesParts({ schema, strict, unknown, error }: KubernetesAnswer): Parts {
  return error === undefined ? { schema: schema.length === 0, strict: strict.length === 0, unknown } : { error };
}

/** The parts of a world: for each flow the decision, reason, redirect and policies of both sides, and the rulings. Errors are compared without their wording. */
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

/** The parts of a text: its JSON, and whether it is rejected, with and without strict reading. */
export function textParts({ json, error, strictError }: TextAnswer): Parts {
  return { refused: error !== undefined, refusedStrictly: error !== undefined || strictError !== undefined, json };
}

/**
 * The parts of a text with several documents: the objects in it that may be policies. Of a text that kubectl rejects in part, this project may read
 * more, because other tools may. It may read less only where it reports an error.
 */
export function objectsParts({ objects, error }: ObjectsAnswer): Parts {
  const policies = objects.filter((object) => isObject(object) && isPolicyKind(asText(object.kind)));
  return { policies: new Policies(policies, error !== undefined) };
}

/** The policies that kubectl finds. */
class Policies {
  public constructor(
    private readonly items: readonly unknown[],
    private readonly isRefused: boolean,
  ) {}

  public agreesWith(claim: readonly unknown[]): boolean {
    return this.isRefused || claim.includes(UNREAD) ? this.isIn(claim) : isDeepStrictEqual(this.items, claim);
  }

  /** What the claim says it cannot read may be any of them. */
  private isIn(claim: readonly unknown[]): boolean {
    let at = 0;
    return this.items.every((item) => {
      const found = claim.slice(at).findIndex((one) => one === UNREAD || isDeepStrictEqual(one, item));
      at += claim[at + found] === UNREAD ? found : found + 1;
      return found >= 0;
    });
  }
}

/** Stands for a document that is reported as an error. */
export const UNREAD = 'unread';

/** Kinds that are policies, or could be taken for one. */
function isPolicyKind(kind: string): boolean {
  return /^(?:Cilium|NetworkPolicy$)/.test(kind);
}

/** The parts of a text that may be an address or a prefix: the results of both parsers. */
export function addressParts({ address, prefix }: AddressAnswer): Parts {
  return { address, prefix };
}

/** The judge of addresses and prefixes. */
export const addressJudge: Judge<string, Parts> = (text) => {
  const prefix = parsePrefix(text);
  const address = isAddress(text) ? parseAddress(text.replace(/%[^]*$/, '')) : undefined;
  return {
    address: address && numberOf(address),
    prefix: prefix.ok ? `${numberOf({ version: prefix.value.version, value: prefix.value.first })}/${prefix.value.length}` : undefined,
  };
};

/** Formats an address as a version and hexadecimal digits. */
function numberOf({ version, value }: Address): string {
  return `${version}:${value.toString(16).padStart(addressBits(version) / 4, '0')}`;
}

/** The judge for the parsers of lib/net, which decide whether the one string that a case is about is valid. */
export const parserJudge: Judge<ValidationCase, Parts> = ({ leaf }, minor) => {
  const accepted = leaf === undefined ? undefined : judgeLeaf(leaf, minor);
  return accepted === undefined ? undefined : { accepted };
};

/** The judge for the checks: whether the API server and the agent accept the object, and the unknown fields. */
export const checkJudge: Judge<ValidationCase, Parts> = ({ object, namespace = 'default', config = {} }, minor) => {
  const resource = readObject(object as JsonObject, { namespace });
  if (!isJudged(resource)) {
    return undefined;
  }
  const { accepted, unknown } = admit(resource, minor, config);
  // For a NetworkPolicy, the oracle asks only the agent.
  return resource.kind === 'NetworkPolicy'
    ? { agent: accepted.agent }
    : { ...accepted, accepted: accepted.schema && accepted.agent, unknown: unknown.map(fieldPath).sort() };
};

/** The judge of ClusterNetworkPolicies: as of other custom resources, and whether a CEL rule is broken that the API server evaluates. */
export const tierJudge: Judge<ValidationCase, Parts> = (question, minor) => {
  const parts = checkJudge(question, minor);
  if (parts === undefined || asText((question.object as JsonObject).kind) !== 'ClusterNetworkPolicy') {
    return undefined;
  }
  const { violations } = validate(question.object as JsonObject, clusterNetworkPolicy());
  return { ...parts, cel: violations.every(({ is }) => is !== 'rule') };
};

/** The parts of the validation of a ClusterNetworkPolicy. */
export function tierParts(answer: Answer): Parts {
  return { ...validationParts(answer), cel: (answer.cel ?? []).length === 0 };
}

/** The judge of what Kubernetes' own code says of a NetworkPolicy. */
export const kubernetesJudge: Judge<ValidationCase, Parts> = ({ object, namespace = 'default' }, minor) => {
  const resource = readObject(object as JsonObject, { namespace });
  if (resource.kind !== 'NetworkPolicy' || !isJudged(resource)) {
    return undefined;
  }
  const { accepted, unknown, findings } = admit(resource, minor, {});
  const strict = accepted.schema && findings.every(({ check }) => check.code !== 'CIL116');
  return { schema: accepted.schema, strict, ...(accepted.schema && { unknown: unknown.map(fieldPath).sort() }) };
};

/** A path in Go's notation. */
function fieldPath(path: Path): string {
  return path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '');
}

/** The judge for the YAML reader. Of its problems, those with keys are errors just for strict reading. */
export const yamlJudge: Judge<string, Parts> = (text) => {
  const { root, problems } = parseYaml(text);
  const isDuplicate = problems.some(({ is }) => ['duplicate-key', 'merge-order', 'merge-override'].includes(is));
  return { refused: root === undefined, refusedStrictly: root === undefined || isDuplicate, json: root && toJson(root) };
};

/** The judge for the reader of texts with several documents. Objects that are rejected only for their kind or version are objects for kubectl. */
export const objectsJudge: Judge<string, Parts> = (text) => {
  const { policies, others, problems } = readSources([{ name: 'text', text }], { namespace: '' });
  const rejected = problems.flatMap(({ is, origin: { resource } }) =>
    resource !== undefined && (is === 'unknown-kind' || is === 'wrong-api-version') ? [resource] : [],
  );
  const unread = problems
    .filter(({ is }) => ['syntax', 'limit', 'template'].includes(is))
    .map(({ origin: { document } }) => ({ document, at: [], value: UNREAD }));
  const all = [...policies, ...others, ...rejected].filter(({ kind }) => isPolicyKind(kind));
  return { policies: [...all, ...unread].sort(byPlace).map(({ value }) => value) };
};

/** Lists are read level by level, as kubectl does. */
function byPlace(a: Pick<Resource, 'document' | 'at'>, b: Pick<Resource, 'document' | 'at'>): number {
  return a.document.index - b.document.index || a.at.length - b.at.length || compareSteps(a.at, b.at);
}

function compareSteps(a: Path, b: Path): number {
  const at = a.findIndex((step, i) => step !== b[i]);
  return at < 0 ? 0 : Number(a[at]) - Number(b[at]);
}

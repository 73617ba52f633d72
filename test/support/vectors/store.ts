/** Vectors as files: questions with the answers of every minor, one JSON line each, compressed. A manifest records their origin. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Answer, KubernetesAnswer } from '../../generate/answers';
import type { ValidationCase } from '../../generate/cases';
import type { NamedWorld, WorldCase } from '../../generate/worlds';
import type { BudgetAnswer } from './budgets';
import { ByMinor, MINORS } from './minors';
import { policyNames, readFlowAnswer, WorldAnswer, writeFlowAnswer } from './verdicts';

/** A question and its answers. */
export interface Recorded<Question, Reply> {
  readonly question: Question;
  readonly answers: ByMinor<Reply>;
}

/** The result of the Kubernetes tools for a text. */
export interface TextAnswer {
  readonly json?: unknown;
  readonly error?: string;
  /** The error of strict reading only, which rejects duplicate keys. */
  readonly strictError?: string;
}

/** The objects that kubectl finds in a text, in order, and its errors. After an error of syntax, it reads no further. */
export interface ObjectsAnswer {
  readonly objects: readonly unknown[];
  readonly error?: string;
}

/** Go's result for a text: a version and hexadecimal digits, for example `4:0a000001`. A field is absent if the text is not valid. */
export interface AddressAnswer {
  readonly address?: string;
  /** With the host bits cleared. */
  readonly prefix?: string;
}

/** The questions and answers of each set. */
export interface Sets {
  readonly validations: Recorded<ValidationCase, Answer>;
  /** Validations whose acceptance or unknown fields differ between minors. */
  readonly 'validations-differing': Recorded<ValidationCase, Answer>;
  /** Reviewed by hand. */
  readonly 'validations-reviewed': Recorded<ValidationCase, Answer>;
  /** Custom resources, mostly with unusual metadata. */
  readonly metadata: Recorded<ValidationCase, Answer>;
  /** ClusterNetworkPolicies. */
  readonly 'cluster-network-policies': Recorded<ValidationCase, Answer>;
  /** NetworkPolicies, answered by Kubernetes' own code. */
  readonly 'network-policies': Recorded<ValidationCase, KubernetesAnswer>;
  readonly worlds: Recorded<WorldCase, WorldAnswer>;
  /** Worlds with flows whose answers differ between minors. */
  readonly 'worlds-differing': Recorded<WorldCase, WorldAnswer>;
  /** Reviewed by hand. */
  readonly 'worlds-reviewed': Recorded<NamedWorld, WorldAnswer>;
  /** Worlds with ClusterNetworkPolicies. */
  readonly 'worlds-tiers': Recorded<WorldCase, WorldAnswer>;
  /** Worlds without flows, with the entries of their policy maps. */
  readonly budgets: Recorded<WorldCase, BudgetAnswer>;
  readonly texts: Recorded<string, TextAnswer>;
  /** Texts with several documents. */
  readonly objects: Recorded<string, ObjectsAnswer>;
  readonly addresses: Recorded<string, AddressAnswer>;
}

export type SetName = keyof Sets;

export interface Manifest {
  readonly generator: number;
  readonly seed: number;
  /** The version of Cilium's module, by minor. */
  readonly modules: ByMinor<string>;
  /** The version of Kubernetes that answers for NetworkPolicies, by minor of Cilium. */
  readonly kubernetes: ByMinor<string>;
  readonly sets: Readonly<Record<SetName, { readonly cases: number; readonly bytes: number; readonly sha256: string }>>;
  /** The number of policies in the examples of Cilium's module, and how many are accepted. The examples are not stored. */
  readonly examples: ByMinor<{ readonly policies: number; readonly accepted: number }>;
}

/** Relative to the project's folder, in which tests and scripts run. */
const FOLDER = 'test/vectors';

const WORLDS: readonly SetName[] = ['worlds', 'worlds-differing', 'worlds-reviewed', 'worlds-tiers'];

export function fileOf(set: SetName): string {
  return join(FOLDER, `${set}.ndjson.br`);
}

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as Manifest;
}

export function writeManifest(manifest: Manifest): void {
  writeFileSync(join(FOLDER, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A line of a file. Null stands for the same answer as for the previous minor. */
interface Line {
  readonly question: unknown;
  readonly answers: readonly unknown[];
}

/** Writes a set and returns its entry for the manifest. */
export function writeSet<Name extends SetName>(set: Name, recorded: readonly Sets[Name][]): Manifest['sets'][SetName] {
  const lines = recorded.map((one) => JSON.stringify(pack(set, one as Recorded<unknown, unknown>)));
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const bytes = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  });
  writeFileSync(fileOf(set), bytes);
  return { cases: recorded.length, bytes: bytes.length, sha256: sha256(bytes) };
}

function pack(set: SetName, { question, answers }: Recorded<unknown, unknown>): Line {
  const packed = MINORS.map((minor) =>
    WORLDS.includes(set) ? packWorld(question as WorldCase, answers[minor] as WorldAnswer) : answers[minor],
  );
  return {
    question,
    answers: packed.map((answer, i) => (i > 0 && JSON.stringify(answer) === JSON.stringify(packed[i - 1]) ? null : answer)),
  };
}

function packWorld(world: WorldCase, answer: WorldAnswer): string | string[] {
  if (answer.error !== null) {
    return answer.error;
  }
  const policies = policyNames(world);
  return answer.answers.map((flow) => writeFlowAnswer(flow, policies));
}

/** The cases of a set, in the order in which they were generated. */
export function readSet<Name extends SetName>(set: Name): Sets[Name][] {
  const text = brotliDecompressSync(readFileSync(fileOf(set))).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => unpack(set, JSON.parse(line) as Line) as Sets[Name]);
}

function unpack(set: SetName, { question, answers }: Line): Recorded<unknown, unknown> {
  const full: unknown[] = [];
  for (const answer of answers) {
    full.push(answer ?? full.at(-1));
  }
  const read = WORLDS.includes(set) ? full.map((answer) => unpackWorld(question as WorldCase, answer as string | string[])) : full;
  return { question, answers: Object.fromEntries(MINORS.map((minor, i) => [minor, read[i]])) as ByMinor<unknown> };
}

function unpackWorld(world: WorldCase, packed: string | string[]): WorldAnswer {
  const policies = policyNames(world);
  return typeof packed === 'string' ? { error: packed } : { error: null, answers: packed.map((text) => readFlowAnswer(text, policies)) };
}

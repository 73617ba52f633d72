/** What one sentence of Cilium's documentation says, as a question to the engine and its answer. */
import type { JsonObject } from '../../lib/model/json';

export interface Claim {
  /** File and line below `Documentation/` of Cilium 1.20.2. */
  readonly at: string;
  /** The sentence in our words. */
  readonly says: string;
  readonly question: Question | Validation;
  /** In every minor, or in 1.18, 1.19 and 1.20 where they differ. */
  readonly answer: string | readonly [string, string, string];
  readonly mark: Mark;
}

export type Mark =
  | { readonly is: 'agrees' }
  /** The documentation is wrong or imprecise: what holds instead, and where Cilium's code says so. */
  | { readonly is: 'differs'; readonly because: string }
  /** The answer of this project is wrong or says less than it could. */
  | { readonly is: 'open'; readonly because: string };

export interface Question {
  readonly is: 'verdict';
  readonly flow: JsonObject;
  readonly objects: readonly JsonObject[];
  readonly config: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly learn: boolean;
}

export interface Validation {
  readonly is: 'validate';
  readonly object: JsonObject;
}

/** A sentence that no question can be asked about. */
export interface Unasked {
  readonly at: string;
  readonly says: string;
  readonly why: string;
}

/** A page of the table. */
export interface Page {
  readonly title: string;
  readonly claims: readonly (Claim | Unasked)[];
}

export const agrees: Mark = { is: 'agrees' };
export const differs = (because: string): Mark => ({ is: 'differs', because });
export const open = (because: string): Mark => ({ is: 'open', because });

export function claim(at: string, says: string, question: Claim['question'], answer: Claim['answer'], mark = agrees): Claim {
  return { at, says, question, answer, mark };
}

export function unasked(at: string, says: string, why: string): Unasked {
  return { at, says, why };
}

interface More {
  readonly config?: Question['config'];
  readonly names?: Question['names'];
  readonly learn?: true;
  readonly request?: JsonObject;
}

/** Asks about a flow: `80`, `53/UDP`, `ICMP/8`, `ICMP/3/4` or `GRE`. */
export function ask(objects: readonly JsonObject[], from: string, to: string, traffic: string, more: More = {}): Question {
  const { config = {}, names = {}, learn = false, request = {} } = more;
  return { is: 'verdict', flow: { from, to, ...trafficOf(traffic), ...request }, objects, config, names, learn };
}

function trafficOf(text: string): JsonObject {
  const [first, second, third] = text.split('/');
  if (first.startsWith('ICMP')) {
    return {
      protocol: first,
      type: /^\d+$/.test(second) ? Number(second) : second,
      ...(third === undefined ? {} : { code: Number(third) }),
    };
  }
  return /^\d+$/.test(first) ? { port: Number(first), protocol: second ?? 'TCP' } : { protocol: first };
}

export function validate(object: JsonObject): Validation {
  return { is: 'validate', object };
}

/** An HTTP request on the connection: `GET /public`. */
export function http(text: string, headers: Readonly<Record<string, string>> = {}, host = 'web'): { request: JsonObject } {
  const [method, path] = text.split(' ');
  return { request: { http: { method, path, host, headers } } };
}

export function dns(name: string): { request: JsonObject } {
  return { request: { dns: name } };
}

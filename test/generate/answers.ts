/** The answers of an oracle to validations. */

export interface Answer {
  /** Why the question could not be answered. */
  readonly error?: string;
  /** Unknown fields, which the API server drops. */
  readonly unknown?: readonly string[];
  readonly schema?: readonly string[];
  readonly cel?: readonly string[];
  readonly agent?: readonly string[];
}

/** The answer of Kubernetes' own code about a NetworkPolicy. */
export interface KubernetesAnswer {
  readonly error?: string;
  readonly unknown: readonly string[];
  /** The errors of every version. */
  readonly schema: readonly string[];
  /** The errors of a version with strict CIDRs, which are the default since Kubernetes 1.36. */
  readonly strict: readonly string[];
  /** The number of bytes in the storage. */
  readonly size?: number;
}

export type Layer = 'unknown' | 'schema' | 'cel' | 'agent';

/** Whether the API server and the agent accept the object. Unknown fields do not matter. */
export function isAccepted(answer: Answer): boolean {
  return answer.error === undefined && (['schema', 'cel', 'agent'] as const).every((layer) => isSilent(answer, layer));
}

/** Whether a layer has no errors. */
export function isSilent(answer: Answer, layer: Layer): boolean {
  return (answer[layer] ?? []).length === 0;
}

/** Whether an error of a layer matches. */
export function says(answer: Answer, layer: Layer, words: RegExp): boolean {
  return (answer[layer] ?? []).some((message) => words.test(message));
}

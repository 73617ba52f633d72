/** What an oracle answers when it is asked to validate, and how to read it. */

export interface Answer {
  /** The question could not be put. */
  readonly error?: string;
  /** Fields that the API server does not know and drops. */
  readonly unknown?: readonly string[];
  readonly schema?: readonly string[];
  readonly cel?: readonly string[];
  readonly agent?: readonly string[];
}

export type Layer = 'unknown' | 'schema' | 'cel' | 'agent';

/** Whether the object gets past the API server, and the agent takes it; unknown fields are no obstacle. */
export function isAccepted(answer: Answer): boolean {
  return answer.error === undefined && (['schema', 'cel', 'agent'] as const).every((layer) => isSilent(answer, layer));
}

/** Whether a layer has nothing to say. */
export function isSilent(answer: Answer, layer: Layer): boolean {
  return (answer[layer] ?? []).length === 0;
}

/** Whether a layer says it. */
export function says(answer: Answer, layer: Layer, words: RegExp): boolean {
  return (answer[layer] ?? []).some((message) => words.test(message));
}

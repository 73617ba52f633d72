/** What an oracle says to a `validate` request; `error` where it could not answer. */
export interface Answer {
  readonly id: number;
  readonly error?: string;
  readonly unknown?: string[];
  readonly schema?: string[];
  readonly cel?: string[];
  readonly agent?: string[];
}

export const MINORS: string[];
export function build(minor: string): void;
export function ask(minor: string, requests: object[]): Promise<Answer[]>;

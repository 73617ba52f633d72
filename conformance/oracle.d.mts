/** The answer to every request except `facts`. See README.md. */
export interface Answer {
  readonly id: number;
  readonly error?: string | null;
}

export const MINORS: string[];
export function build(minor: string): void;
/** The version and the folder of Cilium's module that the oracle of a minor links. */
export function module(minor: string): { readonly version: string; readonly folder: string };
export function ask(minor: string, requests: readonly object[]): Promise<Answer[]>;

/** Of all but `facts`: see README.md. */
export interface Answer {
  readonly id: number;
  readonly error?: string | null;
}

export const MINORS: string[];
export function build(minor: string): void;
/** The version of Cilium's module that a minor's oracle links, and the folder it is in. */
export function module(minor: string): { readonly version: string; readonly folder: string };
export function ask(minor: string, requests: readonly object[]): Promise<Answer[]>;

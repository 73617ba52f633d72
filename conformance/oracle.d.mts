/** The answer to every request except `facts`. See README.md. */
export interface Answer {
  readonly id: number;
  readonly error?: string | null;
}

export const MINORS: string[];
export function build(minor: string): void;
/** The oracle of Kubernetes' own kinds, with the Kubernetes version of a minor. */
export function buildKubernetes(minor: string): void;
export function kubernetesVersion(minor: string): string;
export function askKubernetes(minor: string, requests: readonly object[]): Promise<Answer[]>;
/** The version and the folder of Cilium's module that the oracle of a minor links. */
export function module(minor: string): { readonly version: string; readonly folder: string };
export function ask(minor: string, requests: readonly object[]): Promise<Answer[]>;

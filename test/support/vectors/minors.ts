/** The minors of Cilium whose answers are in the vectors, oldest first. */
export const MINORS = ['1.18', '1.19', '1.20'] as const;

export type Minor = (typeof MINORS)[number];

/** A value for each minor. */
export type ByMinor<T> = Readonly<Record<Minor, T>>;

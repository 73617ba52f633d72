/** The minors of Cilium that vectors have answers of, oldest first. */
export const MINORS = ['1.18', '1.19', '1.20'] as const;

export type Minor = (typeof MINORS)[number];

/** One thing for each minor. */
export type ByMinor<T> = Readonly<Record<Minor, T>>;

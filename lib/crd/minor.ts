/** The minor releases of Cilium that this library knows, oldest first. */
export const MINORS = ['1.18', '1.19', '1.20'] as const;

export type Minor = (typeof MINORS)[number];

/** What is taken where nobody says which. */
export const NEWEST: Minor = '1.20';

/** Whether a minor is this one or a later one. */
export function isSince(minor: Minor, since: Minor): boolean {
  return MINORS.indexOf(minor) >= MINORS.indexOf(since);
}

/** The minor of a text such as `1.20`, or nothing. */
export function minorOf(text: string): Minor | undefined {
  return MINORS.find((minor) => minor === text);
}

/** The supported minor releases of Cilium, oldest first. */
export const MINORS = ['1.18', '1.19', '1.20'] as const;

export type Minor = (typeof MINORS)[number];

/** The newest supported minor, which is the default. */
export const NEWEST = MINORS[MINORS.length - 1];

/** Whether a minor is `since` or later. */
export function isSince(minor: Minor, since: Minor): boolean {
  return MINORS.indexOf(minor) >= MINORS.indexOf(since);
}

/** Whether the agent of a minor knows a kind of policies. Source: cilium 1.20 `pkg/policy/k8s/watcher.go`. */
export function isKnownKind(kind: string, minor: Minor): boolean {
  return kind !== 'ClusterNetworkPolicy' || isSince(minor, '1.20');
}

/** The minor of a string such as `1.20`; `undefined` if it is not supported. */
export function minorOf(text: string): Minor | undefined {
  return MINORS.find((minor) => minor === text);
}

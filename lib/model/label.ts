import type { Prefix } from '../net/prefix';

/** A label of an identity: `source:key=value`, as Cilium writes it. */
export interface Label {
  /** `k8s`, `reserved`, `cidr`, `cidrgroup`, `fqdn`, `node`, `gen` … */
  readonly source: string;
  readonly key: string;
  readonly value: string;
  /** The prefix of a label with the source `cidr`. */
  readonly block?: Prefix;
}

export type Labels = readonly Label[];

export function label(source: string, key: string, value = ''): Label {
  return { source, key, value };
}

export function hasLabel(labels: Labels, source: string, key: string): boolean {
  return labels.some((one) => one.source === source && one.key === key);
}

/** A key for a set of labels. Sets of labels with the same key have the same identity. */
export function identityKey(labels: Labels): string {
  const known = KEYS.get(labels);
  if (known !== undefined) {
    return known;
  }
  const key = labels
    .map((one) => JSON.stringify([one.source, one.key, one.value]))
    .sort()
    .join();
  KEYS.set(labels, key);
  return key;
}

/** The same labels are asked for at every flow. */
const KEYS = new WeakMap<Labels, string>();

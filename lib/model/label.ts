import type { Prefix } from '../net/prefix';

/** A label of an identity: `source:key=value`, as Cilium writes it. */
export interface Label {
  /** `k8s`, `reserved`, `cidr`, `cidrgroup`, `fqdn`, `node`, `gen` … */
  readonly source: string;
  readonly key: string;
  readonly value: string;
  /** What a label of the source `cidr` stands for. */
  readonly block?: Prefix;
}

export type Labels = readonly Label[];

export function label(source: string, key: string, value = ''): Label {
  return { source, key, value };
}

export function hasLabel(labels: Labels, source: string, key: string): boolean {
  return labels.some((one) => one.source === source && one.key === key);
}

/** One text for one set of labels: those who have the same share an identity. */
export function identityKey(labels: Labels): string {
  return labels
    .map(({ source, key, value }) => JSON.stringify([source, key, value]))
    .sort()
    .join();
}

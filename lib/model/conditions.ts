/** Builds label selectors with Cilium's rules for the sources of keys. Source: cilium `pkg/policy/api/selector.go`. */
import { isSince, Minor } from '../crd/minor';
import { CLUSTER_KEY } from '../net/label-keys';
import type { PathLink } from './path';
import { LabelSelector, Operator, OPERATORS, Requirement } from './policy';
import type { Scope } from './scope';
import type { WrittenSelector } from './written';

/** A selector under construction. The keys of `labels` are `source:key`. */
export class Conditions {
  private readonly labels = new Map<string, string>();
  private readonly expressions: Requirement[] = [];

  public constructor(private readonly minor: Minor) {}

  /** Adds the requirements of a selector as written. Keys without a source get `source`. */
  public addWritten(written: WrittenSelector | undefined, source = 'any'): this {
    for (const [key, value] of written?.labels ?? []) {
      this.equals(keyOf(key, source, this.minor), value);
    }
    // The agent leaves out what has an unknown operator, which is only accepted in a ClusterNetworkPolicy.
    for (const { key, operator, values } of written?.expressions.filter((one) => OPERATORS.includes(one.operator)) ?? []) {
      this.expressions.push(writtenRequirement(key, operator as Operator, values, { source, minor: this.minor }));
    }
    return this;
  }

  public equals(key: string, value: string): this {
    this.labels.set(key, value);
    return this;
  }

  public exists(key: string): this {
    this.expressions.push(requirement(key, 'Exists', []));
    return this;
  }

  /** Whether there is a condition on `source:key`. */
  public has(key: string): boolean {
    return this.keys().includes(key);
  }

  public hasPrefix(prefix: string): boolean {
    return this.keys().some((key) => key.startsWith(prefix));
  }

  public requirements(): Requirement[] {
    return [...Array.from(this.labels, ([key, value]) => requirement(key, 'In', [value])), ...this.expressions];
  }

  public selector(at?: PathLink, ofEndpoints = false): LabelSelector {
    const key = JSON.stringify([[...this.labels].sort(([a], [b]) => (a < b ? -1 : 1)), this.expressions]);
    return { is: 'labels', key, requirements: this.requirements(), ofEndpoints, ...(at && { at }) };
  }

  private keys(): string[] {
    return [...this.labels.keys(), ...this.expressions.map(({ source, key }) => `${source}:${key}`)];
  }
}

/** Returns `source:key` for a key as written. Up to 1.19, Cilium stored `source.key`, so the source ends at the first dot. */
function keyOf(written: string, source: string, minor: Minor): string {
  const colon = written.indexOf(':');
  if (written.startsWith('$')) {
    return `reserved:${written.slice(1)}`;
  }
  const key = colon > 0 ? written : `${source}:${colon === 0 ? written.slice(1) : written}`;
  return isSince(minor, '1.20') ? key : key.replace(':', '.').replace('.', ':');
}

/** A requirement whose key is written with a source or without one; then it gets `source`. */
export function writtenRequirement(
  key: string,
  operator: Operator,
  values: readonly string[],
  { source, minor }: { readonly source: string; readonly minor: Minor },
): Requirement {
  return requirement(keyOf(key, source, minor), operator, values);
}

/** The key is `source:key`. */
function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const colon = key.indexOf(':');
  return { source: key.slice(0, colon), key: key.slice(colon + 1), operator, values };
}

/** The selector without requirements, which selects every identity. */
export function everyIdentity(minor: Minor, at?: PathLink): LabelSelector {
  return new Conditions(minor).selector(at);
}

/** Limits a selector to the local cluster, if the configuration requires this and the selector names no cluster. */
export function pinnedToCluster(conditions: Conditions, { pinsCluster, clusterName }: Scope): Conditions {
  const namesCluster = conditions.has(`k8s:${CLUSTER_KEY}`) || conditions.has(`any:${CLUSTER_KEY}`);
  return pinsCluster && !namesCluster ? conditions.equals(`k8s:${CLUSTER_KEY}`, clusterName) : conditions;
}

/** Label selectors while they are built, with Cilium's rules for the sources of keys. Source: cilium `pkg/policy/api/selector.go`. */
import { isSince, Minor } from '../crd/minor';
import { CLUSTER_KEY } from '../net/label-keys';
import { asList, asObject, asText, isObject } from './json';
import type { LabelSelector, Operator, Requirement } from './policy';
import type { Scope } from './scope';

/** A selector that is being made; `labels` has `source:key`. */
export class Conditions {
  private readonly labels = new Map<string, string>();
  private readonly expressions: Requirement[] = [];

  public constructor(private readonly minor: Minor) {}

  /** Adds what is written; keys without a source get the one that is given. */
  public addWritten(value: unknown, source = 'any'): this {
    const { matchLabels, matchExpressions } = asObject(value);
    for (const [key, text] of Object.entries(asObject(matchLabels))) {
      this.equals(this.keyOf(key, source), asText(text));
    }
    for (const { key, operator, values } of asList(matchExpressions).map(asObject)) {
      this.expressions.push({
        ...split(this.keyOf(asText(key), source)),
        operator: asText(operator) as Operator,
        values: asList(values).map(asText),
      });
    }
    return this;
  }

  public equals(key: string, value: string): this {
    this.labels.set(key, value);
    return this;
  }

  public exists(key: string): this {
    this.expressions.push({ ...split(key), operator: 'Exists', values: [] });
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
    const equal = [...this.labels].map(([key, value]): Requirement => ({ ...split(key), operator: 'In', values: [value] }));
    return [...equal, ...this.expressions];
  }

  public selector(ofEndpoints = false): LabelSelector {
    const key = JSON.stringify([[...this.labels].sort(([a], [b]) => (a < b ? -1 : 1)), this.expressions]);
    return { is: 'labels', key, requirements: this.requirements(), ofEndpoints };
  }

  private keys(): string[] {
    return [...this.labels.keys(), ...this.expressions.map(({ source, key }) => `${source}:${key}`)];
  }

  /** `source:key` of a written key. Up to 1.19 it was held as `source.key`, so that a source ends at its first dot. */
  private keyOf(written: string, source: string): string {
    const colon = written.indexOf(':');
    if (written.startsWith('$')) {
      return `reserved:${written.slice(1)}`;
    }
    const key = colon > 0 ? written : `${source}:${colon === 0 ? written.slice(1) : written}`;
    return isSince(this.minor, '1.20') ? key : key.replace(':', '.').replace('.', ':');
  }
}

function split(key: string): Pick<Requirement, 'source' | 'key'> {
  const colon = key.indexOf(':');
  return { source: key.slice(0, colon), key: key.slice(colon + 1) };
}

/** Everybody. */
export function everybody(minor: Minor): LabelSelector {
  return new Conditions(minor).selector();
}

/** Pinned to the local cluster, if the configuration says so and no cluster is named. */
export function pinnedToCluster(conditions: Conditions, { pinsCluster, clusterName }: Scope): Conditions {
  const namesCluster = conditions.has(`k8s:${CLUSTER_KEY}`) || conditions.has(`any:${CLUSTER_KEY}`);
  return pinsCluster && !namesCluster ? conditions.equals(`k8s:${CLUSTER_KEY}`, clusterName) : conditions;
}

/** Conditions on the labels of a CiliumCIDRGroup or a Service; nothing if no selector is written. */
export function requirementsIn(value: unknown, source: string, minor: Minor): readonly Requirement[] | undefined {
  return isObject(value) ? new Conditions(minor).addWritten(value, source).requirements() : undefined;
}

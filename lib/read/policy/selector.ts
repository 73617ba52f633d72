/** Label selectors as Cilium scopes them. Source: cilium `pkg/k8s/apis/cilium.io/utils/utils.go` and `pkg/policy/api/selector.go`. */
import { isSince, Minor } from '../../crd/minor';
import { asList, asObject, asText, isObject } from '../../model/json';
import type { LabelSelector, Operator, Requirement } from '../../model/policy';
import type { Scope } from './scope';

export const NAMESPACE = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
export const CLUSTER = 'io.cilium.k8s.policy.cluster';

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

/** The endpoints that a policy is about: those of its own namespace, whatever it says. */
export function subjectEndpoints(value: unknown, { minor, namespace }: Scope): LabelSelector {
  const conditions = new Conditions(minor).addWritten(value);
  return (namespace === '' ? conditions : conditions.equals(`k8s:${NAMESPACE}`, namespace)).selector();
}

/** The nodes that a policy is about. */
export function subjectNodes(value: unknown, { minor }: Scope): LabelSelector {
  return new Conditions(minor).addWritten(value).selector();
}

/**
 * Peers by their labels: of the policy's namespace and cluster unless the selector names others, and of no namespace at all if it names a
 * reserved label. A clusterwide policy means pods of all namespaces, and so not nodes or the world; but one about pods that have no identity yet.
 */
export function peerEndpoints(value: unknown, subject: unknown, scope: Scope): LabelSelector {
  const conditions = new Conditions(scope.minor).addWritten(value);
  return conditions.hasPrefix('reserved:') ? conditions.selector(true) : scoped(conditions, subject, scope).selector(true);
}

/** What `fromRequires` and `toRequires` demand: scoped like peers, also where they name reserved labels. */
export function requirementsOfPeers(value: unknown, subject: unknown, scope: Scope): readonly Requirement[] {
  return scoped(new Conditions(scope.minor).addWritten(value), subject, scope).requirements();
}

function scoped(conditions: Conditions, subject: unknown, scope: Scope): Conditions {
  const namesNamespace = conditions.has(`k8s:${NAMESPACE}`) || conditions.has(`any:${NAMESPACE}`);
  const namesLabels = conditions.hasPrefix(`k8s:${NAMESPACE_LABELS}`) || conditions.hasPrefix(`any:${NAMESPACE_LABELS}`);
  if (!namesNamespace && scope.namespace === '' && !new Conditions(scope.minor).addWritten(subject).has('reserved:init')) {
    conditions.exists(`k8s:${NAMESPACE}`);
  }
  if (!namesNamespace && scope.namespace !== '' && !namesLabels) {
    conditions.equals(`k8s:${NAMESPACE}`, scope.namespace);
  }
  return ofCluster(conditions, scope);
}

/** The pods of a namespace that have these labels. */
export function peerPods(labels: Readonly<Record<string, string>>, namespace: string, scope: Scope): LabelSelector {
  const conditions = new Conditions(scope.minor).addWritten({ matchLabels: labels }, 'k8s').equals(`k8s:${NAMESPACE}`, namespace);
  return ofCluster(conditions, scope).selector(true);
}

/** Nodes by their labels; never the node that judges. */
export function peerNodes(value: unknown, scope: Scope): LabelSelector {
  return ofCluster(new Conditions(scope.minor).addWritten(value).exists('reserved:remote-node'), scope).selector();
}

function ofCluster(conditions: Conditions, { pinsCluster, clusterName }: Scope): Conditions {
  const namesCluster = conditions.has(`k8s:${CLUSTER}`) || conditions.has(`any:${CLUSTER}`);
  return pinsCluster && !namesCluster ? conditions.equals(`k8s:${CLUSTER}`, clusterName) : conditions;
}

/** Conditions on the labels of a CiliumCIDRGroup or a Service; nothing if no selector is written. */
export function requirementsIn(value: unknown, source: string, minor: Minor): readonly Requirement[] | undefined {
  return isObject(value) ? new Conditions(minor).addWritten(value, source).requirements() : undefined;
}

import { parseNamespaceName } from '../../net/label';
import { must } from '../../props/errors';
import { Peer } from '../peer';
import { mustBePodLabels } from '../private/selector-scope';
import { Selector } from '../selector';
import { Connectable } from './connectable';

/**
 * All pods with some labels, in any namespace: what a team does not know one by one.
 *
 * A connection writes the near side. The workloads that the same app has named, and that have the labels, get their side too, but are not closed
 * by it. For other pods, the far side is a requirement (`Connections.requirementsIn()`).
 */
export class Workloads extends Connectable {
  /**
   * Returns all pods with all of these labels.
   *
   * @param labels keys and values, at least one
   */
  public static labeled(labels: { [key: string]: string }): Workloads {
    const selector = Selector.labels(labels);
    mustBePodLabels(selector);
    return new Workloads(selector, { ...labels });
  }

  private constructor(
    private readonly selector: Selector,
    private readonly labels: { readonly [key: string]: string },
    private readonly space?: string,
  ) {
    super();
  }

  public get name(): string {
    return `${this.space === undefined ? 'all' : `${this.space}/`} ${labelText(this.labels)}`.replace('/ ', '/');
  }

  /**
   * Limits the pods to a namespace.
   *
   * @param name the name of the namespace
   */
  public inNamespace(name: string): Workloads {
    must('namespace', name, parseNamespaceName);
    return new Workloads(this.selector, this.labels, name);
  }

  /** @internal */
  public override _peer(): Peer {
    return Peer.endpoints(this.space === undefined ? this.selector.inAnyNamespace() : this.selector.inNamespace(this.space));
  }

  /** @internal */
  public _includes(labels: { readonly [key: string]: string }, inNamespace: string): boolean {
    const hasLabels = Object.entries(this.labels).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
    return hasLabels && (this.space === undefined || this.space === inNamespace);
  }

  /**
   * An end of a flow: a pod that could exist. Where the pods may be in any namespace, one in `default` stands for them.
   *
   * @internal
   */
  public _end(): string {
    return `labels:${labelText(this.labels)}@${this.space ?? 'default'}`;
  }
}

/** For example `app=web,tier=front`. */
export function labelText(labels: { readonly [key: string]: string }): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

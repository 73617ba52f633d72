import { EgressPeer, Peer } from '../peer';

/**
 * Something that a workload may open connections to.
 *
 * Created by the factory methods of `Workload`, `Workloads`, `External` and `Gateway`; not to be extended.
 */
export abstract class ConnectionTarget {
  /** How it is called in descriptions and messages, for example `data/db`. */
  public abstract readonly name: string;

  /**
   * The peer that a policy in a namespace writes for it.
   *
   * @internal
   */
  public abstract _target(inNamespace: string): EgressPeer;
}

/** Something that opens connections, or that a workload may open connections to. */
export abstract class Connectable extends ConnectionTarget {
  /**
   * The peer that a policy in a namespace writes for it. As a whole, it has all of its labels, and not only those that select it.
   *
   * @internal
   */
  public abstract _peer(inNamespace: string, isWhole?: boolean): Peer;

  /** @internal */
  public override _target(inNamespace: string): EgressPeer {
    return this._peer(inNamespace);
  }
}

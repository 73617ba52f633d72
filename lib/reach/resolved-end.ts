import { End, nodeOf } from '../resolve/ends';
import type { Compiled } from './compiler';
import { UNPACKED } from './packed';

/** An end of flows, as one engine has it. What the engine finds out about it is kept here. */
export class ResolvedEnd {
  /** The node that it is on, if any. */
  public readonly node: string | undefined;
  /** The number of a pod of the cluster, if nothing but its identity matters; else -1. */
  public peer = -1;
  /** The places of its packed tables. */
  public egressAt = UNPACKED;
  public ingressAt = UNPACKED;
  /** The policy of an end that is on a node. */
  public policy: Compiled | undefined;
  /** The number of an end that is the same for the agents of all nodes. */
  public number: number | undefined;
  /** Policies and numbers of other ends, by node. */
  public policies: Map<string, Compiled> | undefined;
  public numbers: Map<string, number> | undefined;

  public constructor(
    public readonly end: End,
    /** Whether only the specification can judge it. */
    public readonly isOdd: boolean,
    /** Whether a name may admit it, which depends on look-ups. */
    public readonly isNamed: boolean,
  ) {
    this.node = nodeOf(end);
  }
}

/** What `Policies` show of a policy, whatever its kind. */
import { PeerSection, TrafficPart } from './parts';

export interface ViewedPolicy {
  /** Whether every spec applies to nodes, and not to endpoints. */
  readonly isForNodes: boolean;
  readonly description: string | undefined;
  readonly statements: readonly ViewedStatement[];
  /** Says what the policy is for, unless it says it itself. */
  readonly describe: (description: string) => void;
}

/** One call of a verb. */
export interface ViewedStatement {
  readonly direction: 'ingress' | 'egress';
  readonly effect: 'allow' | 'deny' | 'pass';
  readonly peer: PeerSection;
  readonly parts: readonly TrafficPart[];
}

import { Universe } from './universe';

/** What every generator of a part of a policy is told. */
export interface Scope {
  readonly universe: Universe;
  /** How much that weighs which only some of the supported minors take: 0 keeps it out. */
  readonly rare: 0 | 1;
}

/** Which way a rule looks. */
export type Direction = 'ingress' | 'egress';

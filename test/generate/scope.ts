import { Universe } from './universe';

/** The input of every generator of a part of a policy. */
export interface Scope {
  readonly universe: Universe;
  /** The weight of fields and values that only some supported minors accept; 0 excludes them. */
  readonly rare: 0 | 1;
}

/** The direction of a rule. */
export type Direction = 'ingress' | 'egress';

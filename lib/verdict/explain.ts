/** How a verdict comes about, step by step, and what would have to be otherwise. */
import type { Flow, OwnedRule, Ruling, Side } from '../model/flow';
import type { Direction } from '../model/policy';
import type { Agent } from '../resolve/agent';
import type { Resolved } from '../resolve/resolve';
import { Nearest, nearestOf, nearestToRequest } from './nearest';
import { isAboutTraffic, Question, selectsPeer } from './side';

/** The steps of one side. Each is a part of the one before. */
export interface Derivation {
  readonly direction: Direction;
  readonly side: Side;
  /** Whether what no rule allows is denied. */
  readonly isDefaultDeny: boolean;
  /** The rules that are about the subject in this direction. */
  readonly selecting: readonly OwnedRule[];
  /** Those of them that make what no rule allows denied. */
  readonly isolating: readonly OwnedRule[];
  /** Those that select the peer. */
  readonly ofPeer: readonly OwnedRule[];
  /** Those of them that mean everybody since they name services of which Cilium finds none. */
  readonly opened: readonly OwnedRule[];
  /** Those that are about the traffic too. */
  readonly ofTraffic: readonly OwnedRule[];
  /** Of the request on the connection, if there is one. */
  readonly request?: Ruling;
  /** Of a denial by default, and of a request that is denied: the allow that comes nearest, and what differs. */
  readonly nearest?: Nearest;
}

/** What is asked of one side, and what it answers. */
export interface Answered {
  readonly question: Question;
  readonly resolved: Resolved;
  readonly side: Side;
  readonly request?: Ruling;
}

export function derive({ question, resolved, side, request }: Answered, flow: Flow, agent: Agent): Derivation {
  const { direction, isDefaultDeny, selecting, isolating } = resolved;
  const ofPeer = selecting.filter(({ selectors }) => selectors.some((selector) => selectsPeer(selector, question.peer, agent)));
  const opened = ofPeer.filter(({ isOpened }) => isOpened);
  const ofTraffic = ofPeer.filter(({ rule }) => isAboutTraffic(rule.traffic, question, agent));
  const steps = { direction, side, isDefaultDeny, selecting, isolating, ofPeer, opened, ofTraffic, request };
  if (side.decision === 'denied') {
    return side.reason === 'default-deny' ? { ...steps, nearest: nearestOf(selecting, question, agent) } : steps;
  }
  return request === 'denied' ? { ...steps, nearest: nearestToRequest(ofTraffic, question, flow, agent) } : steps;
}

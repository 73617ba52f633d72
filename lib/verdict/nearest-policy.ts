/** The policy that nearly selects an endpoint: what most often is the matter with a policy that does nothing. */
import type { Labels } from '../model/label';
import type { Requirement } from '../model/policy';
import { closest } from '../net/did-you-mean';
import type { Agent } from '../resolve/agent';
import type { Entry } from '../resolve/entries';
import { meets } from '../resolve/matching';
import { difference, Nearest } from './nearest';
import { isAboutTraffic, Question, selectsPeer } from './side';

/**
 * A rule of a policy whose subject differs from the endpoint by one requirement. Rules that match the flow come first; then those that differ by a
 * slip; then those of which another requirement is met, such as the namespace.
 *
 * `hasRules` says whether other rules select the endpoint. Then only a rule that matches the flow is of use.
 */
export function nearestPolicy(entries: readonly Entry[], question: Question, agent: Agent, hasRules: boolean): Nearest | undefined {
  if (agent.enforcement === 'never') {
    return undefined;
  }
  let best: { readonly nearest: Nearest; readonly rank: number } | undefined;
  for (const entry of entries) {
    const unmet = onlyUnmet(entry, question);
    const rank = unmet === undefined ? 0 : rankOf(entry, unmet, question, agent);
    if (unmet !== undefined && rank > (best?.rank ?? (hasRules ? MATCHES - 1 : 0))) {
      const { policy, rule } = entry;
      best = {
        nearest: { policy, rule, differs: [difference(unmet, question.endpoint.labels, SUBJECT)], at: rule.subject.selector.at },
        rank,
      };
    }
  }
  return best?.nearest;
}

const SUBJECT = { who: 'the endpoint', allows: 'it selects', excludes: 'which it excludes' };

/** The requirement of the subject that the endpoint does not meet, if it is the only one. */
function onlyUnmet({ rule: { direction, subject } }: Entry, question: Question): Requirement | undefined {
  if (direction !== question.direction || (subject.is === 'nodes') !== question.endpoint.isHost) {
    return undefined;
  }
  const [unmet, ...more] = subject.selector.requirements.filter((requirement) => !meets(requirement, question.endpoint.labels));
  return more.length === 0 ? unmet : undefined;
}

function rankOf({ rule, selectors }: Entry, unmet: Requirement, question: Question, agent: Agent): number {
  const ofPeer = selectors.some((selector) => selectsPeer(selector, question.peer, agent));
  const matches = ofPeer && isAboutTraffic(rule.traffic, question, agent);
  const isRest = rule.subject.selector.requirements.length > 1;
  return (matches ? MATCHES : 0) + (isSlip(unmet, question.endpoint.labels) ? SLIP : 0) + (isRest ? 1 : 0);
}

const MATCHES = 4;
const SLIP = 2;

/** Whether a value or a key is nearly that of the endpoint. */
function isSlip({ key, operator, values }: Requirement, labels: Labels): boolean {
  if (operator !== 'In' && operator !== 'Exists') {
    return false;
  }
  const found = labels.find((label) => label.key === key);
  if (found !== undefined) {
    return closest(found.value, values) !== undefined;
  }
  const keys = labels
    .filter((label) => label.source === 'k8s' && (operator === 'Exists' || values.includes(label.value)))
    .map((label) => label.key);
  // A flow may have a key of any length.
  const near = keys.filter((other) => Math.abs(other.length - key.length) <= MOST_DIFFERENCE);
  return closest(key, near) !== undefined;
}

const MOST_DIFFERENCE = 8;

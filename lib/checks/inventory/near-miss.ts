/** What was most likely meant by a selector that selects no pod of the inventory. */
import type { LabelSelector, Requirement } from '../../model/policy';
import { closest, isSlip } from '../../net/did-you-mean';
import { askedOf, KnownCluster, KnownPod } from './known-cluster';

/** A requirement that no pod meets, and how it would be met. */
export interface NearMiss {
  readonly requirement: Requirement;
  /** A slip in a value or a key, or a value that stands under another key. */
  readonly is: 'value' | 'key';
  /** What to write instead of the value or the key. */
  readonly text: string;
  readonly value: string;
  readonly pod: KnownPod;
}

/** The slip that makes a selector select nothing; `undefined` if there is none that is plain. */
export function nearMissOf(selector: LabelSelector, cluster: KnownCluster): NearMiss | undefined {
  const wanted = askedOf(selector).filter(({ operator }) => operator === 'In' || operator === 'Exists');
  if (wanted.length === 0 || wanted.length > MOST_REQUIREMENTS) {
    return undefined;
  }
  for (const requirement of wanted) {
    const found = nearValue(requirement, selector, cluster) ?? nearKey(requirement, selector, cluster);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

const MOST_REQUIREMENTS = 10;

function nearValue(requirement: Requirement, selector: LabelSelector, cluster: KnownCluster): NearMiss | undefined {
  const { key, values } = requirement;
  const known = cluster.valuesOf(key, selector);
  for (const value of values) {
    const text = known.find((one) => isTypo(value, one));
    const pod = text === undefined ? undefined : podWith({ ...requirement, values: [text] }, requirement, selector, cluster);
    if (text !== undefined && pod !== undefined) {
      return { requirement, is: 'value', text, value: text, pod };
    }
  }
  return undefined;
}

function nearKey(requirement: Requirement, selector: LabelSelector, cluster: KnownCluster): NearMiss | undefined {
  const { key, values } = requirement;
  const mayBeOther = requirement.operator === 'In' && isOfName(key);
  const near = cluster.keysOf(selector).filter((one) => isTypo(key, one) || (mayBeOther && isOfName(one) && one !== key));
  for (const text of near) {
    const pod = podWith({ ...requirement, key: text }, requirement, selector, cluster);
    if (pod !== undefined) {
      return { requirement, is: 'key', text, value: values.find((one) => pod.pod.labels[text] === one) ?? '', pod };
    }
  }
  return undefined;
}

/** The keys that the name of an application stands under. */
function isOfName(key: string): boolean {
  return ['app', 'k8s-app', 'name', 'app.kubernetes.io/name'].includes(key);
}

/** A pod that the selector would select with another requirement. */
function podWith(other: Requirement, instead: Requirement, selector: LabelSelector, cluster: KnownCluster): KnownPod | undefined {
  const requirements = selector.requirements.map((one) => (one === instead ? other : one));
  for (const [pod] of cluster.podsOf({ ...selector, requirements, key: `near ${JSON.stringify(requirements)}` })) {
    return pod;
  }
  return undefined;
}

/**
 * Whether one text is the other one with a slip, so that hardly anybody would have chosen both: `web-1` and `web-2` are two names, and so are `web` and
 * `wed`.
 */
export function isTypo(text: string, known: string): boolean {
  if (text === known || Math.abs(text.length - known.length) > 1 || text.length < SHORTEST) {
    return text !== known && text.toLowerCase() === known.toLowerCase();
  }
  const digits = (one: string) => one.replace(/\D/g, '');
  return digits(text) === digits(known) && partsOf(text) === partsOf(known) && isSlip(text, known) && !hasShortDifference(text, known);
}

const SHORTEST = 5;

function partsOf(text: string): number {
  return text.split(/[-_./]/).length;
}

/** Whether what differs is a word by itself, as in `worker-a` and `worker-b`. */
function hasShortDifference(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split(/[-_./]/));
  return left.some((part, i) => part !== right[i] && (part.length < SHORTEST - 1 || right[i].length < SHORTEST - 1));
}

/** The pod that meets all but one of several requirements, with that one. */
export function allButOne(
  selector: LabelSelector,
  cluster: KnownCluster,
): { readonly requirement: Requirement; readonly pod: KnownPod } | undefined {
  const asked = askedOf(selector);
  const isPositive = ({ operator }: Requirement) => operator === 'In' || operator === 'Exists';
  if (asked.filter(isPositive).length < 2 || asked.length > MOST_REQUIREMENTS) {
    return undefined;
  }
  for (const requirement of asked.filter((one) => asked.some((other) => other !== one && isPositive(other)))) {
    const requirements = selector.requirements.filter((one) => one !== requirement);
    for (const [pod] of cluster.podsOf({ ...selector, requirements, key: `but ${JSON.stringify(requirements)}` })) {
      return { requirement, pod };
    }
  }
  return undefined;
}

/** The nearest of the values that pods have; less sure than a slip. */
export function nearestText(text: string, known: readonly string[]): string | undefined {
  return closest(text, known.slice(0, MOST_COMPARED));
}

const MOST_COMPARED = 100;

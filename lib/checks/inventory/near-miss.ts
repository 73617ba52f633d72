/** What was most likely meant by a selector that selects no pod of the inventory. */
import type { LabelSelector, Requirement } from '../../model/policy';
import { askedOf } from './asked';
import { KnownCluster, KnownPod } from './known-cluster';

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
  for (const value of values.slice(0, MOST_REQUIREMENTS)) {
    const [text] = cluster.nearValues(key, value, selector);
    const pod = text === undefined ? undefined : podWith({ ...requirement, values: [text] }, requirement, selector, cluster);
    if (text !== undefined && pod !== undefined) {
      return { requirement, is: 'value', text, value: text, pod };
    }
  }
  return undefined;
}

function nearKey(requirement: Requirement, selector: LabelSelector, cluster: KnownCluster): NearMiss | undefined {
  const { key, values } = requirement;
  const ofName = requirement.operator === 'In' && KEYS_OF_NAMES.includes(key) ? KEYS_OF_NAMES.filter((one) => one !== key) : [];
  const near = [...cluster.nearKeys(key, selector), ...ofName];
  for (const text of near) {
    const pod = podWith({ ...requirement, key: text }, requirement, selector, cluster);
    if (pod !== undefined) {
      return { requirement, is: 'key', text, value: values.find((one) => pod.pod.labels[text] === one) ?? '', pod };
    }
  }
  return undefined;
}

/** The keys that the name of an application stands under. */
const KEYS_OF_NAMES = ['app', 'k8s-app', 'name', 'app.kubernetes.io/name'];

/** A pod that the selector would select with another requirement. */
function podWith(other: Requirement, instead: Requirement, selector: LabelSelector, cluster: KnownCluster): KnownPod | undefined {
  const requirements = selector.requirements.map((one) => (one === instead ? other : one));
  for (const [pod] of cluster.podsOf({ ...selector, requirements, key: `near ${JSON.stringify(requirements)}` })) {
    return pod;
  }
  return undefined;
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

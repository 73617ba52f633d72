/** What must be known before a check may say that nothing lets a connection in. */
import type { Direction, Policy } from '../../model/policy';
import { WORKLOADS } from '../../read/workloads';
import type { Given, Judged } from '../check';

/** Whether a policy whose values are filled in later may allow something in a direction. */
export function mayBeOpened({ vague }: Judged, direction: Direction): boolean {
  return vague.some((policy) => allows(policy, direction));
}

/** Whether a policy whose namespace is not known allows something in a direction: it may be of the same pods. */
export function mayBeOpenedElsewhere({ policies, folderOf }: Judged, direction: Direction): boolean {
  return policies.some((policy) => folderOf(policy) !== undefined && allows(policy, direction));
}

function allows({ rules }: Policy, direction: Direction): boolean {
  return rules.some((rule) => rule.direction === direction && rule.effect === 'allow');
}

/** The pods and workloads in files that a kustomization leaves out, as `namespace/name`. */
export function leftOutPods({ objects }: Given, { isLeftOut }: Judged): ReadonlySet<string> {
  const pods = objects.filter((object) => (object.kind === 'Pod' || WORKLOADS.includes(object.kind)) && isLeftOut(object));
  return new Set(pods.map(({ namespace = '', name }) => `${namespace}/${name}`));
}

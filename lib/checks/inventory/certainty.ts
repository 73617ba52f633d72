/** What must be known before a check may say that nothing lets a connection in. */
import type { Direction } from '../../model/policy';
import { WORKLOADS } from '../../read/workloads';
import type { Given, Judged } from '../check';

/** Whether a policy whose values are filled in later, or whose namespace is not known, may allow something in a direction. */
export function mayBeOpened({ policies, vague, folderOf }: Judged, direction: Direction): boolean {
  const unsure = [...vague, ...policies.filter((policy) => folderOf(policy) !== undefined)];
  return unsure.some(({ rules }) => rules.some((rule) => rule.direction === direction && rule.effect === 'allow'));
}

/** The pods and workloads in files that a kustomization leaves out, as `namespace/name`. */
export function leftOutPods({ objects }: Given, { isLeftOut }: Judged): ReadonlySet<string> {
  const pods = objects.filter((object) => (object.kind === 'Pod' || WORKLOADS.includes(object.kind)) && isLeftOut(object));
  return new Set(pods.map(({ namespace = '', name }) => `${namespace}/${name}`));
}

/** No two workloads of an app may have the same pods: they would have the connections of both, although each says what it may do. */
import { IConstruct } from 'constructs';
import { groupedBy } from '../../../net/grouped';
import { addValidation } from '../../private/validation';
import { connectionsOf, workloadsOf } from './connections-of';
import { inOneLook } from './pods';
import { WorkloadSide } from './sides';

/** Fails the synthesis of the construct's app if the pods of one workload with connections are pods of another. */
export function mustHaveOwnPods(construct: IConstruct): void {
  const { root } = construct.node;
  if (watched.has(root)) {
    return;
  }
  watched.add(root);
  addValidation(
    root,
    () => inOneLook(() => [...sharedPods(workloadsOf(root).filter(({ _isWritten }) => _isWritten)), ...missed(root)]),
    () => workloadsOf(root).length + connectionsOf(root).length,
  );
}

const watched = new WeakSet<IConstruct>();

/** Workloads whose pods got the labels of all pods with which others have connections, but only after these had been looked for. */
function missed(root: IConstruct): string[] {
  const sides = connectionsOf(root).flatMap(({ client, server }) => [client, server]);
  return workloadsOf(root)
    .filter((workload) => !workload._isWritten && workload._isAmong(sides))
    .map(({ name }) => `${name} got labels after a connection with all pods that have them; add the labels before the connection`);
}

function sharedPods(workloads: readonly WorkloadSide[]): string[] {
  const readable = workloads.filter(canBeRead);
  const labelled = readable.flatMap((workload) => Object.entries(workload._pods().allLabels).map((label) => ({ workload, label })));
  const byLabel = groupedBy(labelled, ({ workload, label }) => JSON.stringify([workload._namespace, ...label]));
  return readable.flatMap((workload) => {
    const labels = Object.entries(workload._pods().labels);
    const [first] = labels;
    const others = byLabel.get(JSON.stringify([workload._namespace, ...first])) ?? [];
    return others
      .map((other) => other.workload)
      .filter((other) => other !== workload && labels.every(([key, value]) => other._pods().allLabels[key] === value))
      .map(
        (other) =>
          `pods of ${other.name} are pods of ${workload.name} too, and would have the connections of both; ` +
          'give each workload labels that the pods of the other do not have',
      );
  });
}

/** What is wrong with a manifest is said by the policy of the workload. */
function canBeRead(workload: WorkloadSide): boolean {
  try {
    return Object.keys(workload._pods().labels).length > 0;
  } catch {
    return false;
  }
}

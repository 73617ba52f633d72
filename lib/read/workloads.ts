/** The pod templates of workloads, and whether pods of them run. */
import type { Pod } from '../model/inventory';
import { asList, asObject, asText, JsonObject, textsOf } from '../model/json';
import type { Resource } from '../model/origin';

/** The kinds that create pods from a template. */
export const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'];

/** The pod template of a workload, which has the structure of a pod. */
export function templateOf({ kind, name, value }: Resource): JsonObject {
  const spec = asObject(value.spec);
  if (kind === 'CronJob') {
    return asObject(asObject(asObject(spec.jobTemplate).spec).template);
  }
  const template = asObject(spec.template);
  return kind === 'Job' && spec.manualSelector !== true ? withJobName(template, name) : template;
}

/** The API server names the Job in the labels of its pods. Source: Kubernetes `pkg/registry/batch/job/strategy.go`. */
function withJobName(template: JsonObject, name: string): JsonObject {
  const metadata = asObject(template.metadata);
  const labels = { 'batch.kubernetes.io/job-name': name, 'job-name': name, ...asObject(metadata.labels) };
  return { ...template, metadata: { ...metadata, labels } };
}

/** Whether no pod of a workload runs: it is scaled to nothing, suspended or finished. Every rollout leaves such ReplicaSets. */
export function isAtRest({ kind, value }: Resource): boolean {
  const [spec, status] = [asObject(value.spec), asObject(value.status)];
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return spec.replicas === 0;
    case 'DaemonSet':
      return status.desiredNumberScheduled === 0 && status.currentNumberScheduled === 0;
    case 'Job':
      return spec.suspend === true || asList(status.conditions).map(asObject).some(isFinished);
    case 'CronJob':
      return spec.suspend === true && asList(status.active).length === 0;
    default:
      return false;
  }
}

function isFinished({ type, status }: JsonObject): boolean {
  return ['Complete', 'Failed'].includes(asText(type)) && status === 'True';
}

/** The pods that are listed, found by their labels: dumps may lack the owners of pods. */
export class ListedPods {
  /** Many inventories have no workloads, so it is made on demand. */
  private index: ReadonlyMap<string, readonly Pod[]> | undefined;

  public constructor(private readonly pods: readonly Pod[]) {}

  private get byLabel(): ReadonlyMap<string, readonly Pod[]> {
    return (this.index ??= indexOf(this.pods));
  }

  /** Whether the selector of a workload selects a listed pod. */
  public areOf({ namespace = '', value }: Resource): boolean {
    const wanted = Object.entries(textsOf(asObject(asObject(value.spec).selector).matchLabels));
    const lists = wanted.map(([key, one]) => this.byLabel.get(labelOf(namespace, key, one)) ?? []);
    const shortest = lists.reduce<readonly Pod[] | undefined>(
      (least, next) => (least && least.length <= next.length ? least : next),
      undefined,
    );
    return shortest?.some(({ labels }) => wanted.every(([key, one]) => labels[key] === one)) ?? false;
  }
}

function indexOf(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const index = new Map<string, Pod[]>();
  for (const pod of pods) {
    for (const [key, value] of Object.entries(pod.labels)) {
      const label = labelOf(pod.namespace, key, value);
      const same = index.get(label) ?? [];
      same.push(pod);
      index.set(label, same);
    }
  }
  return index;
}

function labelOf(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}

/** Which pods an object owns, directly or through other objects: a Deployment owns its pods through a ReplicaSet. */
import { asList, asObject, asText, JsonObject } from '../model/json';
import type { Resource } from '../model/origin';
import { groupedBy } from '../net/grouped';

/** The pods that objects own: the keys of the pods (`namespace/name`), in the order of `pods`, by the key of the owner. */
export function podsByOwner(pods: readonly Resource[], resources: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  // Few kinds of objects own pods, but any may: operators have kinds of their own.
  const known = new Map(resources.filter(hasOwner).map((resource) => [keyOf(ownerOf(resource)), resource]));
  const owned = pods.flatMap((pod) => [...ownersOf(pod, known)].map((name) => ({ owner: `${pod.namespace ?? ''}/${name}`, pod })));
  return new Map(
    [...groupedBy(owned, ({ owner }) => owner)].map(([owner, of]) => [owner, of.map(({ pod }) => `${pod.namespace ?? ''}/${pod.name}`)]),
  );
}

interface Owner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function ownerOf({ kind, namespace = '', name }: Resource): Owner {
  return { kind, namespace, name };
}

function keyOf({ kind, namespace, name }: Owner): string {
  return `${kind} ${namespace}/${name}`;
}

function hasOwner({ value }: Resource): boolean {
  return asList(asObject(value.metadata).ownerReferences).length > 0;
}

/** The names of all owners of a pod. */
function ownersOf(pod: Resource, known: ReadonlyMap<string, Resource>): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const labels = asObject(asObject(pod.value.metadata).labels);
  visit(directOwners(pod));
  return names;

  function visit(owners: readonly Owner[]): void {
    for (const owner of owners) {
      const key = keyOf(owner);
      if (seen.has(key) || seen.size >= MOST_OWNERS) {
        continue;
      }
      seen.add(key);
      names.add(owner.name);
      const object = known.get(key);
      visit(object === undefined ? impliedOwners(owner, labels) : directOwners(object));
    }
  }
}

const MOST_OWNERS = 20;

/** A node owns the mirror pods of its static pods, which are not a workload of its name. */
function directOwners({ namespace = '', value }: Resource): Owner[] {
  return asList(asObject(value.metadata).ownerReferences)
    .map(asObject)
    .map(({ kind, name }) => ({ kind: asText(kind), namespace, name: asText(name) }))
    .filter(({ kind, name }) => kind !== 'Node' && name !== '');
}

/**
 * The owner of an object that was not read, by the name that Kubernetes gives to the object: `kubectl get pods` prints no ReplicaSets and Jobs.
 *
 * Source: Kubernetes `pkg/controller/deployment/sync.go` (NAME-HASH) and `pkg/controller/cronjob/utils.go`, getJobName (NAME-MINUTES); Argo Rollouts
 * `rollout/sync.go`.
 */
function impliedOwners({ kind, namespace, name }: Owner, labels: JsonObject): Owner[] {
  if (kind === 'ReplicaSet') {
    return Object.entries(HASH_LABELS).flatMap(([label, of]) => {
      const suffix = `-${asText(labels[label])}`;
      return suffix !== '-' && name.length > suffix.length && name.endsWith(suffix)
        ? [{ kind: of, namespace, name: name.slice(0, -suffix.length) }]
        : [];
    });
  }
  const [, cronJob] = kind === 'Job' ? (/^(.+)-\d{8,10}$/.exec(name) ?? []) : [];
  return cronJob === undefined ? [] : [{ kind: 'CronJob', namespace, name: cronJob }];
}

/** The labels with the hash in the name of a ReplicaSet, and what creates it. */
const HASH_LABELS: Readonly<Record<string, string>> = { 'pod-template-hash': 'Deployment', 'rollouts-pod-template-hash': 'Rollout' };

/** What the given objects have, which may show that a policy means what it says. A value that is filled in later may be any. */
import { asList, asObject, asText, JsonObject } from '../../model/json';
import type { Resource } from '../../model/origin';
import { isPlaced, placeholderIn } from '../../read/placeholders';
import { templateOf, WORKLOADS } from '../../read/workloads';
import { addedLabelsIn } from '../inventory/filled-in-later';

/** Whether a pod, or the pod template of a workload, may have a label with one of the values. */
export function isPodLabel(objects: readonly Resource[], key: string, values: readonly string[], namespace?: string): boolean {
  const { pods } = indexOf(objects);
  const found = [ANY, ...values].flatMap((value) => [...(pods.get(labelOf(key, value)) ?? [])]);
  return found.some((one) => namespace === undefined || one === '' || one === namespace);
}

/** Whether a namespace may have a label with one of the values. */
export function isNamespaceLabel(objects: readonly Resource[], key: string, values: readonly string[]): boolean {
  const { namespaces } = indexOf(objects);
  return [ANY, ...values].some((value) => namespaces.has(labelOf(key, value)));
}

/** Whether a Namespace with the name is given. */
export function hasNamespace(objects: readonly Resource[], name: string): boolean {
  return indexOf(objects).names.has(name);
}

/** Whether a kustomization adds a label, as a key. */
export function isAdded(objects: readonly Resource[], key: string): boolean {
  return indexOf(objects).added.has(key);
}

/** Whether a given Namespace has its name in a label `name`: then others, which are not given, have it too. */
export function haveNameLabels(objects: readonly Resource[]): boolean {
  return indexOf(objects).haveNameLabels;
}

/** Whether a Service with the address is given. */
export function isServiceAddress(objects: readonly Resource[], address: string): boolean {
  return indexOf(objects).addresses.has(address);
}

interface Index {
  /** By label, the namespaces of the pods that have it; the empty text for any namespace. */
  readonly pods: ReadonlyMap<string, ReadonlySet<string>>;
  readonly namespaces: ReadonlyMap<string, ReadonlySet<string>>;
  /** The names of the namespaces. */
  readonly names: ReadonlySet<string>;
  /** The addresses of Services. */
  readonly addresses: ReadonlySet<string>;
  /** The labels that kustomizations add, as a key and as `key=value`. */
  readonly added: ReadonlySet<string>;
  readonly haveNameLabels: boolean;
}

function indexOf(objects: readonly Resource[]): Index {
  const known = KNOWN.get(objects) ?? made(objects);
  KNOWN.set(objects, known);
  return known;
}

/** Every policy of a run asks for the same objects. */
const KNOWN = new WeakMap<readonly Resource[], Index>();

function made(objects: readonly Resource[]): Index {
  const pods = objects.filter(({ kind }) => kind === 'Pod' || WORKLOADS.includes(kind));
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
  return {
    pods: byLabel(pods.map((pod) => [namespaceOf(pod), pod.kind === 'Pod' ? pod.value : templateOf(pod)])),
    namespaces: byLabel(namespaces.map(({ name, value }) => [name, value])),
    names: new Set(namespaces.map(({ name }) => name)),
    addresses: new Set(objects.filter(({ kind }) => kind === 'Service').flatMap(addressesOf)),
    added: new Set(objects.flatMap(addedLabelsIn)),
    haveNameLabels: namespaces.some(({ name, value }) => asText(asObject(asObject(value.metadata).labels).name) === name && name !== ''),
  };
}

function byLabel(all: readonly (readonly [string, JsonObject])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const [owner, { metadata }] of all) {
    for (const [key, value] of Object.entries(asObject(asObject(metadata).labels))) {
      const label = labelOf(key, placeholderIn(asText(value)) === undefined ? asText(value) : ANY);
      owners.set(label, (owners.get(label) ?? new Set()).add(owner));
    }
  }
  return owners;
}

function labelOf(key: string, value: string): string {
  return `${key}=${value}`;
}

/** No value of a label is like this. */
const ANY = '*';

function namespaceOf(pod: Resource): string {
  return knownNamespaceOf(pod) ?? '';
}

/** The namespace of an object; `undefined` if the object names none or it is filled in later, so that it may be any. */
export function knownNamespaceOf(resource: Resource): string | undefined {
  return isPlaced(resource) ? resource.namespace : undefined;
}

function addressesOf({ value }: Resource): readonly string[] {
  const { clusterIP, clusterIPs } = asObject(value.spec);
  return [clusterIP, ...asList(clusterIPs)].map(asText);
}

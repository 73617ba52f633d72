/** The labels that manifests do not show: they are filled in later, or added when a kustomization is built. */
import { asList, asObject, JsonObject, textsOf } from '../../model/json';
import type { Resource } from '../../model/origin';
import { placeholderIn, placeholdersIn } from '../../read/placeholders';
import { templateOf, WORKLOADS } from '../../read/workloads';

/** The labels that a kustomization adds to what it builds, as a key and as `key=value`. */
export function addedLabelsIn({ apiVersion, value: { labels, commonLabels } }: Resource): readonly string[] {
  const pairs = [commonLabels, ...asList(labels).map((one) => asObject(one).pairs)];
  return apiVersion.startsWith('kustomize.config.k8s.io/')
    ? pairs.flatMap((one) => Object.entries(textsOf(one)).flatMap(([key, value]) => [key, `${key}=${value}`]))
    : [];
}

/** The namespaces of which some labels or ports are filled in later; the empty text for any namespace. */
export function vagueNamespaceIn(resource: Resource): readonly string[] {
  const { kind, namespace = '', name, value } = resource;
  const [own, isVague] = kind === 'Namespace' ? [name, placeholdersIn(value.metadata).length > 0] : [namespace, isVaguePod(resource)];
  return isVague ? [placeholderIn(own) === undefined ? own : ''] : [];
}

function isVaguePod(resource: Resource): boolean {
  const { kind, namespace = '', value } = resource;
  if (kind !== 'Pod' && !WORKLOADS.includes(kind)) {
    return false;
  }
  const template: JsonObject = kind === 'Pod' ? value : templateOf(resource);
  const ports = asList(asObject(template.spec).containers).map((container) => asObject(container).ports);
  return placeholderIn(namespace) !== undefined || placeholdersIn([asObject(template.metadata).labels, ports]).length > 0;
}

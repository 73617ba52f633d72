/** Whether the namespaces of objects are known. */
import { asObject, asText } from '../model/json';
import type { Resource } from '../model/origin';
import { placeholderIn } from '../read/placeholders';
import type { Read } from '../read/read';
import type { Settings } from '../settings/settings';

/** Whether an object has its namespace from neither itself nor a kustomization, so that the default one is assumed. */
export function isInDefault({ namespace, value, document }: Resource, { namespacedBy }: Pick<Read, 'namespacedBy'>): boolean {
  return namespace !== undefined && asText(asObject(value.metadata).namespace) === '' && !namespacedBy.has(document.source);
}

/** Whether it is known in which namespace an object is; one that is clusterwide is in none. */
export function isPlaced(
  resource: Resource,
  read: Pick<Read, 'namespacedBy'>,
  { isNamespaceGiven }: Pick<Settings, 'isNamespaceGiven'>,
): boolean {
  const isKnown = placeholderIn(resource.namespace ?? '') === undefined;
  return isKnown && (isNamespaceGiven || !isInDefault(resource, read));
}

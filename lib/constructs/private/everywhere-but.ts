import { Selector } from '../selector';

/** The endpoints of all namespaces but some; those without a namespace (health, ingress, init) only if they are not left alone. */
export function everywhereBut(namespaces: readonly string[], exceptReserved: boolean): Selector {
  const all = exceptReserved ? Selector.all().inAnyNamespace() : Selector.all();
  return namespaces.length === 0 ? all : all.outsideNamespaces(...namespaces);
}

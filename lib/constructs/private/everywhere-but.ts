import { Selector } from '../selector';
import { fail, mustBeSwitch, shown } from './errors';

/** Selects all namespaces except the given ones, and unless `exceptReserved`, endpoints without a namespace (health, ingress, init). */
export function everywhereBut(namespaces: string[], exceptReserved: boolean): Selector {
  mustBeSwitch('exceptReserved', exceptReserved);
  if (!Array.isArray(namespaces)) {
    fail(`exceptNamespaces is ${shown(namespaces)}, not a list`);
  }
  const all = exceptReserved ? Selector.all().inAnyNamespace() : Selector.all();
  return namespaces.length === 0 ? all : all.outsideNamespaces(...namespaces);
}

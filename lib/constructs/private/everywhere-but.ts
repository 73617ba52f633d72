import { Selector } from '../selector';
import { fail, mustBeSwitch, shown } from './errors';

/** The endpoints of all namespaces but some; those without a namespace (health, ingress, init) only if they are not left alone. */
export function everywhereBut(namespaces: string[], exceptReserved: boolean): Selector {
  mustBeSwitch('exceptReserved', exceptReserved);
  if (!Array.isArray(namespaces)) {
    fail(`exceptNamespaces is ${shown(namespaces)}, not a list`);
  }
  const all = exceptReserved ? Selector.all().inAnyNamespace() : Selector.all();
  return namespaces.length === 0 ? all : all.outsideNamespaces(...namespaces);
}

/** What `toServices` stands for. Source: cilium `pkg/policy/k8s/service.go`. */
import type { Backend, Inventory, Service } from '../../model/inventory';
import type { Selector, ServiceRef } from '../../model/policy';
import { singleBlock } from '../../net/address';
import type { Scope } from './scope';
import { peerPods } from './selector';

/** The backends that the agent uses. */
export type BackendsOf = (service: Service) => readonly Backend[];

/** A service with a selector stands for the pods that it selects, another for the addresses of its backends; one that nobody has for nothing. */
export function serviceSelectors(refs: readonly ServiceRef[], { services }: Inventory, backendsOf: BackendsOf, scope: Scope): Selector[] {
  const named = [...services.values()].filter((service) => service.exists && refs.some((ref) => isMeant(ref, service)));
  return named.flatMap((service) => {
    if (Object.keys(service.selector).length > 0) {
      return [peerPods(service.selector, service.namespace, scope)];
    }
    return backendsOf(service).map(({ address }): Selector => {
      const block = singleBlock(address);
      return { is: 'block', key: `cidr:${block.version}/${block.first}`, block, field: 'set', except: [] };
    });
  });
}

/** The source of a label does not count here, and no namespace is every namespace. */
function isMeant(ref: ServiceRef, { name, namespace, labels }: Service): boolean {
  if (ref.is === 'none' || (ref.namespace !== '' && ref.namespace !== namespace)) {
    return false;
  }
  return ref.is === 'name'
    ? ref.name === name
    : ref.requirements.every(({ key, operator, values }) => {
        const isThere = Object.hasOwn(labels, key);
        const isAmong = isThere && values.includes(labels[key]);
        return { In: isAmong, NotIn: !isAmong, Exists: isThere, DoesNotExist: !isThere }[operator];
      });
}

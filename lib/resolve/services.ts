/** The peers that `toServices` selects. Source: cilium `pkg/policy/k8s/service.go`. */
import { Conditions, pinnedToCluster } from '../model/conditions';
import type { Backend, Inventory, Service } from '../model/inventory';
import type { LabelSelector, Selector, ServiceRef } from '../model/policy';
import type { Scope } from '../model/scope';
import { NAMESPACE_KEY } from '../net/label-keys';
import { singleBlock } from '../net/prefix';

/** The backends of a Service that the agent uses; `undefined` for a Service that it does not know. */
export type BackendsOf = (service: Service) => readonly Backend[] | undefined;

/** A Service with a selector selects its pods, another one the addresses of its backends. A Service that does not exist selects no peer. */
export function serviceSelectors(refs: readonly ServiceRef[], { services }: Inventory, backendsOf: BackendsOf, scope: Scope): Selector[] {
  const names = new Set(refs.flatMap((ref) => (ref.is === 'name' ? `${ref.namespace}/${ref.name}` : [])));
  const selecting = refs.filter((ref) => ref.is === 'selector');
  const isNamed = ({ name, namespace }: Service) => names.has(`${namespace}/${name}`) || names.has(`/${name}`);
  const isAmong = (service: Service) => service.exists && (isNamed(service) || selecting.some((ref) => isSelected(ref, service)));
  const around = selecting.length === 0 ? withNames(names, services) : [...services.values()];
  return around.filter(isAmong).flatMap((service) => {
    const backends = backendsOf(service);
    if (backends === undefined) {
      return [];
    }
    if (Object.keys(service.selector).length > 0) {
      return [peerPods(service.selector, service.namespace, scope)];
    }
    return backends.map(({ address }): Selector => {
      const block = singleBlock(address);
      return { is: 'block', key: `cidr:${block.version}/${block.first}`, block, field: 'set', except: [] };
    });
  });
}

type NamedService = Pick<Service, 'namespace' | 'name' | 'labels'>;

/** The Services that may have one of these names, in their order. Most rules have few names, and a cluster has thousands of Services. */
function withNames(names: ReadonlySet<string>, services: Inventory['services']): readonly Service[] {
  if ([...names].some((name) => name.startsWith('/'))) {
    return [...services.values()];
  }
  const positions = POSITIONS.get(services) ?? new Map([...services.keys()].map((name, i) => [name, i]));
  POSITIONS.set(services, positions);
  const found = [...names].flatMap((name) => services.get(name) ?? []);
  const positionOf = ({ namespace, name }: Service) => positions.get(`${namespace}/${name}`) ?? 0;
  return found.sort((a, b) => positionOf(a) - positionOf(b));
}

const POSITIONS = new WeakMap<Inventory['services'], ReadonlyMap<string, number>>();

/** Whether an entry of `toServices` means a Service that exists. */
export function isMeant(ref: ServiceRef, service: NamedService): boolean {
  switch (ref.is) {
    case 'name':
      return service.name === ref.name && (ref.namespace === '' || service.namespace === ref.namespace);
    case 'selector':
      return isSelected(ref, service);
    case 'none':
      return false;
  }
}

/** Here the source of a label does not count. No namespace means every namespace. */
function isSelected({ namespace, requirements }: SelectorRef, service: NamedService): boolean {
  const isThere = (key: string) => Object.hasOwn(service.labels, key);
  const isInScope = namespace === '' || namespace === service.namespace;
  return (
    isInScope &&
    requirements.every(({ key, operator, values }) => {
      const isAmong = isThere(key) && values.includes(service.labels[key]);
      return { In: isAmong, NotIn: !isAmong, Exists: isThere(key), DoesNotExist: !isThere(key) }[operator];
    })
  );
}

type SelectorRef = ServiceRef & { readonly is: 'selector' };

/** The pods of a namespace that have these labels. */
function peerPods(labels: Readonly<Record<string, string>>, namespace: string, scope: Scope): LabelSelector {
  const written = { labels: Object.entries(labels), expressions: [] };
  const conditions = new Conditions(scope.minor).addWritten(written, 'k8s').equals(`k8s:${NAMESPACE_KEY}`, namespace);
  return pinnedToCluster(conditions, scope).selector(undefined, true);
}

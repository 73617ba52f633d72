/** The smallest pod that a subject is about. */
import type { WrittenEnd } from '../model/flow';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import { ANY_VALUE, fulfilling, hasValue, intersection, ValueSet, witness } from '../net/value-set';
import { NAMESPACE_NAMES, SubjectRules } from './subjects';

/** The pod that has just the labels that a subject asks for; `undefined` for nodes and for endpoints that are no pods. */
export function minimalPod({ subject, facts, assumed }: SubjectRules): (WrittenEnd & { readonly is: 'labels' }) | undefined {
  const named = [...facts].map(([name, set]) => ({
    source: name.slice(0, name.indexOf(':')),
    key: name.slice(name.indexOf(':') + 1),
    set,
  }));
  const isOfName = (key: string) => assumed !== undefined && NAMESPACE_NAMES.includes(`k8s:${key}`);
  const asked = named.filter(({ key, set }) => key !== CLUSTER_KEY && key !== NAMESPACE_KEY && !isOfName(key) && !set.absent);
  const namespace = assumed ?? namespaceFor(facts.get(`k8s:${NAMESPACE_KEY}`) ?? ANY_VALUE);
  if (subject.is === 'nodes' || namespace === undefined || asked.some(({ source }) => source !== 'any' && source !== 'k8s')) {
    return undefined;
  }
  const labels: Record<string, string> = {};
  const moreNamespaceLabels: Record<string, string> = {};
  let serviceAccount = '';
  for (const { key, set } of asked) {
    const value = witness(set, freshName) ?? '';
    if (key === SERVICE_ACCOUNT_KEY) {
      serviceAccount = value;
    } else if (key.startsWith(NAMESPACE_LABELS_PREFIX)) {
      moreNamespaceLabels[key.slice(NAMESPACE_LABELS_PREFIX.length)] = value;
    } else {
      labels[key] = value;
    }
  }
  return { is: 'labels', labels, namespace, serviceAccount, moreNamespaceLabels, ports: [] };
}

/** A namespace that a set has; every pod is in one. */
function namespaceFor(set: ValueSet): string | undefined {
  const some = intersection(set, fulfilling({ operator: 'Exists', values: [] }));
  return hasValue(some, 'default') ? 'default' : witness(some, freshName);
}

function freshName(taken: ReadonlySet<string>): string {
  let name = 'x';
  while (taken.has(name)) {
    name += 'x';
  }
  return name;
}

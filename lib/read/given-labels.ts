/** Reads the labels of a hypothetical pod: with the labels that Cilium gives to pods itself, and with sources, as Cilium prints them. */
import { END_ENTITIES, WrittenEnd } from '../model/flow';
import { asObject, asText } from '../model/json';
import {
  CLUSTER_KEY,
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX,
  NAMESPACE_NAME_KEY,
  RESERVED_KEY_PREFIX,
  SERVICE_ACCOUNT_KEY,
} from '../net/label-keys';
import { accepted, Parsed, refused, Refused } from '../net/parsed';

type Texts = Readonly<Record<string, string>>;

/** What is said of a hypothetical pod beside its labels; empty where nothing is said. */
export interface GivenPod {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** @default - the cluster that is judged */
  readonly cluster?: string;
  readonly namespaceLabels?: Texts;
}

type PodByLabels = Omit<Extract<WrittenEnd, { is: 'labels' }>, 'ports'>;

/**
 * Splits the labels into those of the pod and those that Cilium derives from its namespace, service account and cluster.
 *
 * Cilium overwrites derived labels that a pod carries itself, so a label that contradicts what else is given is rejected. Source: cilium
 * `pkg/k8s/utils/utils.go`, SanitizePodLabels.
 */
export function parseGivenLabels(given: readonly (readonly [string, string])[], pod: GivenPod): Parsed<PodByLabels> {
  const labels = new Map<string, string>();
  for (const [written, value] of given) {
    const key = parseKey(written);
    if (!key.ok) {
      return key;
    }
    if (labels.has(key.value)) {
      return refused(`label \`${key.value}\` is given twice`, 'give each label once');
    }
    labels.set(key.value, value);
  }
  const namespace = merged('namespace', pod.namespace, labels.get(NAMESPACE_KEY));
  const account = merged('service account', pod.serviceAccount, labels.get(SERVICE_ACCOUNT_KEY));
  if (!namespace.ok) {
    return namespace;
  }
  const cluster = merged('cluster', pod.cluster ?? '', labels.get(CLUSTER_KEY));
  if (!account.ok) {
    return account;
  }
  if (!cluster.ok) {
    return cluster;
  }
  if (namespace.value === '') {
    return refused('an endpoint by `labels` needs a `namespace`');
  }
  return podOf(labels, {
    ...{ namespace: namespace.value, serviceAccount: account.value, cluster: cluster.value },
    namespaceLabels: pod.namespaceLabels,
  });
}

/**
 * A key without its source. Identities of pods have labels of Kubernetes only; `any` stands for every source. In the label of a pod, Cilium
 * removes a `$` in front, which means `reserved:` only in selectors: cilium `pkg/labels/labels.go`, NewLabel.
 */
function parseKey(written: string): Parsed<string> {
  const plain = written.startsWith('$') ? written.slice(1) : written;
  const colon = plain.indexOf(':');
  const [source, key] = colon < 0 || plain !== written ? ['k8s', plain] : [plain.slice(0, colon), plain.slice(colon + 1)];
  if (source === 'reserved') {
    const entity = END_ENTITIES.find((one) => key === one || key.startsWith(`${one}-ipv`)) ?? 'host';
    return refused(`a pod cannot have the label \`${written}\``, `name the entity instead, as in \`entity:${entity}\``);
  }
  if (source !== 'k8s' && source !== 'any') {
    return refused(
      `a pod cannot have the label \`${written}\`: its source is \`${source}\``,
      'write the key without a source, or with `k8s:`',
    );
  }
  return key === '' ? refused(`label \`${written}\` has no key`) : accepted(key);
}

/** What is given as a field and as a label, which must be the same. */
function merged(what: string, field: string, label: string | undefined): Parsed<string> {
  return field === '' || label === undefined || label === field
    ? accepted(field === '' ? (label ?? '') : field)
    : refused(`the ${what} is given twice, as \`${field}\` and in a label as \`${label}\``, `give the ${what} once`);
}

function podOf(
  labels: ReadonlyMap<string, string>,
  { namespace, serviceAccount, cluster = '', namespaceLabels }: GivenPod,
): Parsed<PodByLabels> {
  const own: [string, string][] = [];
  const ofNamespace: [string, string][] = [];
  for (const [key, value] of labels) {
    if (key.startsWith(NAMESPACE_LABELS_PREFIX)) {
      ofNamespace.push([key.slice(NAMESPACE_LABELS_PREFIX.length), value]);
    } else if (DERIVED.includes(key)) {
      continue;
    } else if (key.startsWith(RESERVED_KEY_PREFIX)) {
      return refused(`a pod cannot have the label \`${key}\`, which Cilium drops`, 'leave it out');
    } else {
      own.push([key, value]);
    }
  }
  const wrong = wrongNamespaceLabel(ofNamespace, namespace, namespaceLabels);
  return (
    wrong ??
    accepted({
      is: 'labels',
      labels: Object.fromEntries(own),
      ...{ namespace, serviceAccount },
      ...(namespaceLabels !== undefined && { namespaceLabels }),
      ...(ofNamespace.length > 0 && { moreNamespaceLabels: Object.fromEntries(ofNamespace) }),
      ...(cluster !== '' && { cluster }),
    })
  );
}

/** Labels that become fields. */
const DERIVED = [NAMESPACE_KEY, SERVICE_ACCOUNT_KEY, CLUSTER_KEY];

function wrongNamespaceLabel(labels: readonly (readonly [string, string])[], namespace: string, more: Texts = {}): Refused | undefined {
  const all = [...labels, ...Object.entries(more)];
  const name = all.find(([key, value]) => key === NAMESPACE_NAME_KEY && value !== namespace);
  if (name !== undefined) {
    return refused(`the namespace \`${namespace}\` has the label \`${NAMESPACE_NAME_KEY}\` with its name, and not with \`${name[1]}\``);
  }
  const twice = labels.find(([key, value]) => Object.hasOwn(more, key) && more[key] !== value);
  return twice === undefined
    ? undefined
    : refused(
        `the namespace label \`${twice[0]}\` is given twice, as \`${more[twice[0]]}\` and as \`${twice[1]}\``,
        'give each label once',
      );
}

/** The labels in a text, `app=web,tier=front`; `undefined` if one has no value. Only reserved labels have none. */
export function labelsIn(text: string): readonly (readonly [string, string])[] | undefined {
  const pairs = text.split(',').filter((pair) => pair !== '');
  const isLabel = (pair: string) => /^[^=]+=[^=]*$/.test(pair) || /^reserved:[^=]+$/.test(pair);
  return pairs.every(isLabel)
    ? pairs.map((pair) => {
        const [key, value = ''] = pair.split('=');
        return [key, value];
      })
    : undefined;
}

/** The labels in a mapping. */
export function labelsOf(value: unknown): readonly (readonly [string, string])[] {
  return Object.entries(asObject(value)).map(([key, text]) => [
    key,
    typeof text === 'string' ? text : (JSON.stringify(text) ?? asText(text)),
  ]);
}

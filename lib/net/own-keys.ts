/** Keys of labels that are nearly one of Cilium's own. */
import { isIdentityRelevant } from './identity-labels';
import {
  CLUSTER_KEY,
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX,
  NAMESPACE_NAME_KEY,
  RESERVED_KEY_PREFIX,
  SERVICE_ACCOUNT_KEY,
} from './label-keys';
import { remember } from './remember';

/** The key that is surely meant; empty if only that no endpoint has a label with the key is sure; `undefined` for any other key. */
export function ownKeyMeant(source: string, key: string): string | undefined {
  if (!['any', 'k8s'].includes(source) || OWN.includes(key) || isOfNamespace(key)) {
    return undefined;
  }
  if (key === NAMESPACE_NAME_KEY) {
    return NAMESPACE_LABELS_PREFIX + NAMESPACE_NAME_KEY;
  }
  return nearest(key).meant;
}

/** Whether the default filter keeps a key as it is written, and it is not nearly one of Cilium's own. Most keys are such. */
export const isPlainKey = remember((written) => {
  const key = /^(?:(?:any|k8s):)?([^:$]*)$/.exec(written)?.[1];
  return key !== undefined && isIdentityRelevant(key) && ownKeyMeant('any', key) === undefined;
});

const nearest = remember((key): { readonly meant: string | undefined } => {
  const found = NEAR.find(({ like }) => like.test(key));
  return { meant: found !== undefined ? key.replace(found.like, found.meant) : key.startsWith(`${RESERVED_KEY_PREFIX}.`) ? '' : undefined };
});

const OWN = [NAMESPACE_KEY, CLUSTER_KEY, SERVICE_ACCOUNT_KEY];

function isOfNamespace(key: string): boolean {
  return key.startsWith(NAMESPACE_LABELS_PREFIX) && key.length > NAMESPACE_LABELS_PREFIX.length;
}

/** The first that fits counts. */
const NEAR: readonly { readonly like: RegExp; readonly meant: string }[] = [
  {
    like: /^(?:k8s\.)?io\.(?:cilium\.k8s|kubernetes)\.(?:pod\.|policy\.)?namespaces?[.-]?labels?[./](?=.)/i,
    meant: NAMESPACE_LABELS_PREFIX,
  },
  { like: /^(?:k8s\.)?io\.kubernetes\.(?:pods?[.-]?)?namespaces?(?:\.name)?$/i, meant: NAMESPACE_KEY },
  { like: /^(?:k8s\.)?io\.cilium\.k8s\.(?:policy\.|pod\.)?namespace(?:\.name)?$/i, meant: NAMESPACE_KEY },
  { like: /^(?:k8s\.)?io\.(?:cilium\.k8s|kubernetes)\.(?:policy\.|pod\.)?service-?accounts?(?:[.-]?name)?$/i, meant: SERVICE_ACCOUNT_KEY },
  { like: /^(?:k8s\.)?io\.cilium\.k8s\.(?:policy\.)?clusters?(?:[.-]?name)?$/i, meant: CLUSTER_KEY },
];

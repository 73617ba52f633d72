/** What a selector may require, depending on what it selects. */
import { IConstruct } from 'constructs';
import { isIdentityRelevant } from '../../net/identity-labels';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../../net/label-keys';
import { fail } from './errors';

/** A selector, as far as it is needed here: the keys of the labels that it requires. */
interface Keyed {
  _keys(): string[];
}

/**
 * Throws if the selector cannot be the subject of a namespaced policy.
 *
 * Cilium would overwrite a different namespace, or select no endpoint. Labels of the namespace are harmless.
 */
export function mustSelectInOwnNamespace(selector: Keyed, at: IConstruct): void {
  if (selector._keys().includes(NAMESPACE_KEY)) {
    fail(
      'endpointSelector of a namespaced policy names a namespace',
      'leave the namespace out, or write a CiliumClusterwideNetworkPolicy',
      at,
    );
  }
}

/** Throws if the selector cannot match nodes, which have no namespace and no service account. */
export function mustSelectNodes(selector: Keyed, what: string, at?: IConstruct): void {
  mustNotRequire(POD_KEYS, selector, what, 'nodes have none: select them by their own labels', at);
}

/** Throws if the selector cannot select nodes as a subject: in addition, its labels must be part of a node's identity. */
export function mustSelectSubjectNodes(selector: Keyed, at: IConstruct): void {
  mustSelectNodes(selector, 'nodeSelector', at);
  for (const key of selector._keys()) {
    if (!isIdentityRelevant(key)) {
      fail(
        `nodeSelector requires label \`${key}\`, which Cilium excludes from a node's identity`,
        'select nodes by `node-role.kubernetes.io/…` or by your own labels',
        at,
      );
    }
  }
}

/** Throws if the selector cannot match Kubernetes objects other than pods, which have only their own labels. */
export function mustSelectObjects(selector: Keyed, what: string, help: string): void {
  mustNotRequire([...POD_KEYS, CLUSTER_KEY], selector, what, help);
}

/** Labels that Cilium adds only to pods. */
const POD_KEYS = [NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY];

function mustNotRequire(keys: readonly string[], selector: Keyed, what: string, help: string, at?: IConstruct): void {
  const required = keys.find((key) => selector._keys().some((one) => one === key || (key.endsWith('.') && one.startsWith(key))));
  if (required !== undefined) {
    fail(`${what} requires ${MEANINGS[required]}`, help, at);
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  [NAMESPACE_KEY]: 'a namespace',
  [NAMESPACE_LABELS_PREFIX]: 'labels of a namespace',
  [SERVICE_ACCOUNT_KEY]: 'a service account',
  [CLUSTER_KEY]: 'a cluster',
};

/** What a selector may ask for, depending on what it selects. */
import { IConstruct } from 'constructs';
import { isIdentityRelevant } from '../../net/identity-labels';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../../net/label-keys';
import { Selector } from '../selector';
import { fail, mustBeA } from './errors';

/**
 * Throws if the selector is unfit for the subject of a namespaced policy.
 *
 * Cilium would overwrite another namespace, or select nobody. Labels of the namespace are harmless.
 */
export function mustSelectInOwnNamespace(selector: Selector, at: IConstruct): void {
  if (selector._keys().includes(NAMESPACE_KEY)) {
    fail('endpointSelector of a namespaced policy names a namespace', 'leave it out, or write a CiliumClusterwideNetworkPolicy', at);
  }
}

/** Throws if the selector of peers is unfit for nodes, which have no namespace and no service account. */
export function mustSelectNodes(selector: Selector, what: string, at?: IConstruct): void {
  mustNotAskFor(POD_KEYS, selector, what, 'nodes have none: select them by their own labels', at);
}

/** Throws if the selector is unfit for nodes as a subject: besides, a label must be part of a node's identity. */
export function mustSelectSubjectNodes(selector: Selector, at: IConstruct): void {
  mustSelectNodes(selector, 'nodeSelector', at);
  for (const key of selector._keys()) {
    if (!isIdentityRelevant(key)) {
      fail(
        `nodeSelector asks for label \`${key}\`, which Cilium does not make part of a node's identity`,
        'select nodes by `node-role.kubernetes.io/…` or by labels of your own',
        at,
      );
    }
  }
}

/** Throws if the selector is unfit for Kubernetes objects that are no pods: they have their own labels only. */
export function mustSelectObjects(selector: Selector, what: string, help: string): void {
  mustNotAskFor([...POD_KEYS, CLUSTER_KEY], selector, what, help);
}

/** What Cilium says of a pod, and of nothing else. */
const POD_KEYS = [NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY];

function mustNotAskFor(keys: readonly string[], selector: Selector, what: string, help: string, at?: IConstruct): void {
  mustBeA(Selector, what, selector, at);
  const asked = keys.find((key) => selector._keys().some((one) => one === key || (key.endsWith('.') && one.startsWith(key))));
  if (asked !== undefined) {
    fail(`${what} asks for ${WORDS[asked]}`, help, at);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  [NAMESPACE_KEY]: 'a namespace',
  [NAMESPACE_LABELS_PREFIX]: 'labels of a namespace',
  [SERVICE_ACCOUNT_KEY]: 'a service account',
  [CLUSTER_KEY]: 'a cluster',
};

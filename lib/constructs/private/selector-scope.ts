/** What a selector may ask for, depending on what it selects. */
import { IConstruct } from 'constructs';
import { isIdentityRelevant } from '../../net/identity-labels';
import { fail } from './errors';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from './label-keys';
import { Selector } from '../selector';

/** Nodes are not in namespaces. */
export const NODES_HELP = 'nodes have no namespace: select them by their own labels';

/** Throws if the selector asks for a namespace, which what it selects does not have. */
export function mustNotNameNamespaces(selector: Selector, what: string, help: string, at?: IConstruct): void {
  if (selector._keys().some((key) => key === NAMESPACE_KEY || key.startsWith(NAMESPACE_LABELS_PREFIX))) {
    fail(`${what} names a namespace`, help, at);
  }
}

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

/** Throws if the selector is unfit for nodes: it names a namespace, or a label that is no part of a node's identity. */
export function mustSelectNodes(selector: Selector, at: IConstruct): void {
  mustNotNameNamespaces(selector, 'nodeSelector', NODES_HELP, at);
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

/** What a selector may require, depending on what it selects. */
import { IConstruct } from 'constructs';
import { isIdentityRelevant } from '../../net/identity-labels';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, RESERVED_KEY_PREFIX, SERVICE_ACCOUNT_KEY } from '../../net/label-keys';
import { ownKeyMeant } from '../../net/own-keys';
import { fail } from '../../props/errors';

/** A selector, as far as it is needed here: the keys of the labels that it requires. */
interface Keyed {
  _keys(): string[];
  _keeps(key: string): boolean;
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
  const reserved = reservedIn(selector);
  if (reserved !== undefined) {
    fail(
      `endpointSelector of a namespaced policy names \`${reserved}\`, which has no namespace`,
      'leave it out, or write a CiliumClusterwideNetworkPolicy',
      at,
    );
  }
  mustBeIdentityRelevant(selector, 'endpointSelector', at);
}

/** Throws unless the labels are labels of pods: of a workload, whose namespace is said elsewhere. */
export function mustBePodLabels(selector: Keyed, at?: IConstruct): void {
  const other = selector._keys().find((key) => isOtherSource(key) || key === NAMESPACE_KEY || key.startsWith(RESERVED_KEY_PREFIX));
  if (other !== undefined) {
    fail(`labels of a workload name \`${other}\`, which is not a label of pods`, 'give labels as they are written on the pods', at);
  }
  mustBeIdentityRelevant(selector, 'selector of a workload', at);
}

/** Throws if the selector cannot be the subject of a clusterwide policy for endpoints. */
export function mustSelectEndpoints(selector: Keyed, at: IConstruct): void {
  const reserved = reservedIn(selector);
  if (reserved !== undefined && !RESERVED_ENDPOINTS.includes(reserved)) {
    const isNode = reserved === 'reserved:host' || reserved === 'reserved:remote-node';
    fail(
      `endpointSelector names \`${reserved}\`, which is not an endpoint`,
      isNode ? 'select nodes with nodeSelector' : `the endpoints without a namespace are ${RESERVED_ENDPOINTS.join(', ')}`,
      at,
    );
  }
  mustBeIdentityRelevant(selector, 'endpointSelector', at);
}

/** Throws if the selector cannot be the subject of a ClusterNetworkPolicy, which is always pods. */
export function mustSelectPods(selector: Keyed, at: IConstruct): void {
  const reserved = reservedIn(selector);
  if (reserved !== undefined) {
    fail(`subject names \`${reserved}\`, which is not a pod`, 'write a CiliumClusterwideNetworkPolicy', at);
  }
  mustBeIdentityRelevant(selector, 'subject', at);
}

/** The endpoints that a clusterwide policy can select by a reserved label. */
const RESERVED_ENDPOINTS = ['reserved:health', 'reserved:ingress', 'reserved:init'];

/**
 * Throws if the selector cannot be a peer.
 *
 * A reserved label, even one that is excluded, would take the policy's namespace and cluster off the whole selector.
 * Source: cilium `pkg/k8s/apis/cilium.io/utils/utils.go`, `getEndpointSelector`.
 */
export function mustSelectPeers(selector: Keyed & { _mustExcludeInWords(): void }): void {
  selector._mustExcludeInWords();
  const reserved = reservedIn(selector);
  if (reserved !== undefined) {
    fail(
      `selector of a peer names \`${reserved}\`, which would extend it to nodes and the world`,
      `write ${WORDS[reserved] ?? 'Peer.entities()'} to match it; to exclude it, leave it out: a selector matches only pods as a peer`,
    );
  }
  mustBeIdentityRelevant(selector, 'selector of a peer');
}

const WORDS: Readonly<Record<string, string>> = {
  'reserved:host': 'Peer.host()',
  'reserved:remote-node': 'Peer.remoteNodes()',
  'reserved:world': 'Peer.world()',
  'reserved:kube-apiserver': 'Peer.kubeApiserver()',
  'reserved:ingress': 'Peer.ingress()',
  'reserved:health': 'Peer.health()',
  'reserved:init': 'Peer.entities(Entity.INIT)',
  'reserved:unmanaged': 'Peer.entities(Entity.UNMANAGED)',
};

/** The first reserved label, in the form `reserved:NAME`: before 1.20, `$NAME` and `reserved.NAME` are short for it. */
function reservedIn(selector: Keyed): string | undefined {
  const reserved = selector._keys().map((key) => /^(?:reserved[:.]|\$)(.*)$/.exec(key)?.[1]);
  const name = reserved.find((one) => one !== undefined);
  return name === undefined ? undefined : `reserved:${name}`;
}

/** Throws if Cilium drops a label from identities, so that a requirement on it means nothing. */
function mustBeIdentityRelevant(selector: Keyed, what: string, at?: IConstruct): void {
  for (const key of selector._keys()) {
    mustNotBeMisnamed(key, selector, what, at);
    if (!isOtherSource(key) && !isIdentityRelevant(key) && !selector._keeps(key)) {
      fail(
        `${what} requires label \`${key}\`, which Cilium excludes from identities`,
        'select by other labels, or write withKeptLabel() if the agents are set to keep it',
        at,
      );
    }
  }
}

/** Throws if a key is nearly one of Cilium's own, so that no pod has the label. */
function mustNotBeMisnamed(key: string, selector: Keyed, what: string, at?: IConstruct): void {
  const [, source = 'any', name = key] = /^([^:]*):(.*)$/.exec(key) ?? [];
  const meant = selector._keeps(key) ? undefined : ownKeyMeant(source, name);
  if (meant !== undefined) {
    fail(
      `${what} requires label \`${key}\`, which no pod has`,
      meant === '' ? 'select by labels of pods, or with inNamespace(), withServiceAccount() or inCluster()' : `write \`${meant}\``,
      at,
    );
  }
}

function isOtherSource(key: string): boolean {
  return key.includes(':');
}

/** Throws if the selector cannot match nodes, which have no namespace and no service account. */
export function mustSelectNodes(selector: Keyed, what: string, at?: IConstruct): void {
  mustNotRequire(POD_KEYS, selector, what, 'nodes have none: select them by their own labels', at);
}

/** Throws if the selector cannot select nodes as a subject: in addition, its labels must be part of a node's identity. */
export function mustSelectSubjectNodes(selector: Keyed, at: IConstruct): void {
  mustSelectNodes(selector, 'nodeSelector', at);
  for (const key of selector._keys()) {
    if (!isIdentityRelevant(key) && !selector._keeps(key)) {
      fail(
        `nodeSelector requires label \`${key}\`, which Cilium excludes from a node's identity`,
        'select nodes by `node-role.kubernetes.io/…` or by your own labels, or write withKeptLabel() if the agents are set to keep it',
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

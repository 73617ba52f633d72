import { cnp } from '../../admission/example';
import type { NetworkPeerPart, SelectorPart } from '../../model/written';
import { isOfNamespace } from '../../net/label-keys';
import type { IntentCheck } from '../check';
import { isEmptySelector } from './selectors';

export const check: IntentCheck = {
  code: 'CIL315',
  name: 'split-selector',
  severity: 'info',
  stage: 'intent',
  summary: 'a selector of a namespace and one of pods as two items of a list, where either suffices',
  why: `Items of a list of peers are alternatives. The first item selects every pod of the namespace, and the second selects pods of the policy's own namespace. For these pods in that namespace, write all requirements in one item.`,
  limits:
    'Only lists of exactly these two items, in this order, are reported: in a longer list it is not known which items belong together. Whether the namespace has such pods is not asked.',
  source:
    'docs.cilium.io, Layer 3 Policies, Match Expressions; Kubernetes, Network Policies, Behavior of to and from selectors; cilium issue 4164',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: monitoring
          - matchLabels:
              app: prometheus
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: monitoring
              app: prometheus
  `),
  inspect({ specs }, { report }) {
    for (const { endpoints = [] } of specs.flatMap(({ rules }) => rules)) {
      const [first, second] = endpoints;
      if (endpoints.length === 2 && isOfNamespaces(first) && isOfPods(second)) {
        report({ message: MESSAGE, help: HELP }, second.at);
      }
    }
  },
  inspectKubernetes({ rules }, { report }) {
    for (const { peers } of rules) {
      const [first, second] = peers;
      if (peers.length === 2 && hasOnlyNamespaces(first) && hasOnlyPods(second)) {
        report({ message: MESSAGE, help: HELP }, second.at);
      }
    }
  },
};

const MESSAGE = "this item selects pods of the policy's own namespace, and the item before it every pod of other namespaces";
const HELP = 'for these pods in that namespace, write both in one item, without a dash between them';

function isOfNamespaces(part: SelectorPart): boolean {
  return keysOf(part).length > 0 && keysOf(part).every(isNamespaceKey);
}

function isOfPods(part: SelectorPart): boolean {
  return keysOf(part).length > 0 && !keysOf(part).some((key) => isNamespaceKey(key) || key.startsWith('reserved:'));
}

function keysOf({ labels, expressions }: SelectorPart): readonly string[] {
  return [...labels.map(([key]) => key), ...expressions.map(({ key }) => key)];
}

function isNamespaceKey(key: string): boolean {
  return isOfNamespace(key.replace(/^(?:k8s|any):/, ''));
}

function hasOnlyNamespaces({ namespaces, pods }: NetworkPeerPart): boolean {
  return namespaces !== undefined && pods === undefined && !isEmptySelector(namespaces);
}

function hasOnlyPods({ namespaces, pods }: NetworkPeerPart): boolean {
  return pods !== undefined && namespaces === undefined && !isEmptySelector(pods);
}

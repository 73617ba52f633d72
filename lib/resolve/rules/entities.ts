/** The label selectors that entities stand for. Source: cilium `pkg/policy/api/entity.go`. */
import { isSince } from '../../crd/minor';
import { Conditions, everyIdentity } from '../../model/conditions';
import type { PathLink } from '../../model/path';
import type { LabelSelector } from '../../model/policy';
import type { Scope } from '../../model/scope';
import type { TextPart } from '../../model/written';
import { CLUSTER_KEY } from '../../net/label-keys';

/** The selectors of an entity; empty if the entity is unknown. */
export function entitySelectors({ text: name, at }: TextPart, scope: Scope): readonly LabelSelector[] {
  if (name === 'all') {
    return [everyIdentity(scope.minor, at)];
  }
  const labels = (RESERVED[name] ?? []).filter((label) => isSince(scope.minor, '1.20') || !label.startsWith('aggregate-'));
  const reserved = labels.map((label) => new Conditions(scope.minor).equals(`reserved:${label}`, '').selector(at));
  return [...reserved, ...ofPods(name, scope, at)];
}

function ofPods(name: string, { minor, clusterName }: Scope, at: PathLink): LabelSelector[] {
  switch (name) {
    case 'cluster':
      return [new Conditions(minor).equals(`k8s:${CLUSTER_KEY}`, clusterName).selector(at)];
    case 'cluster-mesh':
      return [new Conditions(minor).exists(`any:${CLUSTER_KEY}`).selector(at)];
    default:
      return [];
  }
}

const OF_CLUSTER = ['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver', 'aggregate-cluster'];

/** An `aggregate-…` label stands for all identities of a kind in the policy maps of 1.20. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  world: ['world', 'world-ipv4', 'world-ipv6', 'aggregate-world'],
  'world-ipv4': ['world-ipv4'],
  'world-ipv6': ['world-ipv6'],
  host: ['host'],
  init: ['init'],
  ingress: ['ingress'],
  'remote-node': ['remote-node', 'aggregate-remote-node'],
  health: ['health'],
  unmanaged: ['unmanaged'],
  none: ['none'],
  'kube-apiserver': ['kube-apiserver'],
  cluster: OF_CLUSTER,
  'cluster-mesh': [...OF_CLUSTER, 'aggregate-cluster-mesh'],
};

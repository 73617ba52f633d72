/**
 * Aggregate identities: from 1.20 on the policy map has one entry for all identities of a kind, and a selector without requirements selects it too.
 *
 * Source: cilium 1.20 `pkg/policy/aggregate.go` and `pkg/identity/identity.go`, ScopeForLabels.
 */
import { isSince } from '../crd/minor';
import { hasLabel, label, Labels } from '../model/label';
import type { Agent } from './agent';
import type { Identity } from './view';

/** The labels of the aggregate that an identity belongs to; `undefined` if it belongs to none. */
export function aggregateOf(
  { labels, isEntity = false, isRemote = false }: Identity,
  { minor, blocksMatchNodes, hasNodeLabels }: Agent,
): Labels | undefined {
  const isReserved = labels.some(({ source }) => source === 'reserved');
  if (!isSince(minor, '1.20') || isEntity || (isReserved && hasLabel(labels, 'reserved', 'host'))) {
    return undefined;
  }
  if (labels.some(({ key }) => key === 'remote-node')) {
    return !isReserved || blocksMatchNodes || hasNodeLabels ? REMOTE_NODES : undefined;
  }
  if (isReserved && labels.length === 1) {
    return undefined;
  }
  return isRemote ? CLUSTER_MESH : isOfAddresses(labels) ? WORLD : CLUSTER;
}

/** Whether the agent allocates a number for the identity, which then is none of the reserved ones even if one has the same labels. */
export function isAllocated({ labels, isEntity = false }: Identity, { blocksMatchNodes, hasNodeLabels }: Agent): boolean {
  const isReserved = labels.some(({ source }) => source === 'reserved');
  if (isEntity || (isReserved && labels.some(({ key }) => key === 'host'))) {
    return false;
  }
  if (isReserved && labels.some(({ key }) => key === 'remote-node')) {
    return blocksMatchNodes || hasNodeLabels;
  }
  return !isReserved || labels.length > 1;
}

/** Whether each agent allocates the identity for itself, as those of addresses. */
export function isOfAddresses(labels: Labels): boolean {
  return labels.every(({ source }) => LOCAL_SOURCES.includes(source));
}

const LOCAL_SOURCES = ['cidr', 'fqdn', 'reserved', 'cidrgroup'];
const REMOTE_NODES = [label('reserved', 'aggregate-remote-node')];
const WORLD = [label('reserved', 'aggregate-world')];
const CLUSTER_MESH = [label('reserved', 'aggregate-cluster-mesh')];
const CLUSTER = [label('reserved', 'aggregate-cluster')];

/** The labels of all aggregates, which the agent of 1.20 has as identities of their own. */
export const AGGREGATES: readonly Labels[] = [REMOTE_NODES, WORLD, CLUSTER, CLUSTER_MESH];

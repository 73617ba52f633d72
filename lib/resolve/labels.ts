/** The labels of identities: reserved ones, and those of CIDRs. */
import { isSince } from '../crd/minor';
import { label, Label, Labels } from '../model/label';
import { addressText } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Agent } from './agent';

/** Labels by key, as Cilium keeps them while it builds an identity. */
export type LabelMap = Map<string, Label>;

export function reserved(...keys: readonly string[]): LabelMap {
  return new Map(keys.map((key) => [key, label('reserved', key)]));
}

/** Sorts labels by key. Among labels with the same key, the first one counts when a selector looks it up. */
export function sorted(labels: LabelMap): Labels {
  return [...labels.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * The key of the world's label for an IP family.
 *
 * There is one label for both families, or one for each if both are on. From 1.19 on a family that is off has its own.
 *
 * Source: cilium `pkg/labels/cidr.go`.
 */
export function worldKey(version: 4 | 6, { minor, hasIPv4, hasIPv6 }: Agent): string {
  if (!isSince(minor, '1.19') && !(hasIPv4 && hasIPv6)) {
    return 'world';
  }
  if (version === 4 && hasIPv6) {
    return 'world-ipv4';
  }
  return version === 6 && hasIPv4 ? 'world-ipv6' : 'world';
}

export const WORLD_KEYS = ['world', 'world-ipv4', 'world-ipv6'];

/** The labels of a CIDR in a policy. A CIDR of length 0 has only the label of the world. */
export function blockLabels(block: Prefix, agent: Agent): LabelMap {
  const labels = reserved(worldKey(block.version, agent));
  if (block.length > 0) {
    const own = blockLabel(block);
    labels.set(own.key, own);
  }
  return labels;
}

export function blockLabel(block: Prefix): Label {
  return { ...label('cidr', blockKey(block)), block };
}

/** The key as Cilium writes it: `-` replaces `:`, which a key may not contain, and a `0` is added where a `-` would be at an end. */
function blockKey({ version, first, length }: Prefix): string {
  const key = addressText({ version, value: first }).replaceAll(':', '-').replace(/^-/, '0-').replace(/-$/, '-0');
  return `${key}/${length}`;
}

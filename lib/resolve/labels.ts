/** The labels of identities. */
import { isSince } from '../crd/minor';
import { label, Label, Labels } from '../model/label';
import { addressText } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Agent } from './agent';

/** Labels by their keys, of which each counts once, as Cilium holds them while it makes an identity. */
export type LabelMap = Map<string, Label>;

export function reserved(...keys: readonly string[]): LabelMap {
  return new Map(keys.map((key) => [key, label('reserved', key)]));
}

/** Sorted by key: of two labels with the same key the first one found counts. */
export function sorted(labels: LabelMap): Labels {
  return [...labels.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What is outside of the cluster has one label, or one for each family where both are on; from 1.19 on that of a family that is off is its own. Source: cilium `pkg/labels/cidr.go`. */
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

/** The labels of a block that somebody names; of everything it is only that of the world. */
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

/** As Cilium writes it, with `-` for `:`, which no key may have, and no `-` at an end. */
function blockKey({ version, first, length }: Prefix): string {
  const key = addressText({ version, value: first }).replaceAll(':', '-').replace(/^-/, '0-').replace(/-$/, '-0');
  return `${key}/${length}`;
}

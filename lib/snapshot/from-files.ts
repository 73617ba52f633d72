/** Opens a snapshot with the inventory of its settings, read from files. */
import type { Resource, Source } from '../model/origin';
import { readPaths, ReadPathsOptions } from '../read/files';
import type { ReadProblem } from '../read/problem';
import { Read, readSources } from '../read/read';
import type { Settings } from '../settings/settings';
import { Snapshot } from './snapshot';
import { unreadIn } from './warnings';

export interface OpenedWithInventory {
  readonly snapshot: Snapshot;
  /** Problems with the inventory. Verdicts could be wrong without the parts that were not read. */
  readonly unread: readonly ReadProblem[];
}

export interface InventoryOptions extends Pick<ReadPathsOptions, 'followLinks'> {
  /** Whether the policies of the inventory count, unless a policy of the same name was given. @default false */
  readonly withInventoryPolicies?: boolean;
}

/**
 * Opens a snapshot. The inventory provides the objects of the cluster; its policies count only if they are asked for, and a warning says so.
 * It is read whole: nobody would see what a pattern leaves out of it.
 *
 * Throws `MissingPath` if a path of the inventory does not exist.
 */
export function openWithInventory(read: Read, settings: Settings, options: InventoryOptions = {}): OpenedWithInventory {
  const { inventory: paths, namespace, isNamespaceGiven, variables } = settings;
  const sources = paths.length === 0 ? [] : readPaths(paths, { followLinks: options.followLinks });
  const inventory = readSources(
    sources.map((source): Source => ({ ...source, isInventory: true })),
    { namespace, isNamespaceGiven, variables },
  );
  const given = new Set(read.policies.map(keyOf));
  const policies = inventory.policies.filter((resource) => !isGroup(resource) && !given.has(keyOf(resource)));
  const objects: readonly Resource[] = [...inventory.others, ...inventory.policies.filter(isGroup)];
  const unread = unreadIn(inventory.problems);
  return options.withInventoryPolicies === true
    ? { snapshot: new Snapshot({ ...read, policies: [...read.policies, ...policies] }, settings, objects), unread }
    : { snapshot: new Snapshot(read, settings, objects, policies), unread };
}

function isGroup({ kind }: Resource): boolean {
  return kind === 'CiliumCIDRGroup';
}

function keyOf({ kind, namespace = '', name }: Resource): string {
  return `${kind}/${namespace}/${name}`;
}

/** A snapshot with the inventory that its settings name, read from files. */
import type { Resource } from '../model/origin';
import { readPaths } from '../read/files';
import type { ReadProblem } from '../read/problem';
import { Read, readSources } from '../read/read';
import type { Settings } from '../settings/settings';
import { Snapshot } from './snapshot';
import { unreadIn } from './warnings';

export interface OpenedWithInventory {
  readonly snapshot: Snapshot;
  /** What of the inventory could not be read: without it verdicts would be wrong. */
  readonly unread: readonly ReadProblem[];
}

/**
 * Opens a snapshot. Policies in the inventory do not count: of it only the cluster is asked for.
 *
 * Throws `MissingPath` if a path of the inventory leads nowhere.
 */
export function openWithInventory(read: Read, settings: Settings): OpenedWithInventory {
  const { inventory: paths, namespace } = settings;
  const inventory = readSources(paths.length === 0 ? [] : readPaths(paths), { namespace });
  const objects: readonly Resource[] = [...inventory.others, ...inventory.policies.filter(({ kind }) => kind === 'CiliumCIDRGroup')];
  return { snapshot: new Snapshot(read, settings, objects), unread: unreadIn(inventory.problems) };
}

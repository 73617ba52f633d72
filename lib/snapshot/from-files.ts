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

/**
 * Opens a snapshot. The inventory provides only the objects of the cluster; policies in it are ignored.
 *
 * Throws `MissingPath` if a path of the inventory does not exist.
 */
export function openWithInventory(read: Read, settings: Settings, options?: ReadPathsOptions): OpenedWithInventory {
  const { inventory: paths, namespace } = settings;
  const sources = paths.length === 0 ? [] : readPaths(paths, options);
  // A settings file may name any file as an inventory, so nothing of it is quoted.
  const inventory = readSources(
    sources.map((source): Source => ({ ...source, isPrivate: true })),
    { namespace },
  );
  const objects: readonly Resource[] = [...inventory.others, ...inventory.policies.filter(({ kind }) => kind === 'CiliumCIDRGroup')];
  return { snapshot: new Snapshot(read, settings, objects), unread: unreadIn(inventory.problems) };
}

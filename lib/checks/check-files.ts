/** Checks beside an inventory, whose files are read here: the other entry points of checks need no files. */
import { placeOf } from '../model/origin';
import { printable } from '../net/printable';
import type { Read } from '../read/read';
import type { Settings } from '../settings/settings';
import { openWithInventory } from '../snapshot/from-files';
import { checkSnapshot, Run } from './check-texts';
import { foundIn } from './diagnose';

/** Checks what is read, beside the inventory of the settings. Throws if that cannot be read, because what is in it would seem to be missing. */
export function checkWithInventory(read: Read, settings: Settings): Run {
  const { snapshot, unread } = openWithInventory(read, settings);
  if (unread.length > 0) {
    const { code, message, origin } = foundIn(unread[0]).diagnostic;
    const line = placeOf(origin)?.line;
    const place = `${origin.document.source.name}${line === undefined ? '' : `:${line}`}`;
    throw new Error(printable(`the inventory cannot be read: ${place}: ${code}: ${message}`));
  }
  return checkSnapshot(snapshot);
}

/** Reads and checks sources or objects. */
import type { Source } from '../model/origin';
import { GivenObject, OnProgress, Read, readObjects, readSources } from '../read/read';
import type { Settings } from '../settings/settings';
import { Snapshot } from '../snapshot/snapshot';
import { Checked, runChecks } from './run';

export interface Run extends Checked {
  readonly read: Read;
  readonly settings: Settings;
}

/** Checks sources. */
export function checkSources(sources: readonly Source[], settings: Settings, onProgress?: OnProgress): Run {
  return checkRead(readSources(sources, { ...settings, onProgress }), settings, onProgress);
}

/** Checks objects of a program; `name` says where they come from. */
export function checkObjects(name: string, objects: readonly GivenObject[], settings: Settings): Run {
  return checkRead(readObjects(name, objects, settings), settings);
}

/** Checks sources or objects that are already read. */
export function checkRead(read: Read, settings: Settings, onProgress?: OnProgress): Run {
  return { read, settings, ...runChecks(new Snapshot(read, settings), onProgress) };
}

/** Reads and checks sources or objects. */
import { isBehindLink, Source } from '../model/origin';
import { GivenObject, OnProgress, Read, readObjects, readSources } from '../read/read';
import { WORKLOADS } from '../read/workloads';
import type { Settings } from '../settings/settings';
import { Snapshot } from '../snapshot/snapshot';
import { SET_CHECKS } from './registry';
import { Checked, isSelected, runChecks } from './run';

export interface Run extends Checked {
  readonly read: Read;
  readonly settings: Settings;
  /** The codes of the checks that say nothing, because no object of a cluster is given, or one behind a link, which is not quoted. */
  readonly notAsked: readonly string[];
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
  return checkSnapshot(new Snapshot(read, settings), onProgress);
}

/** Checks what is read, beside an inventory. */
export function checkSnapshot(snapshot: Snapshot, onProgress?: OnProgress): Run {
  const { read, settings } = snapshot;
  return { read, settings, notAsked: notAskedIn(snapshot), ...runChecks(snapshot, onProgress) };
}

/** The checks that need an inventory, where there is none that they may quote. */
function notAskedIn({ read: { policies, others }, inventory, settings }: Snapshot): readonly string[] {
  const objects = [...others, ...inventory];
  const isGiven = !objects.some(isBehindLink) && objects.some(({ kind }) => OF_INVENTORY.includes(kind));
  // A comparison of minors runs none of them anyway.
  return isGiven || policies.length === 0 || settings.minors.length > 1
    ? []
    : SET_CHECKS.filter(({ stage, code }) => stage === 'inventory' && isSelected(code, settings)).map(({ code }) => code);
}

const OF_INVENTORY = ['Pod', ...WORKLOADS, 'Namespace', 'Node', 'CiliumNode', 'Service'];

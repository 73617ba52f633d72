/** Reads and checks: what the command line, the plugin, the guard and the engine's entry have in common. */
import { NEWEST } from '../crd/minor';
import type { Source } from '../model/origin';
import { GivenObject, Read, readObjects, readSources } from '../read/read';
import { Checked, checkRead, CheckOptions } from './run';

export interface RunOptions extends CheckOptions {
  /** The namespace of namespaced objects that name none. @default - `default` */
  readonly namespace?: string;
}

export interface Run extends Checked {
  readonly read: Read;
  /** The minor, or the two that were compared, as `1.19..1.20`. */
  readonly cilium: string;
}

/** Checks texts. */
export function checkSources(sources: readonly Source[], options: RunOptions = {}): Run {
  const { namespace = DEFAULT_NAMESPACE, onProgress } = options;
  return run(readSources(sources, { namespace, onProgress }), options);
}

/** Checks objects; `name` tells where they come from. */
export function checkObjects(name: string, objects: readonly GivenObject[], options: RunOptions = {}): Run {
  return run(readObjects(name, objects, { namespace: options.namespace ?? DEFAULT_NAMESPACE }), options);
}

/** Where kubectl puts what names no namespace. */
const DEFAULT_NAMESPACE = 'default';

function run(read: Read, options: RunOptions): Run {
  const { cilium = NEWEST } = options;
  return { read, ...checkRead(read, options), cilium: typeof cilium === 'string' ? cilium : cilium.join('..') };
}

/** Files and folders for the engine: `cdk8s-cilium/engine/files`, which needs Node. */
import type { Source } from '../model/origin';
import { readPaths } from '../read/files';

/**
 * The texts of files, and of all YAML and JSON files below folders; `-` is standard input.
 *
 * Throws if a path does not exist. A file that cannot be read is a source with a `problem`, which is a finding (CIL009).
 */
export function sourcesAt(paths: readonly string[]): readonly Source[] {
  return readPaths(paths);
}

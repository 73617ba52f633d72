/** Reads files and folders for the engine: `cdk8s-cilium/engine/files`. Needs Node. */
import type { Source } from '../model/origin';
import { readPaths } from '../read/files';

/**
 * Reads files, and all YAML and JSON files in folders and their subfolders; `-` is standard input.
 *
 * Throws if a path does not exist. A file that cannot be read is a source with a `problem`, which is reported as a finding (CIL009).
 */
export function sourcesAt(paths: readonly string[]): readonly Source[] {
  return readPaths(paths);
}

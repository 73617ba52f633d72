/** Reads files and folders for the engine: `cdk8s-cilium/engine/files`. Needs Node. */
import { realpathSync } from 'node:fs';
import type { Source } from '../model/origin';
import { expectParsed } from '../net/parsed';
import { readPaths } from '../read/files';
import { refuseUnknown, settle } from '../settings/settings';

/** Options for reading. */
export interface SourcesOptions {
  /** Patterns of files and folders that are not read, as in `.gitignore`, relative to the working folder. @default - nothing is excluded */
  readonly exclude?: readonly string[];
  /** Whether what the `.gitignore` files of the repository name is not read. @default false */
  readonly respectGitignore?: boolean;
}

/**
 * Reads files, and all YAML and JSON files in folders and their subfolders; `-` is standard input.
 *
 * Throws if a path does not exist, or if an option is unknown or malformed. A file that cannot be read is a source with a `problem`, which is
 * reported as a finding (CIL009); one that is excluded has the pattern in `excludedBy`.
 */
export function sourcesAt(paths: readonly string[], options: SourcesOptions = {}): readonly Source[] {
  expectParsed(refuseUnknown('option', Object.keys(options), ['exclude', 'respectGitignore']));
  const { exclude, respectGitignore } = options;
  const settings = expectParsed(settle([], { values: { exclude }, folder: realpathSync('.') }));
  return readPaths(paths, { exclude: settings.exclude, respectGitignore });
}

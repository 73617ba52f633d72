/** Reads files and folders as sources. */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../model/origin';

/** A path does not exist, so the run cannot start. */
export class MissingPath extends Error {
  public constructor(path: string) {
    super(`no such file or folder \`${path}\``);
  }
}

/** The maximum size of a file, in bytes. */
const MAX_FILE = 256 * 1024 * 1024;

/** The path that stands for standard input. */
const STDIN = '-';

/**
 * Reads files, all YAML and JSON files in folders and their subfolders, and standard input for `-`. The files of a folder are sorted by name.
 *
 * Skips folders whose names begin with a dot, and `node_modules`. Follows symbolic links to files, but not to folders.
 */
export function readPaths(paths: readonly string[]): readonly Source[] {
  const files = new Set(paths.flatMap((path) => (path === STDIN ? [STDIN] : filesAt(path))));
  return [...files].map(readFile);
}

function filesAt(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new MissingPath(path);
  }
  return stats.isDirectory() ? filesBelow(path) : [path];
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesBelow(path);
    }
    return /\.(?:ya?ml|json)$/i.test(entry.name) && isFile(path, entry.isFile()) ? [path] : [];
  });
}

function isFile(path: string, isPlain: boolean): boolean {
  return isPlain || (lstatSync(path).isSymbolicLink() && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false));
}

function readFile(path: string): Source {
  const name = path === STDIN ? STDIN : path.replaceAll('\\', '/');
  try {
    const size = path === STDIN ? 0 : statSync(path).size;
    if (size > MAX_FILE) {
      return { name, problem: `the file has ${size} bytes, the maximum is ${MAX_FILE}` };
    }
    return { name, ...decode(readFileSync(path === STDIN ? 0 : path)) };
  } catch (error) {
    return { name, problem: `the file cannot be read: ${(error as Error).message}` };
  }
}

function decode(bytes: Buffer): Pick<Source, 'text' | 'problem'> {
  const isUtf16 = bytes.length > 1 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  if (isUtf16) {
    return { problem: 'the file is encoded in UTF-16; save it as UTF-8' };
  }
  const text = bytes.toString('utf8');
  // Invalid bytes become U+FFFD. A text that contains U+FFFD is compared with its bytes, because the file itself may contain that character.
  return text.includes('\ufffd') && !Buffer.from(text).equals(bytes) ? { problem: 'the file is not valid UTF-8' } : { text };
}

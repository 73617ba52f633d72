/** Reads a file of properties from the disk. */
import type { Properties } from '../model/property';
import { Parsed, refused } from '../net/parsed';
import { parsePropertyFile } from './properties';
import { readGiven } from './regular-file';

/** The largest file of properties, in bytes. */
const MOST_BYTES = 1024 * 1024;

export function readPropertyFile(path: string): Parsed<Properties> {
  const bytes = readGiven(path, MOST_BYTES);
  return bytes.ok
    ? parsePropertyFile(path, bytes.value.toString('utf8'))
    : refused(`the properties \`${path}\` cannot be read: ${bytes.problem}`);
}

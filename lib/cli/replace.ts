/** Writes a changed file so that nothing is lost: the old or the new text is there, whatever happens. */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { accepted, Parsed, refused } from '../net/parsed';
import { readRegular, reasonOf } from '../read/regular-file';

/**
 * Replaces the text of a regular file; `file` is its real path. The new text is written to a file beside it, which is then renamed.
 *
 * Refused if the file is not what was read: another run may have changed it, or put a link in its place.
 */
export function replaceText(file: string, before: string, after: string): Parsed<undefined> {
  try {
    const stats = lstatSync(file);
    const now = readRegular(file, Buffer.byteLength(before));
    if (!stats.isFile() || !now.ok || !now.value.equals(Buffer.from(before))) {
      return refused('it has changed since it was read');
    }
    // A rename needs no permission to write the file, but the user may have withdrawn it on purpose.
    accessSync(file, constants.W_OK);
    renameInto(file, after, stats.mode);
    return accepted(undefined);
  } catch (error) {
    return refused(reasonOf(error));
  }
}

function renameInto(file: string, text: string, mode: number): void {
  const beside = join(dirname(file), `.cdk8s-cilium-${randomBytes(6).toString('hex')}.tmp`);
  const descriptor = openSync(beside, 'wx', mode);
  try {
    try {
      writeFileSync(descriptor, text);
      fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (error) {
    unlinkSync(beside);
    throw error;
  }
}

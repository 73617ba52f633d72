/** Writes a changed file so that nothing is lost: the old or the new text is there, whatever happens. */
import { createHash } from 'node:crypto';
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
import { basename, dirname, join } from 'node:path';
import { accepted, Parsed, refused } from '../net/parsed';
import { readRegular, reasonOf } from '../read/regular-file';

/**
 * Replaces the text of a regular file; `file` is its real path. The new text is written to a file beside it, which is then renamed.
 *
 * Refused if the file is not what was read: another run may have changed it, or put a link in its place. Only one run at a time can have the file
 * beside it, so none changes the file between the look at it and the renaming.
 */
export function replaceText(file: string, before: string, after: string): Parsed<undefined> {
  const beside = join(dirname(file), `.cdk8s-cilium-${createHash('sha256').update(basename(file)).digest('hex').slice(0, 16)}.tmp`);
  try {
    // A rename needs no permission to write the file, but the user may have withdrawn it on purpose.
    accessSync(file, constants.W_OK);
    const descriptor = openSync(beside, 'wx', 0o600);
    try {
      return replaced(file, before, after, { beside, descriptor });
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return refused(isTaken ? `another run is writing it, or has ended without removing \`${basename(beside)}\`` : reasonOf(error));
  }
}

interface Beside {
  readonly beside: string;
  readonly descriptor: number;
}

function replaced(file: string, before: string, after: string, { beside, descriptor }: Beside): Parsed<undefined> {
  try {
    const stats = lstatSync(file);
    const now = readRegular(file, Buffer.byteLength(before));
    if (!stats.isFile() || !now.ok || !now.value.equals(Buffer.from(before))) {
      unlinkSync(beside);
      return refused('it has changed since it was read');
    }
    writeFileSync(descriptor, after);
    fchmodSync(descriptor, stats.mode);
    fsyncSync(descriptor);
    renameSync(beside, file);
    return accepted(undefined);
  } catch (error) {
    unlinkSync(beside);
    throw error;
  }
}

/** Reads single files with a bound: never more than a maximum, and only what the user has named can make the program wait. */
import { closeSync, constants, createReadStream, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { accepted, Parsed, refused } from '../net/parsed';

const CHUNK = 1024 * 1024;

/** Reads a regular file of at most `most` bytes. The message of a refusal says why, and quotes nothing. */
export function readRegular(path: string, most: number): Parsed<Buffer> {
  return allOf(openRegular(path), most);
}

/** Reads a file that the user has named, which may also be a pipe, for example one that a shell makes for `<(command)`. */
export function readGiven(path: string, most: number): Parsed<Buffer> {
  return allOf(openGiven(path), most);
}

/** Such a file as a stream, for files of any size. */
export function streamGiven(path: string): Parsed<AsyncIterable<Buffer>> {
  const descriptor = openGiven(path);
  return descriptor.ok ? accepted(createReadStream('', { fd: descriptor.value })) : descriptor;
}

/** Reads standard input until it ends. */
export function readStdin(most: number): Parsed<Buffer> {
  return allOf(accepted(STDIN), most);
}

const STDIN = 0;

function openGiven(path: string): Parsed<number> {
  try {
    return isGivenPipe(path) ? accepted(openSync(path, constants.O_RDONLY)) : openRegular(path);
  } catch (error) {
    return refused(reasonOf(error));
  }
}

/** Whether a path is a pipe or a device, and not a link in a repository that leads to one. */
function isGivenPipe(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  const isPipe = stats !== undefined && !stats.isFile() && !stats.isDirectory();
  return isPipe && (path.startsWith('/dev/') || !lstatSync(path).isSymbolicLink());
}

function openRegular(path: string): Parsed<number> {
  try {
    // A pipe without a writer would block the call that opens it.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (stats.isFile()) {
      return accepted(descriptor);
    }
    closeSync(descriptor);
    return refused(stats.isDirectory() ? 'it is a folder' : 'it is not a regular file');
  } catch (error) {
    return refused(reasonOf(error));
  }
}

/** Reads to the end, and closes. */
function allOf(descriptor: Parsed<number>, most: number): Parsed<Buffer> {
  if (!descriptor.ok) {
    return descriptor;
  }
  try {
    return readAll(descriptor.value, most);
  } catch (error) {
    return refused(reasonOf(error));
  } finally {
    if (descriptor.value !== STDIN) {
      closeSync(descriptor.value);
    }
  }
}

/** The size of some files, for example below `/proc`, is known only when they are read. */
function readAll(descriptor: number, most: number): Parsed<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const length = readSync(descriptor, chunk);
    if (length === 0) {
      return accepted(Buffer.concat(chunks));
    }
    size += length;
    if (size > most) {
      return refused(`it has more than ${most} bytes`);
    }
    chunks.push(length < CHUNK ? Buffer.from(chunk.subarray(0, length)) : chunk);
  }
}

/** Why the system refuses a file, without its path. */
export function reasonOf(error: unknown): string {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? code;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its links lead in a circle',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'there is no space left',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
};

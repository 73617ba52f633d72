/** Writes to standard output and standard error. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { printable } from '../net/printable';

/** Writes a text and waits until it is written completely. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}

/** Writes a line to standard error. It may have texts of a stranger's repository, so it is made safe. */
export function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** Whether a stream is a terminal that shows colours. NO_COLOR and FORCE_COLOR take precedence. */
export function usesColor(stream: Pick<WriteStream, 'isTTY'>): boolean {
  const { NO_COLOR = '', FORCE_COLOR, TERM } = process.env;
  return NO_COLOR === '' && (FORCE_COLOR === undefined ? stream.isTTY && TERM !== 'dumb' : !['', '0', 'false'].includes(FORCE_COLOR));
}

/** The version of this package. */
export function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { readonly version: string };
  return text;
}

/** Files are read with a bound. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGiven, readRegular } from '../../lib/read/regular-file';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'regular-'));
  writeFileSync(join(folder, 'ten'), '0123456789');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('ten', join(folder, 'link'));
  symlinkSync('/dev/zero', join(folder, 'zero'));
  symlinkSync('pipe', join(folder, 'to-pipe'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['ten', 10, '0123456789'],
  ['link', 10, '0123456789'],
  ['ten', 9, 'it has more than 9 bytes'],
  ['nothing', 9, 'it does not exist'],
  ['.', 9, 'it is a folder'],
  ['pipe', 9, 'it is not a regular file'],
  ['zero', 9, 'it is not a regular file'],
])('reading %s of at most %i bytes: %s', (name, most, expected) => {
  const bytes = readRegular(join(folder, name), most);
  expect(bytes.ok ? bytes.value.toString() : bytes.problem).toBe(expected);
});

test('a file whose size the system does not tell is bounded too', () => {
  expect(readRegular('/proc/self/status', 20)).toMatchObject({ ok: false, problem: 'it has more than 20 bytes' });
  expect(readRegular('/proc/self/status', 100_000)).toMatchObject({ ok: true });
});

test('a user can name a device, which is bounded, and a link to one is not read', () => {
  expect(readGiven('/dev/zero', 5_000_000)).toMatchObject({ ok: false, problem: 'it has more than 5000000 bytes' });
  expect(readGiven(join(folder, 'zero'), 10)).toMatchObject({ ok: false, problem: 'it is not a regular file' });
  expect(readGiven(join(folder, 'to-pipe'), 10)).toMatchObject({ ok: false, problem: 'it is not a regular file' });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPaths } from '../../lib/read/files';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, content: string | Buffer): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function names(...paths: string[]): string[] {
  return readPaths(paths.map((path) => join(folder, path))).map(({ name }) => name.slice(folder.length + 1));
}

test('a folder is read with its subfolders, sorted by name, YAML and JSON only', () => {
  ['b.yml', 'a.yaml', 'c.JSON', 'd.txt', 'sub/e.yaml', '.git/f.yaml', 'node_modules/g.yaml'].forEach((path) => write(path, 'a: 1\n'));
  expect(names('.')).toEqual(['a.yaml', 'b.yml', 'c.JSON', 'sub/e.yaml']);
});

test('a path to a file is read whatever its extension, and only once', () => {
  write('d.txt', 'a: 1\n');
  expect(names('d.txt', 'd.txt')).toEqual(['d.txt']);
});

test('a symbolic link to a file is followed, a link to a folder is not', () => {
  write('real/a.yaml', 'a: 1\n');
  symlinkSync(join(folder, 'real/a.yaml'), join(folder, 'link.yaml'));
  symlinkSync(join(folder, 'real'), join(folder, 'loop.yaml'));
  expect(names('.')).toEqual(['link.yaml', 'real/a.yaml']);
});

test('a path that does not exist is an error', () => {
  expect(() => names('nowhere')).toThrow('no such file or folder `');
});

test.each<[string, Buffer, object]>([
  ['UTF-8', Buffer.from('a: é\n'), { text: 'a: é\n' }],
  ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), { problem: 'the file is encoded in UTF-16; save it as UTF-8' }],
  ['invalid bytes', Buffer.from([0x61, 0xff, 0x61]), { problem: 'the file is not valid UTF-8' }],
  ['the replacement character itself', Buffer.from('a: \ufffd\n'), { text: 'a: \ufffd\n' }],
])('%s', (_, bytes, expected) => {
  write('a.yaml', bytes);
  expect(readPaths([join(folder, 'a.yaml')])).toMatchObject([expected]);
});

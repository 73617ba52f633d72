/** A fix replaces a file so that nothing is lost. */
import fs, { chmodSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceText } from '../../lib/cli/replace';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-'));
  writeFileSync(join(folder, 'a.yaml'), 'old\n');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const replaced = (name: string, before: string) => {
  const answer = replaceText(join(folder, name), before, 'new\n');
  return answer.ok ? 'replaced' : answer.problem;
};

test('the file has the new text and its mode, and no other file is left', () => {
  chmodSync(join(folder, 'a.yaml'), 0o751);
  expect(replaced('a.yaml', 'old\n')).toBe('replaced');
  expect([readFileSync(join(folder, 'a.yaml'), 'utf8'), statSync(join(folder, 'a.yaml')).mode & 0o777]).toEqual(['new\n', 0o751]);
  expect(readdirSync(folder)).toEqual(['a.yaml']);
});

test('a file that has changed since it was read stays as it is', () => {
  expect(replaced('a.yaml', 'older\n')).toBe('it has changed since it was read');
  expect(replaced('a.yaml', 'ol')).toBe('it has changed since it was read');
  expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('old\n');
});

test('a link is not written through, even if it leads to the same text', () => {
  symlinkSync('a.yaml', join(folder, 'b.yaml'));
  expect(replaced('b.yaml', 'old\n')).toBe('it has changed since it was read');
  expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('old\n');
});

test('another hard link of the file keeps the old text', () => {
  linkSync(join(folder, 'a.yaml'), join(folder, 'other'));
  expect(replaced('a.yaml', 'old\n')).toBe('replaced');
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('old\n');
});

test('two runs do not write a file at once', () => {
  const names: string[] = [];
  jest.spyOn(fs, 'fsyncSync').mockImplementationOnce(() => {
    names.push(...readdirSync(folder).filter((name) => name.endsWith('.tmp')));
    expect(replaced('a.yaml', 'old\n')).toBe(`another run is writing it, or has ended without removing \`${names[0]}\``);
  });
  expect(replaced('a.yaml', 'old\n')).toBe('replaced');
  expect([names.length, readFileSync(join(folder, 'a.yaml'), 'utf8'), readdirSync(folder)]).toEqual([1, 'new\n', ['a.yaml']]);
});

test('a write that fails leaves the old text and no other file', () => {
  jest.spyOn(fs, 'fsyncSync').mockImplementationOnce(() => {
    throw Object.assign(new Error(), { code: 'ENOSPC' });
  });
  expect(replaced('a.yaml', 'old\n')).toBe('there is no space left');
  expect([readFileSync(join(folder, 'a.yaml'), 'utf8'), readdirSync(folder)]).toEqual(['old\n', ['a.yaml']]);
});

test('a file that is gone is an error', () => {
  expect(replaced('nothing.yaml', 'old\n')).toBe('it does not exist');
  expect(readdirSync(folder)).toEqual(['a.yaml']);
});

/** The command line is started as a file: by npm's links, and by the scripts of a Python wheel. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { MAIN } from '../support/cli';

test('the built command line is executable by everybody, and runs when it is called as a file', () => {
  expect(statSync(MAIN).mode & 0o111).toBe(0o111);
  expect(execFileSync(MAIN, ['explain', 'CIL201'], { encoding: 'utf8' })).toContain('mixed-peer-kinds');
});

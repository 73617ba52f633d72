/** A sample of `npm run hostile`, with the library as it was built. */
import { spawnSync } from 'node:child_process';

test('two thousand hostile inputs break no promise', () => {
  const { stdout, status } = spawnSync('node', ['scripts/hostile.mjs', '--seed', '1', '--cases', '2000'], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringContaining('2000 cases')]);
}, 120_000);

import { progressOn } from '../../lib/cli/progress';

function shown(isTTY: boolean, times: readonly number[]): string {
  const written: string[] = [];
  const clock = [...times];
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
  const progress = progressOn(stream, () => clock[0]);
  times.slice(1).forEach((_, i) => {
    clock.shift();
    progress.show('read', i + 1, times.length - 1);
  });
  progress.end();
  return written.join('').replaceAll('\r\u001b[K', '|');
}

test('long work shows its progress ten times a second, and clears it at the end', () => {
  expect(shown(true, [0, 100, 600, 650, 710])).toBe('|read 2 of 4|read 4 of 4|');
});

test('short work, and work in a pipe, show nothing', () => {
  expect(shown(true, [0, 100, 200])).toBe('');
  expect(shown(false, [0, 600, 900])).toBe('');
});

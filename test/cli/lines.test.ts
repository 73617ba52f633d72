/** Lines of a stream, with a bound. */
import { Readable } from 'node:stream';
import { linesOf } from '../../lib/cli/lines';

/** The numbers of lines with their texts, or with what is wrong. */
type Found = [number, string];

async function lines(chunks: readonly (string | Buffer)[], most?: number): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { number, text } of linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), most)) {
    found.push([number, text.ok ? text.value : text.problem]);
  }
  return found;
}

test.each<[string, (string | Buffer)[], Found[]]>([
  [
    'several lines in a chunk',
    ['a\nb\n'],
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  [
    'a line in several chunks',
    ['a', 'b', 'c\nd'],
    [
      [1, 'abc'],
      [2, 'd'],
    ],
  ],
  ['empty lines, which count', ['\n \r\na\r\n\n'], [[3, 'a']]],
  ['a character in two chunks', [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], [[1, 'é']]],
  ['nothing', [], []],
])('%s', async (_, chunks, expected) => {
  expect(await lines(chunks)).toEqual(expected);
});

test('a line that is too long or not UTF-8 is a problem, and the next line is read', async () => {
  expect(await lines(['12345\n123456\n', '1234', '5678', '90\n', Buffer.from([0xff, 0x0a]), 'a'], 5)).toEqual([
    [1, '12345'],
    [2, 'has more than 5 bytes'],
    [3, 'has more than 5 bytes'],
    [4, 'is not valid UTF-8'],
    [5, 'a'],
  ]);
});

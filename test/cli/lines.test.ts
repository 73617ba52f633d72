/** Lines of a stream, with a bound. */
import { Line, linesOf } from '../../lib/cli/lines';

async function lines(chunks: readonly (string | Buffer)[], most?: number): Promise<Line[]> {
  const found: Line[] = [];
  for await (const line of linesOf(chunksOf(chunks), most)) {
    found.push(line);
  }
  return found;
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous
async function* chunksOf(chunks: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield Buffer.from(chunk);
  }
}

test.each<[string, (string | Buffer)[], Line[]]>([
  [
    'several lines in a chunk',
    ['a\nb\n'],
    [
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ],
  ],
  [
    'a line in several chunks',
    ['a', 'b', 'c\nd'],
    [
      { number: 1, text: 'abc' },
      { number: 2, text: 'd' },
    ],
  ],
  ['empty lines, which count', ['\n \r\na\r\n\n'], [{ number: 3, text: 'a' }]],
  ['a character in two chunks', [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], [{ number: 1, text: 'é' }]],
  ['nothing', [], []],
])('%s', async (_, chunks, expected) => {
  expect(await lines(chunks)).toEqual(expected);
});

test('a line that is too long or not UTF-8 is a problem, and the next line is read', async () => {
  expect(await lines(['12345\n123456\n', '1234', '5678', '90\n', Buffer.from([0xff, 0x0a]), 'a'], 5)).toEqual([
    { number: 1, text: '12345' },
    { number: 2, problem: 'the line has more than 5 bytes' },
    { number: 3, problem: 'the line has more than 5 bytes' },
    { number: 4, problem: 'the line is not valid UTF-8' },
    { number: 5, text: 'a' },
  ]);
});

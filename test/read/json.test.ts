/** JSON of strangers. */
import { endOfJson, parseJsonText } from '../../lib/read/json';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test.each([
  ['{"a": "[[[\\"[["}', true],
  [nested(200), true],
  [`"${'['.repeat(1000)}"`, true],
  [nested(201), 'is nested more than 200 levels deep'],
  ['['.repeat(1_000_000), 'is nested more than 200 levels deep'],
  ['TOKEN=s3cret', 'is not valid JSON'],
  ['{"a": s3cret}', 'is not valid JSON'],
  ['"s3cret', 'is not valid JSON at character 8'],
])('%.40j is JSON or not, and an error quotes nothing', (text, expected) => {
  const parsed = parseJsonText(text);
  expect(parsed.ok || parsed.problem).toEqual(expected);
});

test.each([
  ['{"a": "}"} {', 10],
  ['[1, [2]] x', 8],
  ['"a\\"b" c', 6],
  ['null{}', 4],
  ['-1.5e+3,', 7],
  ['truefalse', undefined],
  ['{"a": }', undefined],
  ['}', undefined],
  ['{', undefined],
])('the value at the beginning of %j ends at %p', (text, end) => {
  expect(endOfJson(text, 0)).toBe(end);
});

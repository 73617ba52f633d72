import * as fc from 'fast-check';
import { parseLogValue } from '../../lib/net/log-value';
import { crdPattern, MINORS } from './crd-pattern';
import { anyText, long } from './texts';

test.each([
  ['nothing', ''],
  ['a word', 'allowed'],
  ['a sentence', 'web may ask the API (v2): yes!'],
  ['letters beyond ASCII', 'größer ≥ 数'],
  ['a pictogram', '🚀'],
  ['a combining mark', 'e\u0301'],
  ['a blank that does not break', 'a\u00a0b'],
  ['a line separator', 'a\u2028b'],
  ['32 characters', 'x'.repeat(32)],
  ['32 characters of two halves each', '🚀'.repeat(32)],
])('a log value may be %s', (_, text) => {
  expect(parseLogValue(text)).toEqual({ ok: true, value: text });
});

test.each([
  ['a tab', 'a\tb'],
  ['a line break', 'a\n'],
  ['a null character', '\u0000'],
  ['an escape', '\u001b[31m'],
  ['a soft hyphen', 'a\u00adb'],
  ['a joiner of pictograms', '👩\u200d🚀'],
  ['a byte-order mark', '\ufeffa'],
  ['a character of private use', '\ue000'],
  ['a character that no one has assigned', '\u0378'],
  ['a character that is none', '\uffff'],
  ['half of a surrogate pair', '\ud83d'],
  ['33 characters', 'x'.repeat(33)],
])('a log value may not hold %s', (_, text) => {
  expect(parseLogValue(text).ok).toBe(false);
});

test.each([
  ['🚀'.repeat(33), 'log value has 33 characters, the most is 32', undefined],
  ['a\tb', 'log value has non-printable characters', 'use only printable characters'],
])('the refusal of %j says what to write', (text, problem, help) => {
  expect(parseLogValue(text)).toEqual({ ok: false, problem, help });
});

test.each(MINORS)('a text is taken exactly when the CRD of %s takes it', (minor) => {
  const pattern = crdPattern('log.value', minor);
  fc.assert(fc.property(anyText, (text) => parseLogValue(text).ok === (pattern.test(text) && Array.from(text).length <= 32)));
});

test.each(['a', '🚀', '\n', '\u0378', '\ud83d'])('100,000 characters of %j are no log value', (part) => {
  expect(parseLogValue(long(part)).ok).toBe(false);
});

import { accepted } from '../../lib/net/parsed';
import { remember } from '../../lib/net/remember';

/** A parser that counts how often it was asked. */
function counted() {
  const asked: string[] = [];
  const parse = remember((text) => {
    asked.push(text);
    return accepted({ text });
  });
  return { asked, parse };
}

test('what was answered once is answered again, without asking', () => {
  const { asked, parse } = counted();
  expect(parse('a')).toBe(parse('a'));
  expect(parse('b')).toEqual({ ok: true, value: { text: 'b' } });
  expect(asked).toEqual(['a', 'b']);
});

test('a text of up to 256 characters is remembered, a longer one is not', () => {
  const { asked, parse } = counted();
  const [short, long] = ['x'.repeat(256), 'x'.repeat(257)];
  [short, short, long, long].forEach(parse);
  expect(asked).toEqual([short, long, long]);
});

test('after 10,000 answers everything is forgotten', () => {
  const { asked, parse } = counted();
  const texts = Array.from({ length: 10_000 }, (_, i) => String(i));
  [...texts, '0'].forEach((text) => parse(text));
  expect(asked).toHaveLength(10_000);
  ['one more', '0'].forEach((text) => parse(text));
  expect(asked.slice(10_000)).toEqual(['one more', '0']);
});

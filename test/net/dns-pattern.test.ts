import * as fc from 'fast-check';
import { MAX_DNS_NAME, parseDnsPattern } from '../../lib/net/dns-pattern';
import { crdPattern, MINORS } from './crd-pattern';
import { anyText, long, textOf } from './texts';

test.each<[string, string, string]>([
  ['a name is a name', 'api.example.com', 'api.example.com'],
  ['case does not matter', 'API.Example.COM', 'api.example.com'],
  ['a dot behind the last label does not matter', 'api.example.com.', 'api.example.com'],
  ['one label is a name', 'localhost', 'localhost'],
  ['an underscore is a letter', '_dns._udp.example.com', '_dns._udp.example.com'],
  ['a hyphen may stand anywhere', '-a-.b', '-a-.b'],
  ['an address is a name like others', '10.0.0.1', '10.0.0.1'],
])('%s: `%s`', (_, text, name) => {
  expect(parseDnsPattern(text)).toEqual({ ok: true, value: { is: 'name', name } });
});

test.each<[string, string]>([
  ['everything', '*'],
  ['one label in front', '*.example.com'],
  ['labels in front', '**.example.com'],
  ['a part of a label', 'api-*.example.com'],
  ['a label in the middle', 'a.*.example.com'],
  ['several parts', '*a*.*'],
  ['with upper case and a dot behind, as written', '*.Example.com.'],
])('a text with a star is a pattern, kept as written: %s', (_, pattern) => {
  expect(parseDnsPattern(pattern)).toEqual({ ok: true, value: { is: 'pattern', pattern } });
});

test.each([
  ['nothing', ''],
  ['a dot alone', '.'],
  ['a dot in front', '.example.com'],
  ['two dots', 'api..example.com'],
  ['two dots behind', 'example.com..'],
  ['a blank', 'example .com'],
  ['a line break behind', 'example.com\n'],
  ['a slash', 'example.com/'],
  ['a port', 'example.com:443'],
  ['a question mark', 'api?.example.com'],
  ['brackets', 'api[1-5].example.com'],
  ['an expression', '^api\\.example\\.com$'],
  ['a letter beyond ASCII', 'bücher.example'],
  ['half of a surrogate pair', '\ud800.example'],
  ['256 characters', `${'a.'.repeat(127)}ab`],
])('%s makes no DNS name', (_, text) => {
  expect(parseDnsPattern(text).ok).toBe(false);
});

test('a name may have 255 characters, its last dot included', () => {
  expect(parseDnsPattern(`${'a'.repeat(MAX_DNS_NAME - 1)}.`).ok).toBe(true);
  expect(parseDnsPattern(`${'a'.repeat(MAX_DNS_NAME)}.`).ok).toBe(false);
});

test.each([
  ['a'.repeat(256), 'DNS name has 256 characters, the most is 255', undefined],
  ['a😀.b', 'DNS name `a😀.b` contains `😀`', 'write letters, digits, `-`, `_` and `.`, with `*` as the only wildcard'],
  ['a..b', 'DNS name `a..b` has an empty label', 'write labels with single dots between them, such as `api.example.com`'],
])('the refusal of `%s` says what to write', (text, problem, help) => {
  expect(parseDnsPattern(text)).toEqual({ ok: false, problem, help });
});

test.each(MINORS)('a text of up to 255 characters is taken exactly when the CRD of %s takes it', (minor) => {
  const name = crdPattern('egress.toFQDNs.matchName', minor);
  const pattern = crdPattern('egress.toFQDNs.matchPattern', minor);
  fc.assert(
    fc.property(textOf(['a', 'Z', '0', '-', '_', '.', '*', 'é', ' ', '\n'], 8), (text) => {
      expect(parseDnsPattern(text).ok).toBe((text.includes('*') ? pattern : name).test(text));
    }),
  );
});

test('a name reads back, however it is written', () => {
  fc.assert(
    fc.property(textOf(['a', 'Z', '0', '-', '.x'], 20), fc.constantFrom('', '.'), (text, dot) => {
      const once = parseDnsPattern(`x${text}${dot}`);
      expect(once).toEqual(parseDnsPattern(`x${text}`.toLowerCase()));
      expect(once.ok && once.value.is === 'name' && parseDnsPattern(once.value.name)).toEqual(once);
    }),
  );
});

test('whatever is asked, there is an answer', () => {
  fc.assert(fc.property(anyText, (text) => typeof parseDnsPattern(text).ok === 'boolean'));
});

test.each(['a', '.', 'a.', '*', '*.', '-_'])('100,000 characters of `%s` are no DNS name', (part) => {
  expect(parseDnsPattern(long(part)).ok).toBe(false);
});

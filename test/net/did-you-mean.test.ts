import * as fc from 'fast-check';
import { closest } from '../../lib/net/did-you-mean';
import { anyText, long } from './texts';

const WORDS = ['all', 'world', 'cluster', 'host', 'remote-node', 'kube-apiserver', 'ingress'];

test.each<[string, string, string | undefined]>([
  ['two letters in the wrong order', 'wrold', 'world'],
  ['a letter too few', 'clster', 'cluster'],
  ['a letter too many', 'hosst', 'host'],
  ['a wrong letter', 'ingresz', 'ingress'],
  ['a wrong first letter', 'forld', 'world'],
  ['another case', 'KUBE-APISERVER', 'kube-apiserver'],
  ['another hyphen', 'remote_node', 'remote-node'],
  ['no hyphen', 'kubeapiserver', 'kube-apiserver'],
  ['four wrong letters of fourteen', 'kube-apiseXXXX', 'kube-apiserver'],
  ['five wrong letters of fourteen', 'kube-apisXXXXX', undefined],
  ['the word itself', 'all', 'all'],
  ['a shorter word of one letter less', 'al', 'all'],
  ['two wrong letters of four', 'hxxt', undefined],
  ['the half of a word', 'kube', undefined],
  ['a word with something behind', 'worldwide', undefined],
  ['another word', 'database', undefined],
  ['nothing', '', undefined],
])('%s: by `%s` was meant %s', (_, text, word) => {
  expect(closest(text, WORDS)).toBe(word);
});

test('of equally near words the first was meant', () => {
  expect(closest('cat', ['bat', 'hat'])).toBe('bat');
  expect(closest('cat', ['hat', 'bat'])).toBe('hat');
});

test('of two words the nearer was meant, wherever it stands', () => {
  expect(closest('IPv4', ['IPv6', 'IPv4'])).toBe('IPv4');
  expect(closest('EchoRequst', ['EchoReply', 'EchoRequest'])).toBe('EchoRequest');
});

test('of no words none was meant', () => {
  expect(closest('world', [])).toBeUndefined();
});

const words = fc.array(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', 'c', 'd') }), { minLength: 1, maxLength: 5 });

test('a word is nearest to itself', () => {
  fc.assert(fc.property(words, fc.nat(), (all, n) => closest(all[n % all.length], all) === all[n % all.length]));
});

test('one wrong, missing or superfluous letter, or two swapped ones, never hide a word', () => {
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(), (all, n, at) => {
      const word = all[n % all.length];
      const [head, tail] = [word.slice(0, at % word.length), word.slice(at % word.length)];
      const typos = [`${head}x${tail.slice(1)}`, head + tail.slice(1), `${head}x${tail}`, head + (tail[1] ?? '') + tail[0] + tail.slice(2)];
      for (const typo of typos) {
        expect(all).toContain(closest(typo, all));
      }
    }),
  );
});

test('whatever is asked, the answer is one of the words or none', () => {
  fc.assert(
    fc.property(anyText, fc.array(anyText), (text, all) => {
      expect([...all, undefined]).toContain(closest(text, all));
    }),
  );
});

test.each(['a', 'world', ' ', '😀'])('by 100,000 characters of `%s` no word was meant', (part) => {
  expect(closest(long(part), WORDS)).toBeUndefined();
});

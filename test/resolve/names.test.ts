/** Which names of DNS a pattern matches: Cilium translates it to a regular expression, and we do not. */
import fc from 'fast-check';
import type { Minor } from '../../lib/crd/minor';
import { verdict } from '../../lib/engine';
import { matchesName } from '../../lib/resolve/names';
import { policy } from '../support/check';

test.each([
  // A star ends where its label does, and stands for nothing too.
  ['*.example.com', 'api.example.com', true],
  ['*.example.com', 'v1.api.example.com', false],
  ['*.example.com', 'example.com', false],
  ['api*.example.com', 'api.example.com', true],
  // Alone it is every name, and the root.
  ['*', 'v1.api.example.com', true],
  ['*', '', true],
  // What is no character of a name it does not stand for.
  ['*', 'api.exam/ple.com', false],
  ['a*b', 'a/xb', false],
  // Of two the first may stand for more.
  ['a*b', 'acb', true],
  ['a*b*c', 'abxbbc', true],
  ['a*b*c', 'abxcb', false],
  ['ab', 'xab', false],
  ['API.Example.COM.', 'api.example.com', true],
])('%j and %j match: %j', (pattern, name, matches) => {
  expect([matchesName(pattern, name, '1.18'), matchesName(pattern, name, '1.20')]).toEqual([matches, matches]);
});

test.each([
  ['**.example.com', 'v1.api.example.com', true],
  ['**.example.com', 'api.example.com', true],
  ['**.example.com', 'example.com', false],
  ['**.example.com', 'v/1.api.example.com', false],
  ['**', 'v1.api.example.com', true],
  ['*.', 'api.example.com', true],
])('from 1.19 on %j and %j match: %j', (pattern, name, matches) => {
  expect([matchesName(pattern, name, '1.19'), matchesName(pattern, name, '1.20')]).toEqual([matches, matches]);
});

/** Source: cilium `pkg/fqdn/matchpattern/matchpattern.go`, Sanitize and ToAnchoredRegexp; there a name has a dot at its end. */
function expression(pattern: string, minor: Minor): RegExp {
  if (minor === '1.18' ? pattern === '*' : /^\*+\.?$/.test(pattern)) {
    return /(^([-a-zA-Z0-9_]+[.])+$)|(^[.]$)/;
  }
  const dotted = (pattern.endsWith('.') ? pattern : `${pattern}.`).replaceAll('.', '[.]');
  const deep = minor === '1.18' ? dotted : dotted.replace(/^\*{2,}\[\.\]/, '([-a-zA-Z0-9_]+([.][-a-zA-Z0-9_]+){0,})[.]');
  return new RegExp(`^${deep.replace(/\*+/g, '[-a-zA-Z0-9_]*')}$`);
}

const letters = (...all: readonly string[]) => fc.string({ unit: fc.constantFrom(...all), minLength: 1, maxLength: 9 });

test.each(['1.18', '1.19', '1.20'] as const)("in %s what matches is what Cilium's regular expression matches", (minor) => {
  fc.assert(
    fc.property(letters('a', 'b', '*', '.'), letters('a', 'b', '.', '/'), (pattern, name) => {
      expect([pattern, name, matchesName(pattern, name, minor)]).toEqual([pattern, name, expression(pattern, minor).test(`${name}.`)]);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['{ matchName: API.Example.com. }', true],
  ['{ matchPattern: Api.example.com }', true],
  ['{ matchPattern: "*.Example.com" }', true],
  ['{ matchName: www.example.com }', false],
])('an address of api.example.com is meant by %s: %j', (peer, isMeant) => {
  const sources = [{ name: 'p.yaml', text: policy(`  endpointSelector: {}\n  egress:\n    - toFQDNs: [${peer}]\n`) }];
  const names = { 'api.example.com': ['192.0.2.1'] };
  expect(verdict(sources, { from: 'labels:app=web@shop', to: 'ip:192.0.2.1', port: 443 }, { names, learn: false }).allowed).toBe(isMeant);
});

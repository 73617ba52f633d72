/** Fixes: those that are certain, and guesses where they are wanted. */
import { applyFixes } from '../../lib/checks/apply-fixes';
import { checkSources } from '../../lib/checks/check-texts';
import { policy } from '../support/check';
import { settingsOf } from '../support/settings';

/** The text after one round of fixes; `undefined` if nothing is fixed. */
function fixed(text: string, withUnsafe = false): string | undefined {
  const { fixes, read } = checkSources([{ name: 'a.yaml', text }], settingsOf());
  return applyFixes(fixes, read.problems, withUnsafe).at(0)?.text;
}

const rules = (peer: string) => policy(`  endpointSelector: {}\n  ingress: [${peer}]\n`);

test('what is certain is fixed', () => {
  expect(fixed(rules('{fromCIDR: [192.0.2.1]}'))).toBe(rules('{fromCIDR: [192.0.2.1/32]}'));
});

test.each([
  ['has a tag', '{fromCIDR: [!!str 192.0.2.1]}'],
  ['has an anchor', '{fromCIDR: [&a 192.0.2.1]}'],
  ['is an alias', '{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{host: &a 192.0.2.1}]}}]}, {fromCIDR: [*a]}'],
  ['is in a list with an anchor', '{fromCIDR: &a [192.0.2.1]}'],
  ['is merged', '{<<: {fromCIDR: [192.0.2.1]}}'],
])('a value that %s is left as it is', (_, peer) => {
  expect(fixed(rules(peer))).toBeUndefined();
});

test('a fix that would make the rest of a text another document is left out', () => {
  expect(fixed('{"apiVersion":"\r","kind":"CiliumNetworkPolicy","":""}}')).toBeUndefined();
});

test.each([
  ['host bits', '{fromCIDR: [10.1.2.3/16]}', '{fromCIDR: [10.1.0.0/16]}'],
  ['a method in lower case', httpRule('get', '/a'), httpRule('GET', '/a')],
  ['a path without a slash', httpRule('GET', 'a'), httpRule('GET', '/a')],
])('%s is fixed only if guesses are wanted', (_, before, after) => {
  expect(fixed(rules(before))).toBeUndefined();
  expect(fixed(rules(before), true)).toBe(rules(after));
});

function httpRule(method: string, path: string): string {
  return `{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: ${method}, path: ${path}}]}}]}`;
}

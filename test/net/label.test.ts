import * as fc from 'fast-check';
import { KeyRules, parseKubernetesKey, parseLabelValue, parseNamespaceName, parseObjectName, parseSelectorKey } from '../../lib/net/label';
import { crdPattern, MINORS } from './crd-pattern';
import { anyText, long, textOf } from './texts';

const k = (length: number) => 'k'.repeat(length);
const labels = (length: number) => `${'a.'.repeat(Math.floor((length - 1) / 2))}${length % 2 === 0 ? 'aa' : 'a'}`;

/** What 1.18 and 1.19 make of a key, and what 1.20 makes of it: `any:app`, or nothing if the key is refused. */
test.each<[what: string, text: string, before: string | undefined, now: string | undefined]>([
  ['a bare key', 'app', 'any:app', 'any:app'],
  ['a key with a domain', 'example.com/app', 'any:example.com/app', 'any:example.com/app'],
  ['a key with dots, underscores and hyphens', 'A_b-c.D', 'any:A_b-c.D', 'any:A_b-c.D'],
  ['a source', 'k8s:app', 'k8s:app', 'k8s:app'],
  ['a source and a domain', 'k8s:example.com/app', 'k8s:example.com/app', 'k8s:example.com/app'],
  ['a source in upper case', 'K8S:app', 'K8S:app', 'K8S:app'],
  ['a source in upper case, and a domain', 'K8S:example.com/app', undefined, 'K8S:example.com/app'],
  ['any source', 'any:app', 'any:app', 'any:app'],
  ['a reserved key', 'reserved:host', 'reserved:host', 'reserved:host'],
  ['a reserved key, in short', '$host', 'reserved:host', undefined],
  ['a reserved key, with a dot', 'reserved.host', 'reserved:host', 'any:reserved.host'],
  ['another source with a dot', 'k8s.app', 'any:k8s.app', 'any:k8s.app'],
  ['a source with an underscore', 'k8s_x:app', 'k8s_x:app', undefined],
  ['a source with a slash', 'example.com/x:app', 'example.com/x:app', undefined],
  ['an empty source', ':app', 'any:app', undefined],
  ['two sources', 'k8s:any:app', undefined, undefined],
  ['a value', 'app=web', 'any:app', undefined],
  ['a source and a value', 'k8s:app=web', 'k8s:app', undefined],
  ['a source alone', 'k8s:', undefined, undefined],
  ['a dollar alone', '$', undefined, undefined],
  ['nothing', '', undefined, undefined],
  ['a colon alone', ':', undefined, undefined],
  ['two slashes', 'a/b/c', undefined, undefined],
  ['an empty domain', '/app', undefined, undefined],
  ['an empty name', 'example.com/', undefined, undefined],
  ['a domain in upper case', 'Example.com/app', undefined, undefined],
  ['a domain with an underscore', 'my_domain/app', undefined, undefined],
  ['a domain with an empty label', 'example..com/app', undefined, undefined],
  ['a blank', 'my app', undefined, undefined],
  ['a line break behind', 'app\n', undefined, undefined],
  ['a letter beyond ASCII', 'größe', undefined, undefined],
  ['a hyphen in front', '-app', 'any:-app', undefined],
  ['a hyphen behind a source', 'k8s:-app', 'k8s:-app', undefined],
  ['a dot behind', 'app.', undefined, undefined],
  ['59 characters', k(59), `any:${k(59)}`, `any:${k(59)}`],
  ['60 characters', k(60), undefined, `any:${k(60)}`],
  ['63 characters', k(63), undefined, `any:${k(63)}`],
  ['64 characters', k(64), undefined, undefined],
  ['63 characters behind a domain', `x/${k(63)}`, `any:x/${k(63)}`, `any:x/${k(63)}`],
  ['64 characters behind a domain', `x/${k(64)}`, undefined, undefined],
  ['a domain of 249 characters', `${labels(249)}/app`, `any:${labels(249)}/app`, `any:${labels(249)}/app`],
  ['a domain of 250 characters', `${labels(250)}/app`, undefined, `any:${labels(250)}/app`],
  ['a domain of 253 characters', `${labels(253)}/app`, undefined, `any:${labels(253)}/app`],
  ['a domain of 254 characters', `${labels(254)}/app`, undefined, undefined],
])('each minor reads %s in its own way', (_, text, before, now) => {
  expect(keyOf(text, 'prefixed')).toBe(before);
  expect(keyOf(text, 'raw')).toBe(now);
});

function keyOf(text: string, rules: KeyRules): string | undefined {
  const parsed = parseSelectorKey(text, rules);
  return parsed.ok ? `${parsed.value.source ?? 'any'}:${parsed.value.key}` : undefined;
}

test('a key without a source has none, and one with `any` has that', () => {
  expect(parseSelectorKey('app', 'raw')).toEqual({ ok: true, value: { key: 'app' } });
  expect(parseSelectorKey('any:app', 'raw')).toEqual({ ok: true, value: { source: 'any', key: 'app' } });
});

test.each<[KeyRules, string, string]>([
  ['raw', 'a:b:c', 'label key `a:b:c` has more than one `:`'],
  ['raw', 'a_b:c', 'label key `a_b:c` has source `a_b`, but a source has only letters and digits'],
  ['raw', 'a/b/c', 'label key `a/b/c` has more than one `/`'],
  ['raw', 'A/b', 'label key `A/b` has a domain that is not a lower-case DNS name'],
  ['raw', `${labels(254)}/b`, `label key \`${labels(254)}/b\` has a domain that has 254 characters, the most is 253`],
  ['raw', 'a/', 'label key `a/` has an empty name'],
  ['raw', `a/${k(64)}`, `label key \`a/${k(64)}\` has a name of 64 characters, the most is 63`],
  ['raw', 'a b', 'label key `a b` has characters that are not allowed in a label'],
  ['prefixed', k(60), `label key \`${k(60)}\` becomes \`any.${k(60)}\`, which has a name of 64 characters, the most is 63`],
])('by the %s rules, the refusal of `%s` says what is wrong', (rules, text, problem) => {
  expect(parseSelectorKey(text, rules)).toEqual({ ok: false, problem, help: 'write `key`, `domain/key` or `source:key`' });
});

test('the refusal of a Kubernetes key says what to write', () => {
  expect(parseKubernetesKey('k8s:app')).toEqual({
    ok: false,
    problem: 'label key `k8s:app` has characters that are not allowed in a label',
    help: 'write `name` or `domain/name`',
  });
});

const nearlyKeys = textOf(['a', 'Z', '0', '-', '_', '.', '/', ':', '=', '$', 'k8s:', 'reserved.', 'reserved:', ' ', 'é', k(30)], 6);

test('what Kubernetes takes as a key, 1.20 takes as a key, and with a source', () => {
  fc.assert(
    fc.property(nearlyKeys, (text) => {
      const kubernetes = parseKubernetesKey(text);
      expect(keyOf(text, 'raw') === `any:${text}`).toBe(kubernetes.ok);
      expect(keyOf(`k8s:${text}`, 'raw') === `k8s:${text}`).toBe(kubernetes.ok);
    }),
  );
});

test('the older minors take what the source and the key, joined by a dot, make a Kubernetes key of', () => {
  fc.assert(
    fc.property(nearlyKeys, (text) => {
      fc.pre(!/[=$]/.test(text));
      expect(parseSelectorKey(`x:${text}`, 'prefixed').ok).toBe(parseKubernetesKey(`x.${text}`).ok);
    }),
  );
});

test.each([
  ['', true],
  ['a', true],
  ['A.b_c-9', true],
  ['1.2.3', true],
  [k(63), true],
  [k(64), false],
  ['-a', false],
  ['a-', false],
  ['.', false],
  ['a b', false],
  ['a/b', false],
  ['a:b', false],
  ['a\n', false],
  ['é', false],
])('`%s` as the value of a label: %p', (text, ok) => {
  expect(parseLabelValue(text).ok).toBe(ok);
});

test.each([
  [k(64), `label value \`${k(64)}\` has 64 characters, the most is 63`],
  ['a b', 'label value `a b` has characters that are not allowed in a label'],
])('the refusal of the value `%s` says what to write', (text, problem) => {
  const help = 'use letters, digits, `-`, `_` and `.`, beginning and ending with a letter or a digit';
  expect(parseLabelValue(text)).toEqual({ ok: false, problem, help });
});

test.each(MINORS)('a value of up to 63 characters is taken exactly when the CRD of %s takes it', (minor) => {
  const pattern = crdPattern('egress.toEndpoints.matchLabels.*', minor);
  fc.assert(
    fc.property(textOf(['a', 'Z', '0', '-', '_', '.', '/', ' ', 'é', '\n']), (text) => parseLabelValue(text).ok === pattern.test(text)),
  );
});

test.each([
  ['a', true],
  ['web-1', true],
  ['web.example.com', true],
  ['1.2', true],
  [k(253), true],
  [labels(253), true],
  [k(254), false],
  ['', false],
  ['.', false],
  ['a.', false],
  ['a..b', false],
  ['a.-b', false],
  ['-a', false],
  ['a-', false],
  ['Web', false],
  ['a_b', false],
  ['a/b', false],
  ['a b', false],
  ['a\n', false],
  ['é', false],
])('`%s` as the name of an object: %p', (text, ok) => {
  expect(parseObjectName(text).ok).toBe(ok);
});

test.each([
  ['A', 'name `A` is not a lower-case DNS name'],
  [k(254), `name \`${k(254)}\` has 254 characters, the most is 253`],
])('the refusal of the name `%s` says what to write', (text, problem) => {
  const help = 'use lower-case letters, digits, `-` and `.`, beginning and ending with a letter or a digit';
  expect(parseObjectName(text)).toEqual({ ok: false, problem, help });
});

test('a name of up to 253 characters is taken exactly when the CRD takes it as the name of a CIDR group', () => {
  const pattern = crdPattern('egress.toCIDRSet.cidrGroupRef');
  fc.assert(fc.property(textOf(['a', '0', '-', '.', 'A', '_', '\n'], 8), (text) => parseObjectName(text).ok === pattern.test(text)));
});

test.each([
  ['a', true],
  ['kube-system', true],
  ['123', true],
  [k(63), true],
  [k(64), false],
  ['', false],
  ['a.b', false],
  ['-a', false],
  ['a-', false],
  ['Web', false],
  ['a_b', false],
  ['a\n', false],
])('`%s` as the name of a namespace: %p', (text, ok) => {
  expect(parseNamespaceName(text).ok).toBe(ok);
});

test.each([
  ['a.b', 'namespace `a.b` is not a valid name', 'use lower-case letters, digits and `-`, beginning and ending with a letter or a digit'],
  [k(64), `namespace \`${k(64)}\` has 64 characters, the most is 63`, undefined],
])('the refusal of the namespace `%s` says what to write', (text, problem, help) => {
  expect(parseNamespaceName(text)).toEqual({ ok: false, problem, help });
});

test('the name of a namespace is the name of an object, and the value of a label', () => {
  fc.assert(
    fc.property(textOf(['a', '0', '-', '.', 'A', k(31)], 8), (text) => {
      fc.pre(parseNamespaceName(text).ok);
      expect([parseObjectName(text), parseLabelValue(text)]).toEqual(Array(2).fill({ ok: true, value: text }));
    }),
  );
});

const PARSERS: readonly (readonly [string, (text: string) => { ok: boolean }])[] = [
  ['a key of 1.20', (text) => parseSelectorKey(text, 'raw')],
  ['a key of 1.19', (text) => parseSelectorKey(text, 'prefixed')],
  ['a Kubernetes key', parseKubernetesKey],
  ['a value', parseLabelValue],
  ['a name', parseObjectName],
  ['a namespace', parseNamespaceName],
];

test.each(PARSERS)('whatever is asked as %s, there is an answer', (_, parse) => {
  fc.assert(fc.property(fc.oneof(anyText, nearlyKeys), (text) => typeof parse(text).ok === 'boolean'));
});

test.each(PARSERS)('100,000 characters are not %s', (_, parse) => {
  for (const part of ['a', '-', 'a-', 'a.', '.', '/', ':', 'a:', '$', '.-']) {
    expect(parse(long(part)).ok).toBe(false);
  }
});

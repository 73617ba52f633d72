/**
 * Label keys and values of selectors, and Kubernetes names.
 *
 * Source: cilium `pkg/labels/validation.go` (1.20), `pkg/policy/api/selector.go` (before), Kubernetes `apimachinery/pkg/api/validate/content`.
 */
import { accepted, Parsed, refused } from './parsed';
import { remember } from './remember';

/** A label key as written in a policy: `source:key`, or `key` for any source. */
export interface LabelKey {
  /** `k8s`, `reserved`, `any` …; absent if the policy names no source. */
  readonly source?: string;
  readonly key: string;
}

/**
 * How a minor validates the key of a selector.
 *
 * `raw` (1.20): source and key separately. `prefixed` (1.18, 1.19): `source:key` becomes `source.key`, a key without a source becomes
 * `any.key`, and the result must be a Kubernetes label key. So a key without a source may have at most 59 characters. `$key` and
 * `reserved.key` are short for `reserved:key`.
 */
export type KeyRules = 'raw' | 'prefixed';

/** Reads the key of a selector's requirement. */
export function parseSelectorKey(text: string, rules: KeyRules): Parsed<LabelKey> {
  return rules === 'raw' ? parseRawKey(text) : parsePrefixedKey(text);
}

const parseRawKey = remember((text) => selectorKey(text, splitRaw(text), rawKeyProblem(text)));

const parsePrefixedKey = remember((text) => {
  const read = splitPrefixed(text);
  return selectorKey(text, read, prefixedKeyProblem(`${read.source ?? 'any'}.${read.key}`));
});

function selectorKey(text: string, read: LabelKey, problem: string | undefined): Parsed<LabelKey> {
  return problem === undefined ? accepted(read) : refused(`label key \`${text}\` ${problem}`, 'write `key`, `domain/key` or `source:key`');
}

/** Reads the value of a label: empty, or up to 63 characters. */
export function parseLabelValue(text: string): Parsed<string> {
  const problem = text === '' ? undefined : nameProblem(text, 'has');
  return problem === undefined
    ? accepted(text)
    : refused(`label value \`${text}\` ${problem}`, 'use letters, digits, `-`, `_` and `.`, beginning and ending with a letter or a digit');
}

/** Reads a Kubernetes label key: `name`, or `domain/name`. */
export function parseKubernetesKey(text: string): Parsed<string> {
  const problem = kubernetesKeyProblem(text);
  return problem === undefined ? accepted(text) : refused(`label key \`${text}\` ${problem}`, 'write `name` or `domain/name`');
}

/** Reads the name of an object: a DNS-1123 subdomain of up to 253 characters. */
export function parseObjectName(text: string): Parsed<string> {
  const problem = subdomainProblem(text);
  return problem === undefined
    ? accepted(text)
    : refused(`name \`${text}\` ${problem}`, 'use lower-case letters, digits, `-` and `.`, beginning and ending with a letter or a digit');
}

/** Reads the name of a namespace: a DNS-1123 label of up to 63 characters. */
export function parseNamespaceName(text: string): Parsed<string> {
  if (text.length > MAX_NAME) {
    return refused(`namespace \`${text}\` has ${text.length} characters, the most is ${MAX_NAME}`);
  }
  return DNS_LABEL.test(text)
    ? accepted(text)
    : refused(
        `namespace \`${text}\` is not a valid name`,
        'use lower-case letters, digits and `-`, beginning and ending with a letter or a digit',
      );
}

const MAX_NAME = 63;
const MAX_SUBDOMAIN = 253;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function splitRaw(text: string): LabelKey {
  const colon = text.indexOf(':');
  return colon < 0 ? { key: text } : { source: text.slice(0, colon), key: text.slice(colon + 1) };
}

function rawKeyProblem(text: string): string | undefined {
  const parts = text.split(':');
  if (parts.length > 2) {
    return 'has more than one `:`';
  }
  if (parts.length === 2 && !/^[A-Za-z0-9]+$/.test(parts[0])) {
    return `has source \`${parts[0]}\`, but a source has only letters and digits`;
  }
  return kubernetesKeyProblem(parts[parts.length - 1]);
}

/** Up to 1.19, the parser for whole labels also read keys, and it cuts at `=`. Source: cilium `pkg/labels/labels.go`, `GetExtendedKeyFrom`. */
function splitPrefixed(text: string): LabelKey {
  const { source, key } = splitSource(text);
  return { source: source === '' ? undefined : source, key: key.split('=', 1)[0] };
}

/** The limits apply to the prefixed key, so the message shows it. */
function prefixedKeyProblem(prefixed: string): string | undefined {
  const problem = kubernetesKeyProblem(prefixed);
  return problem === undefined ? undefined : `becomes \`${prefixed}\`, which ${problem}`;
}

function splitSource(text: string): { source: string; key: string } {
  if (text.startsWith('$')) {
    return { source: 'reserved', key: text.slice(1) };
  }
  const colon = text.indexOf(':');
  if (colon >= 0) {
    return { source: text.slice(0, colon), key: text.slice(colon + 1) };
  }
  return text.startsWith('reserved.') ? { source: 'reserved', key: text.slice('reserved.'.length) } : { source: '', key: text };
}

function kubernetesKeyProblem(text: string): string | undefined {
  const parts = text.split('/');
  if (parts.length > 2) {
    return 'has more than one `/`';
  }
  const domainProblem = parts.length === 2 ? subdomainProblem(parts[0]) : undefined;
  return domainProblem === undefined ? nameProblem(parts[parts.length - 1], 'has a name of') : `has a domain that ${domainProblem}`;
}

function nameProblem(name: string, has: 'has' | 'has a name of'): string | undefined {
  if (name === '') {
    return 'has an empty name';
  }
  if (name.length > MAX_NAME) {
    return `${has} ${name.length} characters, the most is ${MAX_NAME}`;
  }
  return NAME.test(name) ? undefined : 'has characters that are not allowed in a label';
}

function subdomainProblem(text: string): string | undefined {
  if (text.length > MAX_SUBDOMAIN) {
    return `has ${text.length} characters, the most is ${MAX_SUBDOMAIN}`;
  }
  return text.split('.').every((label) => DNS_LABEL.test(label)) ? undefined : 'is not a lower-case DNS name';
}

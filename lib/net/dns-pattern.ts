/**
 * DNS names and patterns of `toFQDNs`, DNS rules and `serverNames`.
 *
 * A name must match the regular expressions of both the CRD and the agent. A name that matches the CRD's also matches the agent's.
 * Source: cilium `pkg/policy/api/fqdn.go` and `pkg/fqdn/matchpattern/matchpattern.go`.
 */
import { accepted, Parsed, refused } from './parsed';

/** Exactly one name (lower case, no trailing dot), or a pattern with `*` (as written). */
export type DnsPattern = { readonly is: 'name'; readonly name: string } | { readonly is: 'pattern'; readonly pattern: string };

/** The maximum length of a name or a pattern in characters, including dots. */
export const MAX_DNS_NAME = 255;

/**
 * Reads a name or a pattern. A string with `*` is a pattern.
 *
 * `*` matches any characters within one label. `**.` at the beginning matches one or more labels since Cilium 1.19, and exactly one before.
 */
export function parseDnsPattern(text: string): Parsed<DnsPattern> {
  if (text.length > MAX_DNS_NAME) {
    return refused(`DNS name has ${text.length} characters, the most is ${MAX_DNS_NAME}`);
  }
  const stray = /[^-a-zA-Z0-9_.*]/u.exec(text);
  if (stray !== null) {
    return refused(
      `DNS name \`${text}\` contains \`${stray[0]}\``,
      'write letters, digits, `-`, `_` and `.`, with `*` as the only wildcard',
    );
  }
  if (!LABELS.test(text)) {
    return refused(`DNS name \`${text}\` has an empty label`, 'write labels with single dots between them, such as `api.example.com`');
  }
  return text.includes('*')
    ? accepted({ is: 'pattern', pattern: text })
    : accepted({ is: 'name', name: text.toLowerCase().replace(/\.$/, '') });
}

/** Labels separated by single dots, with an optional trailing dot: the CRD's regular expression, in a form that runs in linear time. */
const LABELS = /^[^.]+(\.[^.]+)*\.?$/;

/** A name as it is compared: in lower case, without a last dot. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Whether each pattern of a label matches the label in its place; a `*` matches any characters inside one label. */
export function matchesLabels(patterns: readonly string[], labels: readonly string[]): boolean {
  return patterns.length === labels.length && patterns.every((pattern, i) => matchesLabel(pattern, labels[i]));
}

/** Runs in time proportional to both lengths, whatever the pattern: only the last star is ever tried again. */
export function matchesLabel(pattern: string, label: string): boolean {
  let [p, l, star, from] = [0, 0, -1, 0];
  while (l < label.length) {
    if (pattern[p] === '*') {
      [star, from] = [p++, l];
    } else if (pattern[p] === label[l]) {
      p++;
      l++;
    } else if (star >= 0 && isPlainLabel(label[from])) {
      [p, l] = [star + 1, ++from];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(p));
}

/** Whether a star matches these characters. */
export function isPlainLabel(text: string): boolean {
  return /^[-a-zA-Z0-9_]+$/.test(text);
}

/** Whether a name or pattern is written like an IPv4 address: four numbers, of which some may be wildcards. Nobody looks such a name up. */
export function isLikeAddress(name: string): boolean {
  return /^(?=.*\d)(?:(?:\d{1,3}|\*)\.){3}(?:\d{1,3}|\*)$/.test(plainName(name));
}

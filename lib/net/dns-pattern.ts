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

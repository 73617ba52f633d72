/**
 * DNS names and patterns, as `toFQDNs`, DNS rules and `serverNames` take them.
 *
 * A text must pass two gates, the CRD's regular expression and the agent's; what passes the CRD's passes the agent's.
 * Source: cilium `pkg/policy/api/fqdn.go` and `pkg/fqdn/matchpattern/matchpattern.go`.
 */
import { accepted, Parsed, refused } from './parsed';

/** Exactly one name (lower case, no trailing dot), or every name that a pattern with `*` matches (as written). */
export type DnsPattern = { readonly is: 'name'; readonly name: string } | { readonly is: 'pattern'; readonly pattern: string };

/** The most characters a name or a pattern may have, its dots included. */
export const MAX_DNS_NAME = 255;

/**
 * Reads a name, or a pattern: a text with `*` is a pattern.
 *
 * `*` stands for any characters inside one label. `**.` in front stands for one label or more since Cilium 1.19, before that for exactly one.
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

/** Labels with single dots between them and, maybe, one behind the last: the CRD's regular expression, made linear. */
const LABELS = /^[^.]+(\.[^.]+)*\.?$/;

/** A name as it is compared: in lower case, without a last dot. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

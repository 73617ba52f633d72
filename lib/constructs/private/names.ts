/** The names that rules of DNS, TLS and HTTP have. */
import { isLikeAddress, parseDnsPattern } from '../../net/dns-pattern';
import { fail, must, mustBeText } from '../../props/errors';

/** Renders a name (`matchName`) or, if it has a `*`, a pattern (`matchPattern`). Source: the CRD's patterns of both fields. */
export function renderDnsName(text: string): { matchName: string } | { matchPattern: string } {
  const pattern = must('DNS name', text, parseDnsPattern);
  if (isLikeAddress(text)) {
    fail(`DNS name \`${text}\` is an address, which nobody looks up`, 'give addresses to Peer.cidrs(), with their prefix length');
  }
  return pattern.is === 'name' ? { matchName: text } : { matchPattern: text };
}

/** Throws unless the string is a valid name of an HTTP header (a token of RFC 9110, section 5.6.2) or pseudo-header (`:scheme`). */
export function mustBeHeaderName(text: string): void {
  mustBeText('header name', text);
  if (!/^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) {
    fail(`header name \`${text}\` is not valid`, 'use letters, digits and hyphens, for example `X-Team`');
  }
}

/** Throws unless the string is a valid header value. Envoy reads an empty value as any value. */
export function mustBeHeaderValue(text: string): void {
  mustBeText('header value', text);
  if (text.trim() !== text || text === '' || /[\r\n\0]/.test(text)) {
    fail(
      `header value \`${text}\` is empty, or begins or ends with a space`,
      'write the whole value, or only the header name for any value',
    );
  }
}

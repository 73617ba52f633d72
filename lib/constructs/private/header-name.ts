import { fail } from './errors';

/** Throws unless the text can be the name of an HTTP header: a token of RFC 9110, section 5.6.2. */
export function mustBeHeaderName(text: string): void {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) {
    fail(`header name \`${text}\` is not a header's name`, 'write letters, digits and hyphens, such as `X-Team`');
  }
}

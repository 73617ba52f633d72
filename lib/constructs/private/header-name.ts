import { fail, mustBeText } from './errors';

/** Throws unless the text can be the name of an HTTP header (a token of RFC 9110, section 5.6.2) or of a pseudo-header (`:scheme`). */
export function mustBeHeaderName(text: string): void {
  mustBeText('header name', text);
  if (!/^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) {
    fail(`header name \`${text}\` is not a header's name`, 'write letters, digits and hyphens, such as `X-Team`');
  }
}

/** Throws unless the text can be a header's value; an empty one would match any, since Envoy reads it so. */
export function mustBeHeaderValue(text: string): void {
  mustBeText('header value', text);
  if (text.trim() !== text || text === '' || /[\r\n\0]/.test(text)) {
    fail(`header value \`${text}\` is empty, or begins or ends with a blank`, 'write the whole value, or only the name for whatever value');
  }
}

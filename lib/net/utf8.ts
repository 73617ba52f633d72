/** Texts as bytes, without Node. */

/** The number of bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The text of bytes in UTF-8 that are written in base64. Bytes that are not UTF-8 become U+FFFD. */
export function decodeBase64(digits: string): string {
  const bytes = Uint8Array.from(atob(digits), (char) => char.charCodeAt(0));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

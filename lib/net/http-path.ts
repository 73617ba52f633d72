/**
 * The path of an HTTP request as Envoy compares it, after it is normalised.
 *
 * Cilium switches three steps on together: RFC 3986 normalisation, merging of slashes, and a redirect for escaped slashes. They apply to the path up to
 * the query. Source: cilium `pkg/envoy/config/config.go`, `http-normalize-path`; Envoy `source/common/http/path_utility.cc`, which normalises with
 * the URL library of Chromium. Versions of that library differ in which escapes they decode, so a path can have several forms.
 */

/** Every form that Envoy may compare; none if Envoy answers the request itself, with a redirect or an error. */
export function normalizedPaths(written: string): readonly string[] {
  const query = written.indexOf('?');
  const [path, rest] = query < 0 ? [written, ''] : [written.slice(0, query), written.slice(query)];
  if (written.includes('#') || ESCAPED_SLASH.test(path) || path.includes('%00')) {
    return [];
  }
  const spellings = [path, decoded(path), escaped(path), escaped(decoded(path))];
  // A path that begins with no slash is no path of a URL, such as `*`.
  const forms = path.startsWith('/') ? spellings.map(resolved) : [path, ...spellings.map((one) => resolved(`/${one}`))];
  return [...new Set(forms)].map((form) => form + rest);
}

/** `/` or `\`, escaped. */
const ESCAPED_SLASH = /%(?:2f|5c)/i;

/** Decodes letters, digits and other characters that need no escape. */
function decoded(path: string): string {
  return path.replace(/%[2-7][0-9a-f]/gi, (escape) => {
    const character = String.fromCharCode(parseInt(escape.slice(1), 16));
    return /[-A-Za-z0-9._~]/.test(character) ? character : escape;
  });
}

/** Escapes characters that a URL may not contain. */
function escaped(path: string): string {
  return path.replace(/[^\x21-\x7e]|["<>`{}^]/gu, (character) =>
    /\p{Surrogate}/u.test(character) ? '%EF%BF%BD' : encodeURIComponent(character),
  );
}

/** Resolves `.` and `..`, which may be escaped, and merges slashes. A backslash is a slash. */
function resolved(path: string): string {
  const segments = path.replaceAll('\\', '/').split('/').slice(1);
  const kept: string[] = [];
  segments.forEach((segment, i) => {
    const plain = segment.replace(/%2e/gi, '.');
    if (plain === '..') {
      kept.pop();
    }
    if (plain !== '.' && plain !== '..') {
      kept.push(segment);
    } else if (i === segments.length - 1) {
      kept.push('');
    }
  });
  return `/${kept.join('/')}`.replace(/\/{2,}/g, '/');
}

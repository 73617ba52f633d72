/** Requests that two proxies may rule on differently: made of what each of them asks, and judged by the specification. */
import type { Flow, HttpRequest } from '../model/flow';
import type { HttpCondition } from '../model/policy';
import type { Proxy } from '../reach/traffic';

export type Request = Pick<Flow, 'http' | 'dns' | 'sni'>;

/** A few requests: one for every condition and name of each side, and one that nobody asks for. */
export function requestsThatMayDiffer(before: readonly Proxy[], after: readonly Proxy[]): readonly Request[] {
  const all = [...before, ...after];
  const has = (...redirects: readonly string[]) => all.some(({ is }) => redirects.includes(is));
  const conditions = all.flatMap(({ http }) => http);
  const names = [...all.flatMap(({ dns }) => dns), ...all.flatMap(({ serverNames }) => serverNames)].map(exampleOfName);
  return [
    ...(has('http') ? [...conditions.map(exampleOf), UNASKED].map((http) => ({ http })) : []),
    ...(has('dns') ? [...names, 'other.example'].map((dns) => ({ dns })) : []),
    ...(has('tls') ? [...names, 'other.example'].map((sni) => ({ sni })) : []),
  ].slice(0, MOST_REQUESTS);
}

const MOST_REQUESTS = 200;

const UNASKED: HttpRequest = { method: 'OPTIONS', path: '/other', host: 'other.example', headers: {} };

/** A request that fulfils a condition, if its patterns are simple. */
function exampleOf({ method, path, host, headers, headerMatches }: HttpCondition): HttpRequest {
  const written = headers.map((text): [string, string] => {
    const blank = text.indexOf(' ');
    return blank < 0 ? [text.replace(/:+$/, ''), ''] : [text.slice(0, blank).replace(/:+$/, ''), text.slice(blank + 1)];
  });
  const matched = headerMatches.map(({ name, value }): [string, string] => [name, value]);
  return {
    method: method === '' ? 'GET' : exampleOfPattern(method),
    path: path === '' ? '/other' : exampleOfPattern(path),
    host: host === '' ? 'other.example' : exampleOfPattern(host),
    headers: Object.fromEntries([...written, ...matched]),
  };
}

/** A text that a simple regular expression matches: the first of alternatives, one character for each set and wildcard. */
function exampleOfPattern(pattern: string): string {
  return pattern
    .replace(/^\^|\$$/g, '')
    .replace(/\(\?:/g, '(')
    .replace(/\(([^()|]*)(?:\|[^()]*)*\)[*+?]?/g, '$1')
    .replace(/^([^|]*)\|.*$/, '$1')
    .replace(/\[[^\]]*\][*+?]?/g, (set) => (/0-9|\\d/.test(set) ? '1' : 'x'))
    .replace(/\\d[*+?]?/g, '1')
    .replace(/\\w[*+?]?/g, 'x')
    .replace(/(?<!\\)\.[*+?]?/g, 'x')
    .replace(/(?<!\\)[*+?]/g, '')
    .replace(/\\(.)/g, '$1');
}

/** A name that a pattern matches. */
function exampleOfName(pattern: string): string {
  return pattern.toLowerCase().replace(/\*+/g, 'x').replace(/\.$/, '');
}

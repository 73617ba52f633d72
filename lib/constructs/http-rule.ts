import { parseRegex } from '../net/regex';
import { fail, must, mustBeText } from '../props/errors';
import { a, listOf, mustFit, Shape, some, text } from '../props/shape';
import { HeaderMatch } from './header-match';
import { mustBeHeaderName, mustBeHeaderValue } from './private/names';

/** What an HTTP request must have in addition to its method and path. */
export interface HttpRuleOptions {
  /**
   * The host, as a regular expression that matches the whole `:authority`; clients may add a port to it.
   *
   * @default - any host
   */
  readonly host?: string;
  /**
   * Headers that the request must have, each as `Name: value`, or as `Name` for any value.
   *
   * @default - any headers
   */
  readonly headers?: string[];
  /**
   * Headers that the request must have, each with an action for a mismatch.
   *
   * @default - any headers
   */
  readonly headerMatches?: HeaderMatch[];
}

/** Conditions on an HTTP request. A part that is not given may have any value. */
export interface HttpRuleProps extends HttpRuleOptions {
  /**
   * The method, as a regular expression that matches the whole method.
   *
   * @default - any method
   */
  readonly method?: string;
  /**
   * The path with its query, as a regular expression that matches the whole path.
   *
   * @default - any path
   */
  readonly path?: string;
}

const ANY_HEADERS = 'leave it out for any headers';

const OPTIONS: Shape<HttpRuleOptions> = {
  host: { optional: text },
  headers: { optional: some(listOf(text), ANY_HEADERS) },
  headerMatches: { optional: some(listOf(a(HeaderMatch)), ANY_HEADERS) },
};
const PROPS: Shape<HttpRuleProps> = { ...OPTIONS, method: { optional: text }, path: { optional: text } };

/**
 * One kind of HTTP request that is allowed.
 *
 * Paths are regular expressions in RE2 syntax that must match the whole path, including the query string. `/public` does not allow
 * `/public/x` or `/public?x=1`, but `/public(/.*)?(\?.*)?` does. `GET` does not include `HEAD`.
 * Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`.
 *
 * @example
 *
 * Port.tcp(80).http(HttpRule.get('/public'), HttpRule.put('/avatar', { headers: ['X-My-Header: true'] }));
 */
export class HttpRule {
  /**
   * Matches GET requests.
   *
   * @param path regular expression for the whole path
   * @param options host and headers
   */
  public static get(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('GET', path, options);
  }

  /**
   * Matches HEAD requests.
   *
   * @param path regular expression for the whole path
   * @param options host and headers
   */
  public static head(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('HEAD', path, options);
  }

  /**
   * Matches POST requests.
   *
   * @param path regular expression for the whole path
   * @param options host and headers
   */
  public static post(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('POST', path, options);
  }

  /**
   * Matches PUT requests.
   *
   * @param path regular expression for the whole path
   * @param options host and headers
   */
  public static put(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('PUT', path, options);
  }

  /**
   * Matches PATCH requests.
   *
   * @param path regular expression for the whole path
   * @param options host and headers
   */
  public static patch(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('PATCH', path, options);
  }

  /**
   * Matches DELETE requests.
   *
   * @param path regular expression for the whole path
   * @param options host and headers
   */
  public static httpDelete(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('DELETE', path, options);
  }

  /**
   * The same as `httpDelete`, for TypeScript. In Python `del` is a reserved word.
   *
   * @jsii ignore
   */
  public static del(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.httpDelete(path, options);
  }

  /**
   * Matches gRPC calls, which are POST requests to `/package.Service/Method`.
   *
   * @param service the service with its package, for example `shop.Cart`
   * @param method the method; every method of the service if omitted
   */
  public static grpc(service: string, method?: string): HttpRule {
    mustBeGrpcName('service', service, /^\w+(\.\w+)*$/);
    if (method !== undefined) {
      mustBeGrpcName('method', method, /^\w+$/);
    }
    return HttpRule.post(`/${service.replaceAll('.', '\\.')}/${method ?? '[^/]+'}`);
  }

  /**
   * Matches requests that fulfil all given conditions; with `{}`, every request.
   *
   * @param props what the request must have
   */
  public static of(props: HttpRuleProps): HttpRule {
    mustFit('HttpRule', PROPS, props);
    return new HttpRule(props.method, props.path, props);
  }

  private static request(method: string, path: string, options: HttpRuleOptions): HttpRule {
    mustBeText('path', path);
    mustFit(`HttpRule.${method === 'DELETE' ? 'httpDelete' : method.toLowerCase()}`, OPTIONS, options);
    return new HttpRule(method, path, options);
  }

  private readonly rendered: object;

  private constructor(method: string | undefined, path: string | undefined, options: HttpRuleOptions) {
    const { host, headers, headerMatches } = options;
    mustBeRegex('method', method);
    mustBeRegex('path', path);
    mustBeMethod(method);
    mustMatchPaths(path);
    mustBeHost(host);
    mustBeRegex('host', host);
    headers?.forEach(mustBeHeader);
    this.rendered = { method, path, host, headers: headers && [...headers], headerMatches: headerMatches?.map((match) => match._render()) };
  }

  /** @internal */
  public _render(): object {
    return this.rendered;
  }
}

/** An empty string would match any value. Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`. */
function mustBeRegex(what: string, text: string | undefined): void {
  if (text === '') {
    fail(`${what} is empty`, `leave it out for any ${what}`);
  }
  if (text !== undefined) {
    must(what, text, parseRegex);
  }
}

/** Methods are upper case words: a rule with `get` or `GET, POST` matches no request. */
function mustBeMethod(method: string | undefined): void {
  if (method !== undefined && /[\s,]/.test(method)) {
    fail(`method \`${method}\` matches no request, because it is one regular expression`, 'write `GET|POST` for several methods');
  }
  if (method !== undefined && /[a-z]/.test(method) && /^[A-Za-z|().*]+$/.test(method)) {
    fail(`method \`${method}\` matches no request, because methods are upper case`, `write \`${method.toUpperCase()}\``);
  }
}

/** Patterns as shells and web servers write them are not the regular expressions that they look like. */
function mustMatchPaths(path: string | undefined): void {
  if (path === undefined) {
    return;
  }
  const start = path.replace(/^\^?\(*/, '');
  if (/^[\w ]/.test(start) && !path.includes('|')) {
    fail(
      `path \`${path}\` matches no request, because paths begin with a slash`,
      `begin it with a slash, such as \`/${start.trim().split(/[^\w-]/, 1)[0]}\``,
    );
  }
  // In a class of characters, a star is a star.
  if (/\/\*/.test(withoutClasses(path))) {
    fail(
      `path \`${path}\` matches only more slashes at its \`*\`, because it is a regular expression`,
      `write \`${path.replaceAll('/*', '/.*')}\``,
    );
  }
}

/** With one letter for each class of characters. */
function withoutClasses(expression: string): string {
  return expression.replaceAll(/\[[^[\]]*\]/g, 'x');
}

/** A host has no scheme and no path. */
function mustBeHost(host: string | undefined): void {
  if (host !== undefined && withoutClasses(host).includes('/')) {
    fail(`host \`${host}\` matches no request, because it has a slash`, 'write the host alone, such as `api\\.example\\.com`');
  }
}

/** Cilium splits a header at its first space. Without a space, `Name:value` would be a header name, which no client can send. */
function mustBeHeader(text: string): void {
  mustBeText('header', text);
  const [name] = text.split(' ', 1);
  if (name === text && text.includes(':', 1)) {
    fail(`header \`${text}\` has no space after the colon`, 'write `Name: value`, or `Name` for any value');
  }
  mustBeHeaderName(name.replace(/:$/, ''));
  if (name !== text) {
    mustBeHeaderValue(text.slice(name.length + 1));
  }
}

function mustBeGrpcName(what: string, name: string, pattern: RegExp): void {
  mustBeText(`gRPC ${what}`, name);
  if (!pattern.test(name)) {
    fail(`gRPC ${what} \`${name}\` is not a valid name`, 'write `package.Service` and `Method`, as in the .proto file');
  }
}

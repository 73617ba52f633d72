import { parseRegex } from '../net/regex';
import { HeaderMatch } from './header-match';
import { fail, must, mustBeText, shown } from './private/errors';
import { mustBeHeaderName, mustBeHeaderValue } from './private/header-name';

/** What else an HTTP request must have, beside its method and path. */
export interface HttpRuleOptions {
  /**
   * The host that is asked, as a regular expression over the whole `:authority`; clients may add a port to it.
   *
   * @default - any host
   */
  readonly host?: string;
  /**
   * Headers that the request must carry, each as `Name: value`, or `Name` for whatever value.
   *
   * @default - any headers
   */
  readonly headers?: string[];
  /**
   * Headers that the request must carry, with what happens if not.
   *
   * @default - any headers
   */
  readonly headerMatches?: HeaderMatch[];
}

/** An HTTP request; what is not given may be anything. */
export interface HttpRuleProps extends HttpRuleOptions {
  /**
   * The method, as a regular expression over the whole of it.
   *
   * @default - any method
   */
  readonly method?: string;
  /**
   * The path with its query, as a regular expression over the whole of it.
   *
   * @default - any path
   */
  readonly path?: string;
}

/**
 * One kind of HTTP request that is let through.
 *
 * Paths are regular expressions in RE2 syntax and must match the whole path, query string included: `/public` lets `/public/x` and
 * `/public?x=1` not through, `/public(/.*)?(\?.*)?` does. `GET` does not include `HEAD`.
 * Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`.
 *
 * @example
 *
 * Port.tcp(80).http(HttpRule.get('/public'), HttpRule.put('/avatar', { headers: ['X-My-Header: true'] }));
 */
export class HttpRule {
  /**
   * A GET.
   *
   * @param path regular expression over the whole path
   * @param options host and headers
   */
  public static get(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('GET', path, options);
  }

  /**
   * A HEAD.
   *
   * @param path regular expression over the whole path
   * @param options host and headers
   */
  public static head(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('HEAD', path, options);
  }

  /**
   * A POST.
   *
   * @param path regular expression over the whole path
   * @param options host and headers
   */
  public static post(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('POST', path, options);
  }

  /**
   * A PUT.
   *
   * @param path regular expression over the whole path
   * @param options host and headers
   */
  public static put(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('PUT', path, options);
  }

  /**
   * A PATCH.
   *
   * @param path regular expression over the whole path
   * @param options host and headers
   */
  public static patch(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('PATCH', path, options);
  }

  /**
   * A DELETE.
   *
   * @param path regular expression over the whole path
   * @param options host and headers
   */
  public static httpDelete(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.request('DELETE', path, options);
  }

  /**
   * A DELETE: `httpDelete`, for TypeScript. In Python `del` is a reserved word.
   *
   * @jsii ignore
   */
  public static del(path: string, options: HttpRuleOptions = {}): HttpRule {
    return HttpRule.httpDelete(path, options);
  }

  /**
   * A gRPC call: a POST to `/package.Service/Method`.
   *
   * @param service the service with its package, such as `shop.Cart`
   * @param method the method; every method of the service if absent
   */
  public static grpc(service: string, method?: string): HttpRule {
    mustBeGrpcName('service', service, /^\w+(\.\w+)*$/);
    if (method !== undefined) {
      mustBeGrpcName('method', method, /^\w+$/);
    }
    return HttpRule.post(`/${service.replaceAll('.', '\\.')}/${method ?? '[^/]+'}`);
  }

  /**
   * Any request at all, described by its parts; without parts, every request.
   *
   * @param props what the request must have
   */
  public static of(props: HttpRuleProps): HttpRule {
    if (typeof props !== 'object' || props === null) {
      fail(`HTTP rule is ${shown(props)}, not its parts`, "write HttpRule.of({ path: '/public' }), or HttpRule.of({}) for every request");
    }
    return new HttpRule(props.method, props.path, props);
  }

  private static request(method: string, path: string, options: HttpRuleOptions): HttpRule {
    mustBeText('path', path);
    return new HttpRule(method, path, options);
  }

  private readonly rendered: object;

  private constructor(method: string | undefined, path: string | undefined, options: HttpRuleOptions) {
    const { host, headers, headerMatches } = options;
    mustBeRegex('method', method);
    mustBeRegex('path', path);
    mustBeRegex('host', host);
    headers?.forEach(mustBeHeader);
    this.rendered = { method, path, host, headers: headers && [...headers], headerMatches: headerMatches?.map((match) => match._render()) };
  }

  /** @internal */
  public _render(): object {
    return this.rendered;
  }
}

/** An empty text would mean any, as if it had not been given. Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`. */
function mustBeRegex(what: string, text: string | undefined): void {
  if (text === '') {
    fail(`${what} is empty`, 'leave it out for any');
  }
  if (text !== undefined) {
    must(what, text, parseRegex);
  }
}

/** Cilium cuts a header at its first blank; without one, `Name:value` would be the name of a header that nobody can send. */
function mustBeHeader(text: string): void {
  mustBeText('header', text);
  const [name] = text.split(' ', 1);
  if (name === text && text.includes(':', 1)) {
    fail(`header \`${text}\` has no blank after the colon`, 'write `Name: value`, or `Name` for whatever value');
  }
  mustBeHeaderName(name.replace(/:$/, ''));
  if (name !== text) {
    mustBeHeaderValue(text.slice(name.length + 1));
  }
}

function mustBeGrpcName(what: string, name: string, pattern: RegExp): void {
  mustBeText(`gRPC ${what}`, name);
  if (!pattern.test(name)) {
    fail(`gRPC ${what} \`${name}\` is not a name`, 'write `package.Service` and `Method`, as in the .proto file');
  }
}

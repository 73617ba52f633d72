/** CIL321 to CIL326: HTTP rules that do not match what they are meant to match. */
import { ccnp, cnp, findings, isAllowed, object, places, words } from '../../support/intent';

type Http = Readonly<Record<string, unknown>>;

function http(rule: Http, port = '8080', more: object = {}): string {
  return cnp({ ingress: [{ toPorts: [{ ports: [{ port, protocol: 'TCP' }], rules: { http: [rule] }, ...more }] }] });
}

const HTTP = '/spec/ingress/0/toPorts/0/rules/http';

/** Whether a request to a pod passes a rule. */
function passes(rule: Http, request: object): boolean | null {
  return isAllowed(http(rule), { http: request });
}

describe('CIL321', () => {
  test.each(['443', '6443', '8443', '9443', 'https', 'HTTPS', 'tls'])('port `%s` is one of TLS', (port) => {
    expect(places('CIL321', http({ method: 'GET' }, port))).toEqual([HTTP]);
  });

  test.each<[string, string]>([
    ['a port of plain HTTP', http({}, '8080')],
    ['a name of plain HTTP', http({}, 'http')],
    ['a port where Envoy ends TLS', http({}, '443', { terminatingTLS: { secret: { name: 'a' } } })],
    [
      'a port without HTTP rules',
      cnp({ egress: [{ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['a.example.com'] }] }] }),
    ],
    ['no HTTP rules in the list', cnp({ ingress: [{ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], rules: { http: [] } }] }] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL321', text)).toEqual([]);
  });

  test('every kind and both directions', () => {
    const rule = {
      toPorts: [
        {
          ports: [
            { port: '80', protocol: 'TCP' },
            { port: '443', protocol: 'TCP' },
          ],
          rules: { http: [{}] },
        },
      ],
    };
    expect(places('CIL321', ccnp({ ingress: [rule], egress: [rule] }))).toEqual([HTTP, HTTP.replace('ingress', 'egress')]);
    expect(places('CIL321', object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, egress: [rule] }] }))).toEqual([
      '/specs/0/egress/0/toPorts/0/rules/http',
    ]);
  });

  test('the message', () => {
    expect(words('CIL321', http({}, '8443'))).toBe(
      'HTTP rules for port `8443` close every TLS connection, because Envoy cannot read requests inside TLS | add `terminatingTLS` and `originatingTLS`, or limit the names with `serverNames` and remove `http`',
    );
  });
});

describe('CIL322', () => {
  test.each([
    ['/api/*', '/api/.*'],
    ['/api*', '/api.*'],
    ['/api/*/items/*', '/api/.*/items/.*'],
    ['^/v1-*$', '^/v1-.*$'],
    ['/(a|b)/*', '/(a|b)/.*'],
  ])('`%s` is to be `%s`', (path, meant) => {
    expect(words('CIL322', http({ path }))).toContain(`| write \`${meant}\``);
    expect(places('CIL322', http({ path: meant }))).toEqual([]);
  });

  test.each([
    '/api/.*',
    '/[a-z]*',
    '/[a/]*',
    '/\\w*',
    '/(ab)*',
    '/api//*',
    '/api/*$',
    '/api\\*',
    '/a*?',
    '/[*/*]',
    '/[[:alpha:]/]*',
    '/[\\]/]*',
    '\\Q/api/*\\E',
    '/items/0*[1-9]+',
    '/\\pN*',
    '/\\p{Greek}*',
    '/\\x41*',
    '/\\x{41}*',
    '/\\101*',
    '',
  ])('`%s` is not reported', (path) => {
    expect(places('CIL322', http({ path }))).toEqual([]);
  });

  test('the star does not match what follows', () => {
    expect(passes({ path: '/api/*' }, { path: '/api/items' })).toBe(false);
    expect(passes({ path: '/api/.*' }, { path: '/api/items' })).toBe(true);
  });

  test('the message', () => {
    expect(words('CIL322', http({ path: '/api/*' }))).toBe(
      'path `/api/*` repeats the `/` before its star, and does not match any characters | write `/api/.*`',
    );
  });
});

describe('CIL323', () => {
  test.each([
    ['api/v1', '/api/v1'],
    ['^api', '^/api'],
    ['a.*', '/a.*'],
    ['a{2}', '/a{2}'],
  ])('`%s` is to be `%s`', (path, meant) => {
    expect(words('CIL323', http({ path }))).toBe(
      `path \`${path}\` matches no path, because every path begins with \`/\` | write \`${meant}\``,
    );
    expect(places('CIL323', http({ path: meant }))).toEqual([]);
  });

  test.each(['', '/', '^/api', '\\/api', '.*api', '(/a)', '[/]a', 'a?/b', 'a*/b', 'a{0,1}/b', 'a|/b', '(?i)/a', '*'.replace('*', '\\*')])(
    '`%s` is not reported',
    (path) => {
      expect(places('CIL323', http({ path }))).toEqual([]);
    },
  );

  test('no request passes', () => {
    expect(passes({ path: 'api' }, { path: '/api' })).toBe(false);
  });
});

describe('CIL324', () => {
  test.each([
    ['get', 'get', 'GET'],
    ['Get', 'Get', 'GET'],
    ['GET|post', 'post', 'GET|POST'],
    ['^(put|PATCH)$', 'put', '^(PUT|PATCH)$'],
  ])('`%s` has `%s`, which is to be `%s`', (method, lower, meant) => {
    expect(words('CIL324', http({ method }))).toBe(
      `method \`${lower}\` matches no request, because methods are in upper case | write \`${meant}\``,
    );
  });

  test.each([
    ['get', 'error'],
    ['get|post', 'error'],
    ['get|GET', 'warning'],
    ['GET|post', 'warning'],
  ])('`%s` is %s: another alternative may be what the requests have', (method, severity) => {
    expect(findings('CIL324', http({ method })).map((one) => one.severity)).toEqual([severity]);
  });

  test.each(['GET', 'GET|POST', '(?i)get', '[a-zA-Z]+', 'purge', '.*', ''])('`%s` is not reported', (method) => {
    expect(places('CIL324', http({ method }))).toEqual([]);
  });
});

describe('CIL325', () => {
  test.each(['red-.*', '.+', '^red$', '[0-9]+', 'v\\d'])('`%s` is reported', (value) => {
    expect(places('CIL325', http({ headerMatches: [{ name: 'X-A', value }] }))).toEqual([`${HTTP}/0/headerMatches/0/value`]);
    expect(places('CIL325', http({ headers: [`X-A: ${value}`] }))).toEqual([`${HTTP}/0/headers/0`]);
  });

  test.each(['red', '*/*', '*', 'text/*', 'a.b', '^a', 'a[0]', '1.0'])('`%s` is not reported', (value) => {
    expect(places('CIL325', http({ headers: [`X-A: ${value}`], headerMatches: [{ name: 'X-A', value }] }))).toEqual([]);
  });

  test('presence is not reported', () => {
    expect(places('CIL325', http({ headers: ['X.*'], headerMatches: [{ name: 'X-A' }] }))).toEqual([]);
  });

  test('the value is compared literally', () => {
    const rule = { headerMatches: [{ name: 'X-A', value: 'red-.*' }] };
    expect(passes(rule, { headers: { 'X-A': 'red-1' } })).toBe(false);
    expect(passes(rule, { headers: { 'X-A': 'red-.*' } })).toBe(true);
  });

  test('the message', () => {
    expect(words('CIL325', http({ headers: ['X-A: red-.*'] }))).toBe(
      'header value `red-.*` is compared literally, not as a regular expression | write the exact value; to ask only for the header, write `X-A` alone',
    );
    expect(words('CIL325', http({ headerMatches: [{ name: 'Authorization', value: 'Bearer.*' }] }))).toContain(
      '| write the exact value; to ask only for the header, leave `value` out',
    );
  });
});

describe('CIL326', () => {
  test.each([
    ['X-A:red', 'X-A:red', 'X-A: red'],
    ['X-A:red blue', 'X-A:red', 'X-A: red blue'],
    ['X-A:', 'X-A:', 'X-A'],
  ])('`%s` is the name `%s`', (header, name, meant) => {
    expect(words('CIL326', http({ headers: [header] }))).toBe(
      `\`${name}\` is read as the name of a header, and no name has a colon | write \`${meant}\``,
    );
  });

  test.each(['X-A: red', 'X-A red', 'X-A', ':authority a', 'X-A: http://a'])('`%s` is not reported', (header) => {
    expect(places('CIL326', http({ headers: [header] }))).toEqual([]);
  });

  test('no request passes', () => {
    expect(passes({ headers: ['X-A:red'] }, { headers: { 'X-A': 'red' } })).toBe(false);
    expect(passes({ headers: ['X-A: red'] }, { headers: { 'X-A': 'red' } })).toBe(true);
  });
});

test('a value that is filled in later is not reported', () => {
  const rule = { path: '${PATH}*', method: 'get${METHOD}', headers: ['X-A:${VALUE}'], headerMatches: [{ name: 'X-A', value: '${A}.*' }] };
  expect(['CIL322', 'CIL323', 'CIL324', 'CIL325', 'CIL326'].flatMap((code) => findings(code, http(rule)))).toEqual([]);
});

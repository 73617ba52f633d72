/** Paths as Envoy compares them. The expectations are those of RFC 3986 and of the tests of Envoy's `path_utility.cc`. */
import { normalizedPaths } from '../../lib/net/http-path';

test.each([
  ['/', '/'],
  ['/public/a', '/public/a'],
  ['/public/', '/public/'],
  ['/public/../admin', '/admin'],
  ['/public/%2e%2e/admin', '/admin'],
  ['/public/.%2E/admin', '/admin'],
  ['/public/%2e%2e%2fadmin?x', undefined],
  ['/../../admin', '/admin'],
  ['/a/./b/.', '/a/b/'],
  ['/a/b/..', '/a/'],
  ['/..', '/'],
  ['//public//a///', '/public/a/'],
  ['/public//../admin', '/public/admin'],
  ['/public\\..\\admin', '/admin'],
  ['/a/...', '/a/...'],
  ['/a/.hidden', '/a/.hidden'],
  ['/a%20b', '/a%20b'],
  ['/a%', '/a%'],
  ['/a?x=/../b//c', '/a?x=/../b//c'],
  ['/a/..?x', '/?x'],
  ["/a;b=c/-._~!$&'()*+,=:@", "/a;b=c/-._~!$&'()*+,=:@"],
])('the path %s has one form', (path, form) => {
  expect(normalizedPaths(path)).toEqual(form === undefined ? [] : [form]);
});

test.each(['/a%2Fb', '/a%2fb', '/a%5Cb', '/a%5cb'])(
  'Envoy redirects %s, and a slash that is escaped in the query is left alone',
  (path) => {
    expect(normalizedPaths(path)).toEqual([]);
    expect(normalizedPaths(`/a?x=${path}`)).toEqual([`/a?x=${path}`]);
  },
);

test.each(['/a#b', '/a?b#c', '/a%00b'])('Envoy rejects %s', (path) => {
  expect(normalizedPaths(path)).toEqual([]);
});

test.each([
  ['/%61dmin', ['/%61dmin', '/admin']],
  ['/a b', ['/a b', '/a%20b']],
  ['/é', ['/é', '/%C3%A9']],
  ['/{id}', ['/{id}', '/%7Bid%7D']],
  ['*', ['*', '/*']],
  ['', ['', '/']],
])('the path %s may have several forms', (path, forms) => {
  expect(normalizedPaths(path)).toEqual(forms);
});

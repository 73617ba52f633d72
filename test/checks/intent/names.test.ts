/** CIL305, CIL306 and CIL307: names and patterns that do not match what they are meant to match. */
import { cnp, object, places, words } from '../../support/intent';

const FQDN = '/spec/egress/0/toFQDNs/0';
const DNS = '/spec/egress/0/toPorts/0/rules/dns/0';

const toName = (matchName: string) => cnp({ egress: [{ toFQDNs: [{ matchName }] }] });
const toPattern = (matchPattern: string) => cnp({ egress: [{ toFQDNs: [{ matchPattern }] }] });
const look = (rule: object) => cnp({ egress: [{ toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [rule] } }] }] });
const server = (name: string) => cnp({ egress: [{ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: [name] }] }] });
const domain = (name: string) =>
  object('ClusterNetworkPolicy', {
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Accept', to: [{ domainNames: [name] }] }] },
  });

describe('CIL305', () => {
  test.each<[string, string, string]>([
    ['an address', toName('10.0.0.1'), `${FQDN}/matchName`],
    ['with a last dot', toName('10.0.0.1.'), `${FQDN}/matchName`],
    ['with a wildcard', toPattern('10.0.*.*'), `${FQDN}/matchPattern`],
    ['in a rule for look-ups', look({ matchName: '10.0.0.1' }), `${DNS}/matchName`],
    ['as a server name', server('10.0.0.1'), '/spec/egress/0/toPorts/0/serverNames/0'],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL305', text)).toEqual([path]);
  });

  test.each([toName('1.0.0.10.in-addr.arpa'), toName('10.example.com'), toPattern('*.*.*.*'), toName('1.2.3')])(
    '%s is not reported',
    (text) => {
      expect(places('CIL305', text)).toEqual([]);
    },
  );

  test('the messages', () => {
    expect(words('CIL305', toName('10.0.0.1'))).toBe(
      '`10.0.0.1` is an address, and no DNS name is one | write the address in `toCIDR`, with its prefix length',
    );
    expect(words('CIL305', look({ matchName: '10.0.0.1' }))).toContain('| remove it: addresses are not looked up');
    expect(words('CIL305', server('10.0.0.1'))).toContain(
      '| write the name that clients use, or remove it and write the address in `toCIDR`',
    );
  });
});

describe('CIL306', () => {
  test.each<[string, string, string]>([
    ['a star', toPattern('shop.*'), `${FQDN}/matchPattern`],
    ['a star and a dot', toPattern('*.shop.*.'), `${FQDN}/matchPattern`],
    ['a part of the domain', toPattern('shop.co*'), `${FQDN}/matchPattern`],
    ['a server name', server('*.shop.*'), '/spec/egress/0/toPorts/0/serverNames/0'],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL306', text)).toEqual([path]);
  });

  test.each([
    toPattern('*'),
    toPattern('**'),
    toPattern('*.*'),
    toPattern('*.shop.example'),
    toName('shop.example'),
    look({ matchPattern: '*.svc.*' }),
  ])('%s is not reported', (text) => {
    expect(places('CIL306', text)).toEqual([]);
  });

  test('the message', () => {
    expect(words('CIL306', toPattern('shop.*'))).toBe(
      'pattern `shop.*` matches names under any top-level domain like `*` | list the domains that are meant',
    );
  });
});

describe('CIL307', () => {
  const OLD = { cilium: '1.18' } as const;

  test.each<[string, string, string]>([
    ['a destination', toPattern('**.example.com'), `${FQDN}/matchPattern`],
    ['a look-up', look({ matchPattern: '***.example.com' }), `${DNS}/matchPattern`],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL307', text, OLD)).toEqual([path]);
    expect(places('CIL307', text)).toEqual([]);
  });

  test.each([
    toPattern('**'),
    toPattern('*.example.com'),
    toPattern('**example.com'),
    toPattern('a.**.example.com'),
    server('**.example.com'),
  ])('%s is not reported', (text) => {
    expect(places('CIL307', text, OLD)).toEqual([]);
  });

  test('the message', () => {
    expect(words('CIL307', toPattern('**.example.com'), OLD)).toBe(
      '`**` matches characters of one label in Cilium 1.18, so `**.example.com` matches no deeper names than `*.example.com` | write `*.example.com`, `*.*.example.com` and so on',
    );
  });
});

test('names of a ClusterNetworkPolicy', () => {
  expect(places('CIL305', domain('10.0.0.1'))).toEqual(['/spec/egress/0/to/0/domainNames/0']);
  expect(places('CIL305', domain('a.example.com'))).toEqual([]);
});

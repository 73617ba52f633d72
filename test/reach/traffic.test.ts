/** What passes between two ends: what both sides let pass, on every protocol and port. */
import type { AgentConfig } from '../../lib/model/config';
import type { HttpCondition } from '../../lib/model/policy';
import { PROTOCOLS, Protocol } from '../../lib/model/policy';
import { expectParsed } from '../../lib/net/parsed';
import { Code, codeOf, DEFAULT_DENY, RULE } from '../../lib/reach/code';
import type { Span } from '../../lib/reach/table';
import { isOpenCondition, isUsed, joinedTraffic, Proxy, SideTraffic, sideOfSpans, trafficOf } from '../../lib/reach/traffic';
import { agentOf } from '../../lib/resolve/agent';
import type { Cell } from '../../lib/resolve/cells';

const agent = (config: AgentConfig = {}, minor: '1.19' | '1.20' = '1.20') => expectParsed(agentOf(minor, config));
const HTTP = codeOf('rule', 'http');
const DNS = codeOf('rule', 'dns');
const TLS = codeOf('rule', 'tls');
const ANYTHING: HttpCondition = { path: '', method: '', host: '', headers: [], headerMatches: [] };
const HEADER = { name: 'a', value: 'b', mismatch: '' };

function cell(more: Partial<Cell>): Cell {
  return {
    ...{ selector: { is: 'labels', key: '', requirements: [], ofEndpoints: true }, effect: 'allow', order: 0, priority: 0, because: [] },
    ...{ parser: 'http', http: [], dns: [], otherRules: [], serverNames: [], listener: '' },
    ...more,
  };
}

function span(first: number, last: number, code: Code, more: Partial<Span> = {}, protocol: Protocol = 'TCP'): Span {
  return { protocol: PROTOCOLS.indexOf(protocol), first, last, code, requests: [], isUnsure: false, isOpen: false, ...more };
}

function side(spans: readonly Span[], config: AgentConfig = {}, minor: '1.19' | '1.20' = '1.20'): SideTraffic {
  return sideOfSpans(spans, 'egress', agent(config, minor));
}

function shown({ passages }: SideTraffic): readonly string[] {
  return passages.map(
    ({ protocol, first, last, is, proxy }) => `${PROTOCOLS[protocol]} ${first}-${last} ${is}${proxy ? ` ${proxy.is}` : ''}`,
  );
}

test.each<[string, readonly Span[], AgentConfig, readonly string[]]>([
  ['a rule and the default', [span(0, 9, RULE), span(10, 65_535, DEFAULT_DENY)], {}, ['TCP 0-9 allowed', 'TCP 10-65535 denied']],
  ['neighbours that are alike', [span(0, 9, RULE), span(10, 19, RULE)], {}, ['TCP 0-19 allowed']],
  ['ranges with a gap', [span(0, 9, RULE), span(11, 19, RULE)], {}, ['TCP 0-9 allowed', 'TCP 11-19 allowed']],
  ['protocols', [span(0, 9, RULE), span(10, 19, RULE, {}, 'UDP')], {}, ['TCP 0-9 allowed', 'UDP 10-19 allowed']],
  ['a proxy on one of two', [span(0, 9, RULE), span(10, 19, HTTP)], {}, ['TCP 0-9 allowed', 'TCP 10-19 allowed http']],
  [
    'a proxy where there is none',
    [span(0, 9, RULE), span(10, 19, HTTP)],
    { 'enable-l7-proxy': 'false' },
    ['TCP 0-9 allowed', 'TCP 10-19 unknown'],
  ],
  ['what is only audited', [span(0, 9, DEFAULT_DENY)], { 'policy-audit-mode': 'true' }, ['TCP 0-9 allowed']],
  ['types of ICMP', [span(0, 255, RULE, {}, 'ICMP'), span(256, 65_535, DEFAULT_DENY, {}, 'ICMP')], {}, ['ICMP 0-255 allowed']],
  [
    'the last type of ICMP',
    [span(0, 254, RULE, {}, 'ICMP'), span(255, 65_535, DEFAULT_DENY, {}, 'ICMP')],
    {},
    ['ICMP 0-254 allowed', 'ICMP 255-255 denied'],
  ],
  ['a protocol without ports', [span(0, 65_535, RULE, {}, 'GRE')], {}, ['GRE 0-0 allowed']],
])('a side lets pass what its decisions say: %s', (_, spans, config, expected) => {
  expect(shown(side(spans, config))).toEqual(expected);
});

/** The proxy of one span. */
function proxy(code: Code, more: Partial<Span>, config: AgentConfig = {}, minor: '1.19' | '1.20' = '1.20'): Proxy {
  return side([span(80, 80, code, more)], config, minor).passages[0].proxy!;
}

const A = { ...ANYTHING, path: '/a' };
const cells = (...all: readonly Partial<Cell>[]): Partial<Span> => ({ requests: all.map(cell) });

test.each<[string, Partial<Span>, readonly HttpCondition[]]>([
  ['what its rules say', cells({ http: [A] }), [A]],
  ['nothing beside a rule without an L7 part', cells({ http: [A] }, { parser: '' }), []],
  ['nothing beside a rule of HTTP that lists nothing', cells({ http: [A] }, { http: [] }), []],
  ['the rest beside one of another parser that lists nothing', cells({ http: [A] }, { parser: 'crd', http: [] }), [A]],
  ['nothing where nothing closes the direction', { ...cells({ http: [A] }), isOpen: true }, []],
  ['one condition that everything fulfils', cells({ http: [A, ANYTHING] }), [ANYTHING]],
])('an HTTP proxy asks of requests %s', (_, more, expected) => {
  expect(proxy(HTTP, more).http).toEqual(expected);
});

test.each<[string, Partial<Span>, readonly string[]]>([
  ['its patterns, each once', cells({ parser: 'dns', dns: ['a.example', 'b.example', 'a.example'] }), ['a.example', 'b.example']],
  ['its patterns too where nothing closes the direction', { ...cells({ parser: 'dns', dns: ['a.example'] }), isOpen: true }, ['a.example']],
  [
    'its patterns beside one of DNS without conditions of HTTP',
    cells({ parser: 'dns', dns: ['a.example'] }, { parser: 'http' }),
    ['a.example'],
  ],
  ['one pattern that every name matches', cells({ parser: 'dns', dns: ['a.example', '*'] }), ['*']],
])('a DNS proxy asks of names %s', (_, more, expected) => {
  expect(proxy(DNS, more).dns).toEqual(expected);
});

test.each<[string, Partial<Span>, boolean]>([
  ['no more', cells({ http: [A] }), false],
  ['a secret for TLS', cells({ http: [A], terminatingTls: 'x' }), true],
  ['a secret for TLS to servers', cells({ http: [A], originatingTls: 'x' }), true],
  ['a listener', cells({ http: [A], listener: 'x' }), true],
  ['rules of another parser', cells({ parser: 'kafka', otherRules: ['{}'] }), true],
  ['something that is not known', { ...cells({ http: [A] }), isUnsure: true }, true],
])('a proxy that asks %s', (_, more, expected) => {
  expect(proxy(HTTP, more).hasMore).toBe(expected);
});

test.each<[string, Code, Partial<Span>, AgentConfig, boolean]>([
  ['HTTP, where paths are normalised', HTTP, cells({ http: [A] }), { 'http-normalize-path': 'false' }, false],
  ['names, where paths are normalised', DNS, cells({ parser: 'dns', dns: ['a.example'] }), { 'http-normalize-path': 'false' }, true],
])('two proxies ask the same or not with another setting: %s', (_, code, more, config, isSame) => {
  expect(proxy(code, more).key === proxy(code, more, config).key).toBe(isSame);
});

test.each<[string, Code, Partial<Span>, boolean]>([
  ['paths', HTTP, cells({ http: [A] }), true],
  ['a name', DNS, cells({ parser: 'dns', dns: ['a.example'] }), true],
  ['a name with a wildcard', DNS, cells({ parser: 'dns', dns: ['*.example'] }), false],
  ['a name with a wildcard beside another one', DNS, cells({ parser: 'dns', dns: ['a.example', '*.example'] }), false],
  ['a name with a final dot', DNS, cells({ parser: 'dns', dns: ['a.example.'] }), false],
  ['a server name with a wildcard', TLS, cells({ parser: 'tls', serverNames: ['*.example'] }), false],
])('two minors read the same or not: %s', (_, code, more, isSame) => {
  expect(proxy(code, more, {}, '1.19').key === proxy(code, more).key).toBe(isSame);
});

test.each<[string, Partial<HttpCondition>, boolean]>([
  ['nothing', {}, true],
  ['a path', { path: '/' }, false],
  ['a method', { method: 'GET' }, false],
  ['a host', { host: 'a' }, false],
  ['a header', { headers: ['a'] }, false],
  ['the value of a header', { headerMatches: [HEADER] }, false],
  ['a header and the value of one', { headers: ['a'], headerMatches: [HEADER] }, false],
])('every request fulfils a condition that asks for nothing: %s', (_, more, expected) => {
  expect(isOpenCondition({ ...ANYTHING, ...more })).toBe(expected);
});

test.each<[Protocol, AgentConfig, boolean]>([
  ['TCP', { 'enable-ipv4': 'false', 'enable-ipv6': 'true' }, true],
  ['ICMP', {}, true],
  ['ICMP', { 'enable-ipv4': 'false', 'enable-ipv6': 'true' }, false],
  ['ICMPv6', { 'enable-ipv6': 'true' }, true],
  ['ICMPv6', {}, false],
  ['SCTP', {}, false],
  ['SCTP', { 'enable-sctp': 'true' }, true],
])('packets of %s pass somewhere with %j: %s', (protocol, config, expected) => {
  expect(isUsed(protocol, agent(config))).toBe(expected);
});

function joined(egress: readonly Span[], ingress: readonly Span[], config: AgentConfig = {}): readonly string[] {
  const [from, to] = [side(egress, config), sideOfSpans(ingress, 'ingress', agent(config))];
  const { passages } = joinedTraffic(from, to, agent(config));
  return passages.map(
    ({ protocol, first, last, is, proxies }) =>
      `${protocol} ${first}-${last} ${[is, ...proxies.map((one) => `${one.side} ${one.is}`)].join(' ')}`,
  );
}

test.each<[string, readonly Span[], readonly Span[], AgentConfig, readonly string[]]>([
  ['ranges that meet', [span(0, 9, RULE)], [span(5, 20, RULE)], {}, ['TCP 5-9 allowed']],
  ['ranges that meet in one port', [span(0, 9, RULE)], [span(9, 20, RULE)], {}, ['TCP 9-9 allowed']],
  ['ranges that do not meet', [span(0, 9, RULE)], [span(10, 20, RULE)], {}, []],
  [
    'one range and two',
    [span(0, 9, RULE), span(10, 20, DEFAULT_DENY)],
    [span(0, 4, DEFAULT_DENY), span(5, 20, RULE)],
    {},
    ['TCP 5-9 allowed'],
  ],
  ['what one side denies', [span(0, 9, DEFAULT_DENY)], [span(0, 9, RULE)], {}, []],
  ['what the other side denies', [span(0, 9, RULE)], [span(0, 9, DEFAULT_DENY)], {}, []],
  ['two protocols', [span(0, 9, RULE), span(0, 9, RULE, {}, 'UDP')], [span(0, 9, RULE, {}, 'UDP')], {}, ['UDP 0-9 allowed']],
  [
    'two protocols, the other way round',
    [span(0, 9, RULE, {}, 'UDP')],
    [span(0, 9, RULE), span(0, 9, RULE, {}, 'UDP')],
    {},
    ['UDP 0-9 allowed'],
  ],
  [
    'a protocol of which the last ports come first',
    [span(0, 9, RULE), span(0, 5, RULE, {}, 'UDP')],
    [span(0, 99, RULE), span(0, 99, RULE, {}, 'UDP')],
    {},
    ['TCP 0-9 allowed', 'UDP 0-5 allowed'],
  ],
  ['a protocol that is off', [span(0, 9, RULE, {}, 'SCTP')], [span(0, 9, RULE, {}, 'SCTP')], {}, []],
  ['proxies of both sides', [span(0, 9, HTTP)], [span(0, 9, DNS)], {}, ['TCP 0-9 allowed egress http ingress dns']],
  ['a side that is not known', [span(0, 9, HTTP)], [span(0, 9, RULE)], { 'enable-l7-proxy': 'false' }, ['TCP 0-9 unknown']],
  [
    'neighbours that are alike',
    [span(0, 9, RULE)],
    [span(0, 4, RULE, {}), span(5, 9, HTTP), span(10, 19, RULE)],
    {},
    ['TCP 0-4 allowed', 'TCP 5-9 allowed ingress http'],
  ],
  ['ranges with a gap', [span(0, 4, RULE), span(6, 9, RULE)], [span(0, 9, RULE)], {}, ['TCP 0-4 allowed', 'TCP 6-9 allowed']],
  ['one range and none after it', [span(0, 4, RULE), span(6, 9, RULE)], [span(0, 4, RULE)], {}, ['TCP 0-4 allowed']],
  ['one range and none after it, the other way round', [span(0, 4, RULE)], [span(0, 4, RULE), span(6, 9, RULE)], {}, ['TCP 0-4 allowed']],
])('what passes two sides: %s', (_, egress, ingress, config, expected) => {
  expect(joined(egress, ingress, config)).toEqual(expected);
});

test.each<[string, readonly (readonly [Protocol, number, number, 'allowed' | 'unknown'])[], number]>([
  [
    'neighbours',
    [
      ['TCP', 0, 4, 'allowed'],
      ['TCP', 5, 9, 'allowed'],
      ['TCP', 10, 19, 'allowed'],
    ],
    1,
  ],
  [
    'ranges with a gap',
    [
      ['TCP', 0, 4, 'allowed'],
      ['TCP', 6, 9, 'allowed'],
    ],
    2,
  ],
  [
    'ranges of which not the same is known',
    [
      ['TCP', 0, 4, 'allowed'],
      ['TCP', 5, 9, 'unknown'],
    ],
    2,
  ],
  [
    'ranges of two protocols',
    [
      ['TCP', 0, 4, 'allowed'],
      ['UDP', 5, 9, 'allowed'],
    ],
    2,
  ],
])('passages beside each other that are alike are one: %s', (_, ranges, count) => {
  const { passages } = trafficOf(ranges.map(([protocol, first, last, is]) => ({ protocol, first, last, is, proxies: [] })));
  expect(passages.length).toBe(count);
  expect([passages[0].first, passages.at(-1)!.last]).toEqual([ranges[0][1], ranges.at(-1)![2]]);
});

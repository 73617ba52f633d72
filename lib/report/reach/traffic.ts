/** Traffic in words. */
import type { HttpCondition, Protocol } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { Passage, Proxy, Traffic, lastOf, termsOf } from '../../reach/traffic';
import { someOf } from '../findings/words';

/** For example `5432/TCP`, `everything`, `53/UDP (DNS: *.example.com)`. `protocols` are those that the agent does not drop. */
export function trafficText({ passages }: Pick<Traffic, 'passages'>, protocols: readonly Protocol[]): string {
  const byTerms = [...groupedBy(passages, termsOf).values()];
  return byTerms.map((same) => `${portsText(same, protocols)}${termsText(same[0])}`).join(', ');
}

function portsText(passages: readonly Passage[], protocols: readonly Protocol[]): string {
  const byProtocol = groupedBy(passages, ({ protocol }) => protocol);
  const isWhole = (protocol: Protocol) => byProtocol.get(protocol)?.some((one) => isEvery(one)) ?? false;
  if (protocols.every(isWhole)) {
    return 'everything';
  }
  const missing = protocols.filter((one) => !byProtocol.has(one));
  const isRest = missing.length > 0 && missing.length <= 2 && byProtocol.size > 2 && [...byProtocol.keys()].every(isWhole);
  return isRest
    ? `everything but ${missing.join(' and ')}`
    : [...byProtocol].map(([protocol, same]) => ofProtocol(protocol, same)).join(', ');
}

export function isEvery({ protocol, first, last }: Pick<Passage, 'protocol' | 'first' | 'last'>): boolean {
  return first === 0 && last === lastOf(protocol);
}

function ofProtocol(protocol: Protocol, passages: readonly Pick<Passage, 'first' | 'last' | 'protocol'>[]): string {
  if (passages.length === 1) {
    return rangeText(passages[0]);
  }
  const gaps = gapsIn(passages);
  const isMost = passages.reduce((sum, { first, last }) => sum + last - first + 1, 0) > lastOf(protocol) / 2;
  return isMost && gaps.length < passages.length + 1 && gaps.length <= 3
    ? `every ${protocol} port but ${gaps.map(({ first, last }) => numbers(first, last)).join(', ')}`
    : `${someOf(
        passages.map(({ first, last }) => numbers(first, last)),
        MOST_RANGES,
      )}/${protocol}`;
}

const MOST_RANGES = 20;

function gapsIn(
  passages: readonly Pick<Passage, 'first' | 'last' | 'protocol'>[],
): readonly { readonly first: number; readonly last: number }[] {
  const end = lastOf(passages[0].protocol);
  const starts = [0, ...passages.map(({ last }) => last + 1)];
  const ends = [...passages.map(({ first }) => first - 1), end];
  // Port 0 is no port.
  return starts.map((first, i) => ({ first, last: ends[i] })).filter(({ first, last }) => first <= last && last > 0);
}

/** For example `80/TCP`, `8000–8100/TCP`, `every TCP port`, `ICMP type 8`, `GRE`. */
export function rangeText({ protocol, first, last }: Pick<Passage, 'protocol' | 'first' | 'last'>): string {
  const isIcmp = protocol === 'ICMP' || protocol === 'ICMPv6';
  if (lastOf(protocol) === 0) {
    return protocol;
  }
  if (isEvery({ protocol, first, last })) {
    return isIcmp ? `every ${protocol} type` : `every ${protocol} port`;
  }
  return isIcmp ? `${protocol} type ${numbers(first, last)}` : `${numbers(first, last)}/${protocol}`;
}

function numbers(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`;
}

function termsText({ is, proxies, isAuthenticated = false }: Passage): string {
  const texts = [
    ...(is === 'unknown' ? ['unknown'] : []),
    ...new Set(proxies.flatMap(proxyText)),
    ...(isAuthenticated ? ['authenticated'] : []),
  ];
  return texts.length === 0 ? '' : ` (${texts.join('; ')})`;
}

/** What a proxy asks, in short. Nothing for one that asks nothing. */
function proxyText({ is, http, dns, serverNames, hasMore }: Proxy): readonly string[] {
  const asked = [
    ...(http.length === 0 ? [] : [`HTTP ${someOf([...new Set(http.map(conditionText))], MOST_CONDITIONS)}`]),
    ...(dns.length === 0 || dns.includes('*') ? [] : [`DNS ${someOf([...new Set(dns)], MOST_CONDITIONS)}`]),
    ...(serverNames.length === 0 ? [] : [`server name ${someOf(serverNames, MOST_CONDITIONS)}`]),
  ];
  return asked.length > 0 || !hasMore ? asked : [`${is} proxy`];
}

const MOST_CONDITIONS = 3;

export function conditionText({ method, path, host, headers, headerMatches }: HttpCondition): string {
  const headerNames = [
    ...headers,
    ...headerMatches.map(
      ({ name, value, secret, mismatch }) =>
        `${name}${value === '' ? (secret === undefined ? '' : `=Secret ${secret}`) : `=${value}`}${mismatch === '' ? '' : ` (else ${mismatch})`}`,
    ),
  ];
  const texts = [method, path, host === '' ? '' : `host ${host}`, headerNames.length === 0 ? '' : `headers ${headerNames.join(', ')}`];
  return texts.filter((text) => text !== '').join(' ') || 'any request';
}

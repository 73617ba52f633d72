/**
 * CIDR prefixes, read as Cilium's agent reads them.
 *
 * Accepts and refuses what Go's `netip.ParsePrefix` does, which is stricter than the API server's `format: cidr`: no leading zero in
 * an octet or in the length, no zone, no bare address. Host bits may be set. Source: cilium `pkg/policy/api/cidr.go`.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { accepted, Parsed, refused } from './parsed';
import { remember } from './remember';

/** A block of addresses of one family. */
export interface Prefix {
  /** The IP version; `::ffff:10.0.0.0/104` is version 6, as in Go. */
  readonly version: 4 | 6;
  /** The first address of the block, as a number: the bits behind `length` are zero. */
  readonly first: bigint;
  /** How many leading bits are fixed, 0–32 or 0–128. */
  readonly length: number;
}

/** Reads `ADDRESS/LENGTH`. */
export const parsePrefix = remember(parse);

function parse(text: string): Parsed<Prefix> {
  const slash = text.lastIndexOf('/');
  if (slash < 0) {
    return bareAddress(text);
  }
  const address = text.slice(0, slash);
  const version = ipVersion(address);
  if (version === undefined) {
    return refused(`CIDR \`${text}\` has no valid address before the slash`, ADDRESS_HELP);
  }
  const digits = text.slice(slash + 1);
  const bits = addressBits(version);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(digits) || Number(digits) > bits) {
    return refused(`CIDR \`${text}\` has prefix length \`${digits}\``, `write a length from 0 to ${bits}, without leading zeros`);
  }
  const length = Number(digits);
  const hostBits = BigInt(bits - length);
  return accepted({ version, first: (addressNumber(address, version) >> hostBits) << hostBits, length });
}

/** Whether every address of `inner` is in `outer`; never across families. */
export function contains(outer: Prefix, inner: Prefix): boolean {
  const hostBits = BigInt(addressBits(outer.version) - outer.length);
  return outer.version === inner.version && outer.length <= inner.length && inner.first >> hostBits === outer.first >> hostBits;
}

/**
 * Whether the address of a block, as it is written, is in `outer`.
 *
 * Before 1.20 the agent asked no more than this of an `except` block, so one wider than its CIDR passed.
 * Source: cilium `pkg/policy/api/rule_validation.go`, `CIDRRule.sanitize`.
 */
export function containsAddress(outer: Prefix, inner: string): boolean {
  const address = inner.slice(0, Math.max(0, inner.lastIndexOf('/')));
  const hostBits = BigInt(addressBits(outer.version) - outer.length);
  return ipVersion(address) === outer.version && addressNumber(address, outer.version) >> hostBits === outer.first >> hostBits;
}

const ADDRESS_HELP = 'write an IPv4 or IPv6 block such as `192.0.2.0/24` or `2001:db8::/32`';

function bareAddress(text: string): Parsed<Prefix> {
  const version = ipVersion(text);
  return version === undefined
    ? refused(`CIDR \`${text}\` is not a block of addresses`, ADDRESS_HELP)
    : refused(`CIDR \`${text}\` has no prefix length`, `write \`${text}/${addressBits(version)}\` for one address`);
}

/** The version of a bare address without a zone; Node's and Go's strict parsers agree on which texts are addresses. */
function ipVersion(text: string): 4 | 6 | undefined {
  if (isIPv4(text)) {
    return 4;
  }
  return isIPv6(text) && !text.includes('%') ? 6 : undefined;
}

function addressBits(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

function addressNumber(address: string, version: 4 | 6): bigint {
  return version === 4 ? BigInt(quadNumber(address)) : groupsNumber(address);
}

function quadNumber(quad: string): number {
  return quad.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** The number of an IPv6 address: eight groups, of which `::` stands for as many zero ones as are missing. */
function groupsNumber(address: string): bigint {
  const [head, tail] = address.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return [...left, ...zeros, ...right].reduce((number, group) => (number << 16n) | BigInt(group), 0n);
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? quadGroups(group) : [parseInt(group, 16)]));
}

/** An IPv4 address at the end of an IPv6 one fills two groups. */
function quadGroups(quad: string): number[] {
  const number = quadNumber(quad);
  return [Math.floor(number / 0x10000), number % 0x10000];
}

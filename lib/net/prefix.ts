/**
 * CIDR prefixes, read as Cilium's agent reads them.
 *
 * Accepts and rejects the same input as Go's `netip.ParsePrefix`, which is stricter than the API server's `format: cidr`: no leading zero
 * in an octet or in the length, no zone, no address without a length. Host bits may be set. Source: cilium `pkg/policy/api/cidr.go`.
 */
import { Address, addressBits, addressText, parseAddress } from './address';
import { accepted, Parsed, refused } from './parsed';
import { remember } from './remember';

/** A CIDR prefix of one IP family. */
export interface Prefix {
  /** The IP version; `::ffff:10.0.0.0/104` is version 6, as in Go. */
  readonly version: 4 | 6;
  /** The first address of the prefix, as a number: the bits after `length` are zero. */
  readonly first: bigint;
  /** The number of fixed leading bits, 0–32 or 0–128. */
  readonly length: number;
}

/** Reads `ADDRESS/LENGTH`. */
export const parsePrefix = remember(parse);

function parse(text: string): Parsed<Prefix> {
  const slash = text.lastIndexOf('/');
  if (slash < 0) {
    return bareAddress(text);
  }
  const address = parseAddress(text.slice(0, slash));
  if (address === undefined) {
    return refused(`CIDR \`${text}\` has no valid address before the slash`, ADDRESS_HELP);
  }
  const digits = text.slice(slash + 1);
  const { version, value } = address;
  const bits = addressBits(version);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(digits) || Number(digits) > bits) {
    return refused(`CIDR \`${text}\` has invalid prefix length \`${digits}\``, `write a length from 0 to ${bits}, without leading zeros`);
  }
  const length = Number(digits);
  const hostBits = BigInt(bits - length);
  return accepted({ version, first: (value >> hostBits) << hostBits, length });
}

/** For example `192.0.2.0/24`. */
export function prefixText({ version, first, length }: Prefix): string {
  return `${addressText({ version, value: first })}/${length}`;
}

/** The prefix that contains only this address. */
export function singleBlock({ version, value }: Address): Prefix {
  return { version, first: value, length: addressBits(version) };
}

/** Whether every address of `inner` is in `outer`; false if their IP families differ. */
export function contains(outer: Prefix, inner: Prefix): boolean {
  const hostBits = BigInt(addressBits(outer.version) - outer.length);
  return outer.version === inner.version && outer.length <= inner.length && inner.first >> hostBits === outer.first >> hostBits;
}

/**
 * Whether the address of a CIDR, as written, is in `outer`.
 *
 * Before 1.20, the agent checked no more than this for an `except` prefix, so it accepted one that is wider than its CIDR.
 * Source: cilium `pkg/policy/api/rule_validation.go`, `CIDRRule.sanitize`.
 */
export function containsAddress(outer: Prefix, inner: string): boolean {
  const address = parseAddress(inner.slice(0, Math.max(0, inner.lastIndexOf('/'))));
  const hostBits = BigInt(addressBits(outer.version) - outer.length);
  return address?.version === outer.version && address.value >> hostBits === outer.first >> hostBits;
}

const ADDRESS_HELP = 'write an IPv4 or IPv6 CIDR such as `192.0.2.0/24` or `2001:db8::/32`';

function bareAddress(text: string): Parsed<Prefix> {
  const version = parseAddress(text)?.version;
  return version === undefined
    ? refused(`\`${text}\` is not a valid CIDR`, ADDRESS_HELP)
    : refused(`CIDR \`${text}\` has no prefix length`, `write \`${text}/${addressBits(version)}\` for one address`);
}

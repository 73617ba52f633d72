/**
 * The CIDRs of a NetworkPolicy, as Kubernetes reads them.
 *
 * Source: apimachinery `pkg/util/validation/ip.go`, IsValidCIDRForLegacyField; Go `net.IPNet`.
 */
import { addressBits, addressText, isMapped, parseAddress } from '../../net/address';
import { expectParsed } from '../../net/parsed';
import { contains, parsePrefix, Prefix, singleBlock } from '../../net/prefix';
import { canonicalCidr } from './text';
import type { Doubt } from './violation';

/** Whether an `except` prefix is a part of a CIDR, and smaller. Both are valid for the API server. */
export function isStrictlyInside(inner: string, outer: string): boolean {
  const [hole, block] = [blockOf(inner), blockOf(outer)];
  return hole.written > block.written && contains(block.prefix, { ...hole.prefix, length: addressBits(hole.prefix.version) });
}

/**
 * What a CIDR covers, and its length as written.
 *
 * Go takes an IPv6 prefix of IPv4 addresses, such as `::ffff:10.0.0.0/104`, for the IPv4 prefix, but for its length.
 */
function blockOf(text: string): { readonly prefix: Prefix; readonly written: number } {
  const { version, first, length } = prefixOf(text);
  const prefix: Prefix =
    version === 6 && isMapped({ version, value: first })
      ? { version: 4, first: first & LOW, length: length - 96 }
      : { version, first, length };
  return { prefix, written: length };
}

const LOW = 0xffff_ffffn;

/** The prefix of a CIDR that the API server accepts. */
function prefixOf(text: string): Prefix {
  return expectParsed(parsePrefix(canonicalCidr(text)));
}

/** What is wrong with a CIDR that Kubernetes accepts before 1.36 only, and how to write it; `undefined` if nothing is. */
export function legacyFormOf(text: string): Pick<Doubt, 'problem' | 'help' | 'meant'> | undefined {
  const address = parseAddress(text.slice(0, text.lastIndexOf('/')));
  if (address === undefined || !parsePrefix(text).ok) {
    return legacyForm('has leading zeros', prefixOf(text));
  }
  if (isMapped(address)) {
    return legacyForm('has an IPv4 address in the form of IPv6', blockOf(text).prefix);
  }
  const prefix = prefixOf(text);
  if (address.value === prefix.first) {
    return undefined;
  }
  const orOne = `, or \`${cidrText(singleBlock(address))}\` for one address`;
  return legacyForm('has bits set beyond its prefix length', prefix, orOne);
}

function legacyForm(problem: string, prefix: Prefix, more = ''): Pick<Doubt, 'problem' | 'help' | 'meant'> {
  const meant = cidrText(prefix);
  return { problem, help: `write \`${meant}\`${more}`, meant };
}

function cidrText({ version, first, length }: Prefix): string {
  return `${addressText({ version, value: first })}/${length}`;
}

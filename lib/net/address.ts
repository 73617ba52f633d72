/**
 * IP addresses as numbers.
 *
 * Accepts what Go's `netip.ParseAddr` accepts, except zones: no address in a cluster has one.
 */

export interface Address {
  /** The IP version; `::ffff:10.0.0.1` is version 6, as in Go. */
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** The address that a text is; `undefined` if it is not one. */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const number = quadNumber(text);
    return number === undefined ? undefined : { version: 4, value: BigInt(number) };
  }
  const groups = groupsOf(text);
  return groups && { version: 6, value: groups.reduce((number, group) => (number << 16n) | BigInt(group), 0n) };
}

/** Whether Go reads a text as an address, also an IPv6 address with a zone: `fe80::1%eth0`. */
export function isAddress(text: string): boolean {
  const zone = text.indexOf('%');
  return zone < 0 ? parseAddress(text) !== undefined : zone < text.length - 1 && parseAddress(text.slice(0, zone))?.version === 6;
}

/** Whether an address is an IPv4 address in the form of IPv6: `::ffff:10.0.0.1`. */
export function isMapped({ version, value }: Address): boolean {
  return version === 6 && value >> 32n === 0xffffn;
}

/** The address that a packet to an address has: the kernel sends one to `::ffff:10.0.0.1` as IPv4, to `10.0.0.1`. */
export function sentTo(address: Address): Address {
  return isMapped(address) ? { version: 4, value: address.value & 0xffffffffn } : address;
}

/** How many bits an address has. */
export function addressBits(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

/** Whether an address means the machine or the pod itself: 127.0.0.0/8 or ::1. */
export function isLoopback({ version, value }: Address): boolean {
  return version === 4 ? value >> 24n === 127n : value === 1n;
}

/** One text for one address, for use as a key. */
export function addressKey({ version, value }: Address): string {
  return `${version}:${value.toString(16)}`;
}

/** The number of an IPv4 address: four decimal octets without leading zeros. */
function quadNumber(text: string): number | undefined {
  const octets = text.split('.', 5);
  return octets.length === 4 && octets.every((octet) => OCTET.test(octet))
    ? octets.reduce((number, octet) => number * 256 + Number(octet), 0)
    : undefined;
}

const OCTET = /^(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])$/;

/** The eight groups of an IPv6 address: `::` stands for as many groups of zeros as are missing, which is at least one. */
function groupsOf(text: string): readonly number[] | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) {
    return undefined;
  }
  const [left, right] = [halfOf(halves[0], halves.length === 1), halves.length === 1 ? [] : halfOf(halves[1], true)];
  if (left === undefined || right === undefined) {
    return undefined;
  }
  const missing = 8 - left.length - right.length;
  const isComplete = halves.length === 1 ? missing === 0 : missing > 0;
  return isComplete ? [...left, ...new Array<number>(missing).fill(0), ...right] : undefined;
}

/** The groups on one side of `::`; an IPv4 address at the end of the text fills two. */
function halfOf(text: string, isEnd: boolean): readonly number[] | undefined {
  const groups: number[] = [];
  const parts = text === '' ? [] : text.split(':', 9);
  for (const [i, part] of parts.entries()) {
    const quad = isEnd && i === parts.length - 1 ? quadNumber(part) : undefined;
    if (quad === undefined && !GROUP.test(part)) {
      return undefined;
    }
    (quad === undefined ? [parseInt(part, 16)] : [Math.floor(quad / 0x10000), quad % 0x10000]).forEach((group) => groups.push(group));
  }
  return groups;
}

const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** As users write it; in an IPv6 address the longest run of zeros is `::`. */
export function addressText({ version, value }: Address): string {
  const width = version === 4 ? 8 : 16;
  const parts = Array.from({ length: addressBits(version) / width }, (_, i) =>
    Number((value >> BigInt(addressBits(version) - width * (i + 1))) & BigInt(2 ** width - 1)),
  );
  if (version === 4) {
    return parts.join('.');
  }
  const text = parts.map((part) => part.toString(16)).join(':');
  const zeros = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].reduce<string>(
    (longest, [run]) => (run.length > longest.length ? run : longest),
    '',
  );
  return zeros === ''
    ? text
    : text
        .replace(zeros, ':')
        .replace(/^:(?!:)/, '::')
        .replace(/(?<!:):$/, '::');
}

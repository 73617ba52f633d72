/**
 * IP addresses as numbers.
 *
 * Accepts what Go's `netip.ParseAddr` accepts, except zones, which no address in a cluster has.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { Prefix } from './prefix';

export interface Address {
  /** The IP version; `::ffff:10.0.0.1` is version 6, as in Go. */
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** Reads an address; `undefined` if the string is not one. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) {
    return { version: 4, value: BigInt(quadNumber(text)) };
  }
  return isIPv6(text) && !text.includes('%') ? { version: 6, value: groupsNumber(text) } : undefined;
}

/** The number of bits of an address. */
export function addressBits(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

/** The prefix that contains only this address. */
export function singleBlock({ version, value }: Address): Prefix {
  return { version, first: value, length: addressBits(version) };
}

/** A string that is unique for the address, for use as a key. */
export function addressKey({ version, value }: Address): string {
  return `${version}:${value.toString(16)}`;
}

function quadNumber(quad: string): number {
  return quad.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** The number of an IPv6 address: eight groups, where `::` stands for the zero groups that are missing. */
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

/** An IPv4 address at the end of an IPv6 address fills two groups. */
function quadGroups(quad: string): number[] {
  const number = quadNumber(quad);
  return [Math.floor(number / 0x10000), number % 0x10000];
}

/** The usual notation; the longest run of zeros of an IPv6 address becomes `::`. */
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

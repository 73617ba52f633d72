/**
 * ICMP message types, by number and by the names that Cilium gives them.
 *
 * Source: cilium `pkg/policy/api/icmp.go`.
 */
import { closest } from './did-you-mean';
import { accepted, Parsed, refused } from './parsed';

/** The two IP families, spelled as in a policy. */
export type IcmpFamily = 'IPv4' | 'IPv6';

/** The type names of each family and their numbers. */
export const ICMP_TYPES: Readonly<Record<IcmpFamily, Readonly<Record<string, number>>>> = {
  IPv4: {
    EchoReply: 0,
    DestinationUnreachable: 3,
    Redirect: 5,
    Echo: 8,
    EchoRequest: 8,
    RouterAdvertisement: 9,
    RouterSelection: 10,
    TimeExceeded: 11,
    ParameterProblem: 12,
    Timestamp: 13,
    TimestampReply: 14,
    Photuris: 40,
    ExtendedEchoRequest: 42,
    ExtendedEchoReply: 43,
  },
  IPv6: {
    DestinationUnreachable: 1,
    PacketTooBig: 2,
    TimeExceeded: 3,
    ParameterProblem: 4,
    EchoRequest: 128,
    EchoReply: 129,
    MulticastListenerQuery: 130,
    MulticastListenerReport: 131,
    MulticastListenerDone: 132,
    RouterSolicitation: 133,
    RouterAdvertisement: 134,
    NeighborSolicitation: 135,
    NeighborAdvertisement: 136,
    RedirectMessage: 137,
    RouterRenumbering: 138,
    ICMPNodeInformationQuery: 139,
    ICMPNodeInformationResponse: 140,
    InverseNeighborDiscoverySolicitation: 141,
    InverseNeighborDiscoveryAdvertisement: 142,
    HomeAgentAddressDiscoveryRequest: 144,
    HomeAgentAddressDiscoveryReply: 145,
    MobilePrefixSolicitation: 146,
    MobilePrefixAdvertisement: 147,
    DuplicateAddressRequestCodeSuffix: 157,
    DuplicateAddressConfirmationCodeSuffix: 158,
    ExtendedEchoRequest: 160,
    ExtendedEchoReply: 161,
  },
};

/**
 * Reads an ICMP type: a number from 0 to 255, also as a string without leading zeros, or a type name of the family.
 *
 * The agent accepts any number, and the CRD limits only strings, but the type of a message has eight bits.
 * The name `ExtendedEchoReply` is rejected: the CRD's pattern misspells it, so the API server never accepts it.
 */
export function parseIcmpType(type: string | number, family: IcmpFamily): Parsed<number> {
  if (typeof type === 'number' || /^(0|[1-9][0-9]*)$/.test(type)) {
    const number = Number(type);
    return Number.isInteger(number) && number >= 0 && number <= MAX_TYPE
      ? accepted(number)
      : refused(`ICMP type ${type} is out of range`, `write a number from 0 to ${MAX_TYPE}`);
  }
  const names = ICMP_TYPES[family];
  if (!Object.hasOwn(names, type)) {
    const guess = closest(type, Object.keys(names));
    return refused(
      `unknown ICMP type \`${type}\` for ${family}`,
      guess === undefined ? `write its number, 0 to ${MAX_TYPE}` : `did you mean \`${guess}\`?`,
    );
  }
  if (type === 'ExtendedEchoReply') {
    return refused(`ICMP type \`${type}\` cannot be written by name: the CRD misspells it`, `write ${names[type]}`);
  }
  return accepted(names[type]);
}

const MAX_TYPE = 255;

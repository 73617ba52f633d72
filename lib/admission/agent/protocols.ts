import { isSince, Minor, MINORS } from '../../crd/minor';

/** The protocols of a minor. Source: cilium `pkg/policy/api/l4.go`. */
export function protocolsOf(minor: Minor): readonly string[] {
  return PROTOCOLS[minor];
}

/** Whether a protocol, as written, has no ports. The agent checks this before it converts the string to upper case. */
export function takesNoPort(protocol: string, minor: Minor): boolean {
  return !PORTED.includes(protocol) && protocol !== 'ANY' && PROTOCOLS[minor].includes(protocol);
}

const PORTED = ['TCP', 'UDP', 'SCTP'];

const PROTOCOLS = Object.fromEntries(
  MINORS.map((minor) => {
    const portless = [
      ...(isSince(minor, '1.19') ? ['VRRP', 'IGMP'] : []),
      ...(isSince(minor, '1.20') ? ['GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] : []),
    ];
    return [minor, [...PORTED, ...portless, 'ANY']];
  }),
) as unknown as Readonly<Record<Minor, readonly string[]>>;

/** The IP protocols of port rules. For ICMP, see `Icmp`. */
export enum Protocol {
  /** TCP. */
  TCP = 'TCP',
  /** UDP. */
  UDP = 'UDP',
  /** SCTP. */
  SCTP = 'SCTP',
  /** TCP, UDP and SCTP, but not ICMP or the protocols below. */
  ANY = 'ANY',
  /** VRRP, a protocol without ports. Since Cilium 1.19, with `enable-extended-ip-protocols`. */
  VRRP = 'VRRP',
  /** IGMP, a protocol without ports. Since Cilium 1.19, with `enable-extended-ip-protocols`. */
  IGMP = 'IGMP',
  /** GRE, a protocol without ports. Since Cilium 1.20, with `enable-extended-ip-protocols`. */
  GRE = 'GRE',
  /** IPv4 in IP, a protocol without ports. Since Cilium 1.20, with `enable-extended-ip-protocols`. */
  IPIP = 'IPIP',
  /** IPv6 in IP, a protocol without ports. Since Cilium 1.20, with `enable-extended-ip-protocols`. */
  IPV6 = 'IPV6',
  /** IPsec ESP, a protocol without ports. Since Cilium 1.20, with `enable-extended-ip-protocols`. */
  ESP = 'ESP',
  /** IPsec AH, a protocol without ports. Since Cilium 1.20, with `enable-extended-ip-protocols`. */
  AH = 'AH',
}

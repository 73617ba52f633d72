/** The IP protocols that a rule can name; ICMP is not among them: see `Icmp`. */
export enum Protocol {
  /** TCP. */
  TCP = 'TCP',
  /** UDP. */
  UDP = 'UDP',
  /** SCTP. */
  SCTP = 'SCTP',
  /** TCP, UDP and SCTP; never ICMP nor one of the protocols below. */
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

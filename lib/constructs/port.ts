import { MAX_PORT, parsePort } from '../net/port';
import { fail, must, mustBeA, mustBeMember, mustHaveItems, shown } from '../props/errors';
import { DnsPort } from './dns-port';
import { EnvoyListener } from './envoy-listener';
import { HttpRule } from './http-rule';
import { L7Port } from './l7-port';
import { ListenerPort } from './listener-port';
import { PortProtocol } from './private/manifest';
import { TrafficPart } from './private/parts';
import { Protocol } from './protocol';
import { TlsContext } from './tls-context';
import { PlainTraffic } from './traffic';

/**
 * A destination port, or a range of them.
 *
 * Policy applies behind Services: the port is the container port, not the port of the Service.
 * Source: https://docs.cilium.io/en/stable/security/policy/layer4/
 */
export abstract class Port extends PlainTraffic {
  /**
   * Matches one TCP port.
   *
   * @param port 1–65535
   */
  public static tcp(port: number): TcpPort {
    return TcpPort._of(onePort(port, Protocol.TCP));
  }

  /**
   * Matches one UDP port.
   *
   * @param port 1–65535
   */
  public static udp(port: number): Port {
    return new OtherPort(onePort(port, Protocol.UDP));
  }

  /**
   * Matches one SCTP port. Needs the agent's `enable-sctp`.
   *
   * @param port 1–65535
   */
  public static sctp(port: number): Port {
    return new OtherPort(onePort(port, Protocol.SCTP));
  }

  /**
   * Matches one port over TCP, UDP and SCTP.
   *
   * @param port 1–65535
   */
  public static any(port: number): Port {
    return new OtherPort(onePort(port, Protocol.ANY));
  }

  /**
   * Matches a range of TCP ports, including both ends.
   *
   * @param first 1–65535
   * @param last not lower than `first`
   */
  public static tcpRange(first: number, last: number): TcpPort {
    return TcpPort._of(portRange(first, last, Protocol.TCP));
  }

  /**
   * Matches a range of UDP ports, including both ends.
   *
   * @param first 1–65535
   * @param last not lower than `first`
   */
  public static udpRange(first: number, last: number): Port {
    return new OtherPort(portRange(first, last, Protocol.UDP));
  }

  /**
   * Matches a range of SCTP ports, including both ends. Needs the agent's `enable-sctp`.
   *
   * @param first 1–65535
   * @param last not lower than `first`
   */
  public static sctpRange(first: number, last: number): Port {
    return new OtherPort(portRange(first, last, Protocol.SCTP));
  }

  /** Matches every TCP port. */
  public static allTcp(): Port {
    return Port.protocol(Protocol.TCP);
  }

  /** Matches every UDP port. */
  public static allUdp(): Port {
    return Port.protocol(Protocol.UDP);
  }

  /** Matches every SCTP port. Needs the agent's `enable-sctp`. */
  public static allSctp(): Port {
    return Port.protocol(Protocol.SCTP);
  }

  /**
   * Matches a port by the name that the destination's containers give it.
   *
   * Up to Cilium 1.19, a name in an egress rule means one number in the whole cluster: the rule also matches that port of peers without the name,
   * such as nodes, and matches nothing if pods give the name different numbers.
   *
   * @param name 1–15 letters, digits and single inner hyphens, at least one letter; case does not matter
   * @param protocol TCP, UDP, SCTP or ANY
   */
  public static named(name: string, protocol: Protocol): Port {
    return new OtherPort(namedPort(name, protocol));
  }

  /**
   * Matches a TCP port by the name that the destination's containers give it. In egress rules, see `named`.
   *
   * @param name 1–15 letters, digits and single inner hyphens, at least one letter; case does not matter
   */
  public static tcpNamed(name: string): TcpPort {
    return TcpPort._of(namedPort(name, Protocol.TCP));
  }

  /**
   * Matches all traffic over one IP protocol, including protocols without ports.
   *
   * Protocols without ports need Cilium 1.19 or 1.20 (see `Protocol`) and the agent's `enable-extended-ip-protocols`. They are rendered with
   * port `0`, which the agent accepts whether this setting is on or off. Without a port, it rejects the policy if the setting is off.
   *
   * @param protocol any protocol
   */
  public static protocol(protocol: Protocol): Port {
    mustBeMember('protocol', protocol, Protocol);
    return new OtherPort({ port: EVERY_PORT, protocol });
  }

  /** Matches all traffic: every port of every protocol, and ICMP. The same as no traffic value, but explicit. */
  public static everything(): PlainTraffic {
    return new Everything();
  }

  /** Sends look-ups on port 53 (TCP, UDP and SCTP) through Cilium's DNS proxy and allows every name, so that Cilium learns addresses. */
  public static dnsProxy(): DnsPort {
    return (dnsProxy ??= Port.any(53).dns('*'));
  }

  /** @internal */
  public abstract readonly _port: PortProtocol;

  /**
   * Sends look-ups through Cilium's DNS proxy and allows only these names.
   *
   * Other rules of this port add their names. A rule that opens a range or every port to the resolver adds none.
   *
   * @param names at least one name, or pattern with `*`; `*` alone matches every name
   */
  public dns(...names: string[]): DnsPort {
    mustHaveItems('list of DNS names', names, "write '*' to allow every name");
    if (this._port.port === EVERY_PORT) {
      fail('DNS rules need a port', 'write the port of the resolver, such as Port.any(53)');
    }
    if (this._port.endPort !== undefined) {
      fail(`DNS rules cannot cover the range ${this._port.port}–${this._port.endPort}`, 'write one port, such as Port.any(53)');
    }
    return DnsPort._of(this._port, names);
  }

  /** @internal */
  public _parts(): TrafficPart[] {
    return [{ is: 'port', port: this._port }];
  }
}

/** A TCP port, or a range of TCP ports. HTTP and TLS need TCP. */
export class TcpPort extends Port {
  /** @internal */
  public static _of(port: PortProtocol): TcpPort {
    return new TcpPort(port);
  }

  private constructor(/** @internal */ public readonly _port: PortProtocol) {
    super();
  }

  /**
   * Allows only these HTTP requests.
   *
   * @param rules at least one
   */
  public http(...rules: HttpRule[]): L7Port {
    mustHaveItems('list of HTTP rules', rules, 'write HttpRule.of({}) to allow every request');
    rules.forEach((rule) => mustBeA(HttpRule, 'HTTP rule', rule));
    return L7Port._of(this._port, { rules: { http: rules.map((rule) => rule._render()) } });
  }

  /**
   * Allows only TLS connections with one of these server names (SNI).
   *
   * In one policy, a rule that opens the port to the same peers without names fails the synthesis. In another policy it adds no names if it is for
   * exactly the same port and peers, because Cilium merges the two. If it opens a range or every port, it adds every name.
   *
   * @param names at least one name, or pattern with `*`. Up to Cilium 1.19, only `*.` or `**.` at the beginning; since 1.20, `*` anywhere.
   */
  public serverNames(...names: string[]): L7Port {
    return L7Port._of(this._port, {}).serverNames(...names);
  }

  /**
   * Terminates TLS at Cilium's proxy with this key and certificate, so that the proxy can read the requests.
   *
   * @param context the certificate that is presented to the client, with its key
   */
  public terminatingTls(context: TlsContext): L7Port {
    return L7Port._of(this._port, {}).terminatingTls(context);
  }

  /**
   * Makes Cilium's proxy open a TLS connection to the destination.
   *
   * @param context the CA that the destination's certificate is checked against
   */
  public originatingTls(context: TlsContext): L7Port {
    return L7Port._of(this._port, {}).originatingTls(context);
  }

  /**
   * Redirects connections to an Envoy listener. Only for egress.
   *
   * @param listener the listener
   */
  public listener(listener: EnvoyListener): ListenerPort {
    return ListenerPort._of(this._port, listener);
  }
}

/** A port of a protocol other than TCP, or every port. */
class OtherPort extends Port {
  public constructor(public readonly _port: PortProtocol) {
    super();
  }
}

/** All traffic. */
class Everything extends PlainTraffic {
  public _parts(): TrafficPart[] {
    return [{ is: 'everything' }];
  }
}

/** Shared, because most policies use it and it never changes. */
let dnsProxy: DnsPort | undefined;

/** How a policy writes every port of a protocol. */
const EVERY_PORT = '0';

function onePort(port: number, protocol: Protocol): PortProtocol {
  return { port: String(mustBePortNumber(port)), protocol };
}

function portRange(first: number, last: number, protocol: Protocol): PortProtocol {
  mustBePortNumber(first);
  mustBePortNumber(last);
  if (last < first) {
    fail(`port range ${first}–${last} ends before it begins`, `write the lower port first: ${last}, ${first}`);
  }
  return { port: String(first), endPort: last === first ? undefined : last, protocol };
}

function namedPort(name: string, protocol: Protocol): PortProtocol {
  mustBeMember('protocol', protocol, Protocol);
  if (!WITH_PORTS.includes(protocol)) {
    fail(`protocol ${protocol} has no ports`, `write Port.protocol(Protocol.${protocol})`);
  }
  if (must('port name', name, parsePort).is === 'number') {
    fail(`port name \`${name}\` is a number`, `write Port.${protocol === Protocol.ANY ? 'any' : protocol.toLowerCase()}(${name})`);
  }
  return { port: name, protocol };
}

const WITH_PORTS = [Protocol.TCP, Protocol.UDP, Protocol.SCTP, Protocol.ANY];

function mustBePortNumber(port: number): number {
  if (port === 0) {
    fail('port 0 means every port', 'write Port.allTcp(), Port.allUdp() or Port.allSctp()');
  }
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) {
    fail(`port ${shown(port)} is not a valid port number`, `write a whole number from 1 to ${MAX_PORT}`);
  }
  return port;
}

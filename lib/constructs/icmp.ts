import { IcmpFamily, parseIcmpType } from '../net/icmp';
import { fail, mustBeText } from './private/errors';
import { TrafficPart } from './private/parts';
import { PlainTraffic } from './traffic';

/**
 * ICMP messages of one type.
 *
 * A rule about ports never lets ICMP through; a rule about neither does.
 */
export class Icmp extends PlainTraffic {
  /** Ping requests, IPv4. For IPv6 write `Icmp.v6('EchoRequest')`. */
  public static echoRequest(): Icmp {
    return Icmp.v4('EchoRequest');
  }

  /**
   * ICMP messages over IPv4.
   *
   * @param messageType a number from 0 to 255, or Cilium's name, such as `DestinationUnreachable`. Beware of 0 (`EchoReply`): Cilium takes it for
   * every type.
   */
  public static v4(messageType: string | number): Icmp {
    return new Icmp('IPv4', messageType);
  }

  /**
   * ICMP messages over IPv6.
   *
   * @param messageType a number from 0 to 255, or Cilium's name, such as `NeighborSolicitation`. Beware of 0: Cilium takes it for every type.
   */
  public static v6(messageType: string | number): Icmp {
    return new Icmp('IPv6', messageType);
  }

  private constructor(
    private readonly family: IcmpFamily,
    private readonly messageType: string | number,
  ) {
    super();
    if (typeof messageType !== 'number') {
      mustBeText('ICMP type', messageType);
    }
    const parsed = parseIcmpType(messageType, family);
    if (!parsed.ok) {
      fail(parsed.problem, parsed.help);
    }
  }

  /** @internal */
  public _part(): TrafficPart {
    return { is: 'icmp', field: { family: this.family, type: this.messageType } };
  }
}

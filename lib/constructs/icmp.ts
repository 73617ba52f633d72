import { IcmpFamily, parseIcmpType } from '../net/icmp';
import { fail, mustBeText } from '../props/errors';
import { TrafficPart } from './private/parts';
import { PlainTraffic } from './traffic';

/**
 * ICMP messages of one type.
 *
 * A rule with ports never allows ICMP. A rule without ports and ICMP types allows all traffic, including ICMP.
 */
export class Icmp extends PlainTraffic {
  /** Matches IPv4 ping requests. For IPv6, write `Icmp.v6('EchoRequest')`. */
  public static echoRequest(): Icmp {
    return Icmp.v4('EchoRequest');
  }

  /**
   * Matches ICMP messages over IPv4.
   *
   * @param messageType a number from 0 to 255, or Cilium's name, for example `DestinationUnreachable`. Note that Cilium matches every type for
   * 0 (`EchoReply`).
   */
  public static v4(messageType: string | number): Icmp {
    return new Icmp('IPv4', messageType);
  }

  /**
   * Matches ICMP messages over IPv6.
   *
   * @param messageType a number from 0 to 255, or Cilium's name, for example `NeighborSolicitation`. Note that Cilium matches every type for 0.
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
  public _parts(): TrafficPart[] {
    return [{ is: 'icmp', field: { family: this.family, type: this.messageType } }];
  }
}

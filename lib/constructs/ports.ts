import { mustHaveItems } from '../props/errors';
import { listOf, a } from '../props/shape';
import { PlainTraffic, Traffic } from './traffic';
import { AllowedParts, PlainParts } from './traffic-of-parts';

/**
 * Ports that a program computes: an empty list throws. Spread into a verb, an empty list would allow every port.
 *
 * @example
 *
 * policy.allowFrom(Peer.world(), Ports.of([Port.tcp(80), Port.tcp(443)]));
 */
export class Ports {
  /**
   * Returns ports and ICMP types as one value, for rules that allow and rules that deny.
   *
   * @param traffic at least one
   */
  public static of(traffic: PlainTraffic[]): PlainTraffic {
    mustHaveItems('list of ports', traffic, EMPTY);
    listOf(a(PlainTraffic))(traffic, 'ports');
    return new PlainParts(traffic.flatMap((one) => one._parts()));
  }

  /**
   * Returns ports with their requests or server names as one value, for rules that allow.
   *
   * @param traffic at least one
   */
  public static withRules(traffic: Traffic[]): Traffic {
    mustHaveItems('list of ports', traffic, EMPTY);
    listOf(a(Traffic))(traffic, 'ports');
    return new AllowedParts(traffic.flatMap((one) => one._parts()));
  }

  private constructor() {}
}

const EMPTY = 'an empty list would open every port: give at least one port, or write Port.everything()';

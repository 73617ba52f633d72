import { TrafficPart } from './private/parts';

/**
 * What a rule lets through, when the subject opens the connection: any `Traffic`, DNS look-ups, connections to an Envoy listener.
 *
 * Several in one call are alternatives. Made by the factories of `Port`, `Icmp` and `Authentication`; not to be extended.
 */
export abstract class EgressTraffic {
  /** @internal */
  public get _use(): 'egress' | 'both' | 'plain' {
    return 'egress';
  }

  /** @internal */
  public abstract _part(): TrafficPart;
}

/** What a rule lets through, whoever opens the connection: ports, requests, ICMP messages. */
export abstract class Traffic extends EgressTraffic {
  /** @internal */
  public override get _use(): 'both' | 'plain' {
    return 'both';
  }
}

/** What a rule may let through or deny: ports and ICMP messages, without a look inside the connection. */
export abstract class PlainTraffic extends Traffic {
  /** @internal */
  public override get _use(): 'plain' {
    return 'plain';
  }
}

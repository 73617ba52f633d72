import { TrafficPart } from './private/parts';

/**
 * Traffic that an egress rule can allow: any `Traffic`, DNS look-ups, connections to an Envoy listener.
 *
 * Several values in one call are alternatives. Created by the factory methods of `Port`, `Icmp` and `Authentication`; not to be extended.
 */
export abstract class EgressTraffic {
  /** @internal */
  public get _use(): 'egress' | 'both' | 'plain' {
    return 'egress';
  }

  /** @internal */
  public abstract _parts(): readonly TrafficPart[];
}

/** Traffic that an ingress or egress rule can allow: ports, requests, ICMP messages. */
export abstract class Traffic extends EgressTraffic {
  /** @internal */
  public override get _use(): 'both' | 'plain' {
    return 'both';
  }
}

/** Traffic that a rule can allow or deny: ports and ICMP messages, without inspection of the connection. */
export abstract class PlainTraffic extends Traffic {
  /** @internal */
  public override get _use(): 'plain' {
    return 'plain';
  }
}

/** What each side of a connection writes of its traffic. */
import { PortProtocol, PortRule } from '../../private/manifest';
import { TrafficPart } from '../../private/parts';
import { trafficTexts } from '../../private/traffic-text';
import { EgressTraffic, Traffic } from '../../traffic';
import type { Connection } from './connections-of';
import { asWorkload, WorkloadSide } from './sides';

/** Parts as one value, for rules that allow. */
class Parts extends Traffic {
  public constructor(private readonly parts: readonly TrafficPart[]) {
    super();
  }

  public _parts(): readonly TrafficPart[] {
    return this.parts;
  }
}

class EgressParts extends EgressTraffic {
  public constructor(private readonly parts: readonly TrafficPart[]) {
    super();
  }

  public _parts(): readonly TrafficPart[] {
    return this.parts;
  }
}

/**
 * The traffic of one side, with ports by number where the server's are known.
 *
 * One proxy is enough for a connection. It stands at the server, unless the server's policy is not written here, or the rules exist only on
 * egress.
 */
export function nearTraffic({ server, traffic }: Connection, side: 'client' | 'server', self: WorkloadSide): EgressTraffic {
  const workload = side === 'server' ? self : asWorkload(server);
  const numbered = (port: PortProtocol) => workload?._numberOf(port) ?? port;
  const parts = traffic._parts().map((part): TrafficPart => {
    if (part.is === 'port') {
      return { is: 'port', port: numbered(part.port) };
    }
    if (part.is !== 'port-rule') {
      return part;
    }
    const rule: PortRule = { ...part.rule, ports: part.rule.ports.map(numbered) };
    const isEgressOnly = rule.rules?.dns !== undefined || rule.listener !== undefined;
    const proxy = isEgressOnly || asWorkload(server)?._scope === undefined ? 'client' : 'server';
    return proxy === side ? { ...part, rule } : { is: 'port', port: rule.ports[0] };
  });
  return side === 'client' ? new EgressParts(parts) : new Parts(parts);
}

/** For descriptions. */
export function trafficText(traffic: EgressTraffic): string {
  return traffic._parts().flatMap(trafficTexts).join(', ') || 'every port';
}

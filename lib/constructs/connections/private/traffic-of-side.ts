/** What each side of a connection writes of its traffic. */
import { PortProtocol } from '../../private/manifest';
import { TrafficPart } from '../../private/parts';
import { trafficTexts } from '../../private/traffic-text';
import { EgressTraffic } from '../../traffic';
import { AllowedParts, EgressParts } from '../../traffic-of-parts';
import type { Connection } from './connections-of';
import { asWorkload, WorkloadSide } from './sides';

/**
 * The traffic of one side, with ports by number where the server's are known.
 *
 * One proxy is enough for a connection. It stands at the server, unless the server's policy is not written here or only observes, or the rules
 * exist only on egress.
 */
export function nearTraffic({ server, traffic }: Connection, side: 'client' | 'server', self: WorkloadSide): EgressTraffic {
  const known = side === 'server' ? self : asWorkload(server);
  const numbered = (port: PortProtocol) => known?._numbersOf(port) ?? [port];
  const guards = asWorkload(server)?._scope !== undefined && asWorkload(server)?._observes === false;
  const parts = traffic._parts().flatMap((part): TrafficPart[] => {
    if (part.is === 'port') {
      return numbered(part.port).map((port) => ({ is: 'port', port }));
    }
    if (part.is !== 'port-rule') {
      return [part];
    }
    const ports = part.rule.ports.flatMap(numbered);
    const isEgressOnly = part.rule.rules?.dns !== undefined || part.rule.listener !== undefined;
    const proxy = isEgressOnly || !guards ? 'client' : 'server';
    return proxy === side ? [{ ...part, rule: { ...part.rule, ports } }] : ports.map((port) => ({ is: 'port', port }));
  });
  return side === 'client' ? new EgressParts(parts) : new AllowedParts(parts);
}

/** For descriptions. */
export function trafficText(traffic: EgressTraffic): string {
  return traffic._parts().flatMap(trafficTexts).join(', ') || 'every port';
}

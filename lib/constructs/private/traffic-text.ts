/** Ports and other traffic as messages, descriptions and data name them. */
import { PortProtocol } from './manifest';
import { TrafficPart } from './parts';

/** For example `443/TCP`, `8000–8100/TCP`, `http/TCP`; `every TCP port` for port 0. */
export function portText({ port, endPort, protocol }: PortProtocol): string {
  return port === '0' ? `every ${protocol} port` : `${port}${endPort === undefined ? '' : `–${endPort}`}/${protocol}`;
}

/** What one traffic value names: its ports or its ICMP type; nothing for all traffic, or for authentication. */
export function trafficTexts(part: TrafficPart): string[] {
  switch (part.is) {
    case 'port':
      return [portText(part.port)];
    case 'port-rule':
      return part.rule.ports.map(portText);
    case 'icmp':
      return [`ICMP${part.field.family === 'IPv6' ? 'v6' : ''} ${part.field.type}`];
    case 'everything':
    case 'authentication':
      return [];
  }
}

/** The ports that traffic values name. */
export function portsOf(parts: readonly TrafficPart[]): readonly PortProtocol[] {
  return parts.flatMap((part) => (part.is === 'port' ? [part.port] : part.is === 'port-rule' ? part.rule.ports : []));
}

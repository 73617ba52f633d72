import type { PortProtocol } from '../../private/manifest';
import { portsOf } from '../../private/traffic-text';
import { Connectable, ConnectionTarget } from '../connectable';
import type { ConnectionRequirement } from '../connection-requirement';
import { Workloads } from '../workloads';
import type { Connection } from './connections-of';
import { asWorkload } from './sides';

/** The sides of a connection that another team's policies must allow. */
export function requirementsOf({ client, server, traffic, because }: Connection): ConnectionRequirement[] {
  const [source, destination] = [endOf(client), endOf(server)];
  if (source === undefined || destination === undefined) {
    return [];
  }
  const ports = portsOf(traffic._parts()).flatMap((port) => asWorkload(server)?._numbersOf(port) ?? [port]);
  const flows = ports.length === 0 ? [{}] : ports.map(flowOf);
  const sides = [
    ...(isOthers(client) ? [{ direction: 'egress', owner: client.name }] : []),
    ...(isOthers(server) ? [{ direction: 'ingress', owner: server.name }] : []),
  ];
  return sides.flatMap((side) => flows.map((flow) => ({ ...side, source, destination, ...flow, because })));
}

/** Whether pods have the side, and this program does not write its policy. */
function isOthers(one: ConnectionTarget): boolean {
  return one instanceof Workloads || (asWorkload(one) !== undefined && asWorkload(one)?._scope === undefined);
}

function endOf(one: ConnectionTarget | Connectable): string | undefined {
  return one instanceof Workloads ? one._end() : asWorkload(one)?._end();
}

function flowOf({ port, endPort, protocol }: PortProtocol): { port?: number; protocol?: string } {
  const number = Number(port);
  return Number.isInteger(number) && number > 0 && endPort === undefined
    ? { port: number, protocol: protocol === 'ANY' ? 'TCP' : protocol }
    : {};
}

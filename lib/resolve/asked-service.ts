/** A Service and a port of it that somebody asks about by name. */
import type { Service, ServicePort } from '../model/inventory';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Cluster } from './cluster';
import { guessOf } from './ends';
import { serviceName } from './frontends';

/** Refused if there is no such Service, or if it stands for a DNS name. */
export function askedService(name: string, { inventory }: Cluster): Parsed<Service> {
  const service = inventory.services.get(name);
  if (service?.exists !== true) {
    return refused(`no service \`${name}\``, guessOf(name, inventory.services.keys()) ?? 'give an inventory with it');
  }
  if (service.isAlias) {
    return refused(`service \`${name}\` stands for a DNS name`, 'ask about that name, such as `fqdn:db.example.com`');
  }
  return accepted(service);
}

export function askedPort(service: Service, number: number, protocol: string): Parsed<ServicePort> {
  const found = service.ports.find((one) => one.number === number && one.protocol === protocol);
  return found === undefined ? refuseUnknownPort(service, number, protocol) : accepted(found);
}

export function refuseUnknownPort(service: Service, number: number, protocol: string): Parsed<never> {
  const known = service.ports.map((one) => `${one.number}/${one.protocol}`);
  return refused(
    `service \`${serviceName(service)}\` has no port ${number}/${protocol}`,
    known.length === 0 ? 'it has no ports' : `it has ${known.join(', ')}`,
  );
}

export function refuseWithoutBackend(service: Service, port?: { readonly number: number; readonly protocol: string }): Parsed<never> {
  return refused(
    `service \`${serviceName(service)}\` has no backend${port === undefined ? '' : ` at port ${port.number}/${port.protocol}`}`,
    'give its pods or its EndpointSlices with the inventory, or ask about a pod behind it',
  );
}

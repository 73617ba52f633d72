import { IConstruct } from 'constructs';
import { EgressTraffic } from '../traffic';
import { mustHaveItems } from './errors';

/** Throws if ports were given, and none: the intent would open every port. */
export function mustSayPorts(ports: readonly EgressTraffic[] | undefined, at: IConstruct): void {
  if (ports !== undefined) {
    mustHaveItems('list of ports', ports, 'leave it out to open every port', at);
  }
}

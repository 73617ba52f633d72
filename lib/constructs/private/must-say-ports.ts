import { IConstruct } from 'constructs';
import { EgressTraffic } from '../traffic';
import { mustHaveItems } from './errors';

/** Throws if the list of ports is given but empty: the intent would open every port. */
export function mustSayPorts(ports: readonly EgressTraffic[] | undefined, at: IConstruct): void {
  if (ports !== undefined) {
    mustHaveItems('list of ports', ports, 'leave ports out to open every port', at);
  }
}

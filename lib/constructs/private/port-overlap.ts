/** Which ports mean the same connections. */
import { parsePort } from '../../net/port';
import { PortProtocol } from './manifest';

/** Whether some connection is to both ports. A named port may be any number, so it overlaps every port of its protocol that is a number. */
export function overlap(a: PortProtocol, b: PortProtocol): boolean {
  if (!shareProtocol(a, b)) {
    return false;
  }
  const [one, other] = [rangeOf(a), rangeOf(b)];
  if (typeof one === 'string' || typeof other === 'string') {
    return typeof one !== typeof other || one === other;
  }
  return one.first <= other.last && other.first <= one.last;
}

/** Whether Cilium keeps both ports in one filter: the same port and range, over at least one common protocol. */
export function isSameFilter(a: PortProtocol, b: PortProtocol): boolean {
  return shareProtocol(a, b) && a.port.toLowerCase() === b.port.toLowerCase() && a.endPort === b.endPort;
}

/** Whether the port is given by a name. */
export function isNamed(port: PortProtocol): boolean {
  return typeof rangeOf(port) === 'string';
}

function shareProtocol(a: PortProtocol, b: PortProtocol): boolean {
  return a.protocol === b.protocol || (a.protocol === 'ANY' && IN_ANY.has(b.protocol)) || (b.protocol === 'ANY' && IN_ANY.has(a.protocol));
}

const IN_ANY: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

function rangeOf({ port, endPort }: PortProtocol): string | { readonly first: number; readonly last: number } {
  const parsed = parsePort(port);
  if (!parsed.ok || parsed.value.is === 'name') {
    return port.toLowerCase();
  }
  const { number } = parsed.value;
  return number === 0 ? { first: 0, last: 65535 } : { first: number, last: endPort ?? number };
}

/** What is known of the ports that pods listen on. */
import { IConstruct } from 'constructs';
import { PortProtocol } from '../../private/manifest';
import { isNamed, overlap } from '../../private/port-overlap';
import { portText } from '../../private/traffic-text';
import { Pods, serviceBehind } from './pods';

/** A port with the name that it is known by, if it has one. */
export interface KnownPort {
  readonly name?: string;
  readonly port: PortProtocol;
}

/** The ports of the containers, and those that the program gives. */
export function knownPorts(given: readonly KnownPort[], { ports }: Pick<Pods, 'ports'>): readonly KnownPort[] {
  return [...given, ...ports.map(({ name, number, protocol }) => ({ name, port: { port: String(number), protocol } }))];
}

/** The ports with the name of a named port, over its protocol; the port itself if none has it. */
export function numbersOf(port: PortProtocol, known: readonly KnownPort[]): readonly PortProtocol[] {
  const found = named(port, known).map((one) => one.port);
  const unique = new Map(found.map((one) => [JSON.stringify(one), one]));
  return unique.size === 0 ? [port] : [...unique.values()];
}

/** Why no pod listens on a port, as far as that is known. */
export function deafTo(
  port: PortProtocol,
  known: readonly KnownPort[],
  pods: Pods | undefined,
  at?: { root: IConstruct; inNamespace: string },
): string | undefined {
  const isSingle = port.port !== '0' && port.endPort === undefined;
  if (!isSingle || isAmong(port, known)) {
    return undefined;
  }
  const service = at === undefined || pods === undefined ? undefined : serviceBehind(at.root, pods, at.inNamespace, port);
  if (service === undefined && known.length === 0) {
    return undefined;
  }
  return `does not listen on ${portText(port)}${service === undefined ? '' : `: ${service}`}`;
}

function isAmong(port: PortProtocol, known: readonly KnownPort[]): boolean {
  return isNamed(port) ? named(port, known).length > 0 : known.some((one) => !isNamed(one.port) && overlap(port, one.port));
}

function named(port: PortProtocol, known: readonly KnownPort[]): readonly KnownPort[] {
  const name = port.port.toLowerCase();
  const anyNumber = { port: '0', protocol: port.protocol };
  return isNamed(port) ? known.filter((one) => one.name?.toLowerCase() === name && overlap(anyNumber, one.port)) : [];
}

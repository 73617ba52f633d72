/** The named ports of all pods: up to 1.19 a port name in an egress rule is one number for the whole cluster. */
import type { NamedPort } from '../model/inventory';

/** An identity or pod with named ports. */
export interface Ported {
  readonly ports: readonly NamedPort[];
}

export class NamedPorts {
  /** By `name/protocol`. */
  private readonly numbers = new Map<string, Set<number>>();

  public constructor(pods: Iterable<Ported>) {
    for (const { ports } of pods) {
      // Within a pod, the first port with the name counts.
      const own = new Map([...ports].reverse().map(({ name, protocol, number }) => [`${name}/${protocol}`, number]));
      own.forEach((number, key) => this.numbers.set(key, (this.numbers.get(key) ?? new Set()).add(number)));
    }
  }

  /** The numbers that pods give to a name. */
  public all(name: string, protocol: string): ReadonlySet<number> {
    return this.numbers.get(`${name}/${protocol}`) ?? new Set();
  }

  /** The number that all pods, and the `others` given here, agree on; `undefined` if they differ or none has the name. */
  public agreed(name: string, protocol: string, others: readonly Ported[] = []): number | undefined {
    const ofOthers = others.flatMap(({ ports }) => portNumber(name, protocol, ports) ?? []);
    const numbers = new Set([...(this.numbers.get(`${name}/${protocol}`) ?? []), ...ofOthers]);
    return numbers.size === 1 ? [...numbers][0] : undefined;
  }
}

/** Named ports as a text to compare. */
export function portsKey(ports: readonly NamedPort[]): string {
  return ports.map(({ name, protocol, number }) => `${name}/${protocol}/${number}`).join();
}

/** The number of the first port with this name and protocol. */
export function portNumber(name: string, protocol: string, ports: readonly NamedPort[]): number | undefined {
  return ports.find((port) => port.name === name && port.protocol === protocol)?.number;
}

/** The ports of nodes that lead to pods. */
import type { HostPort, Pod } from '../model/inventory';
import { Address, addressKey } from '../net/address';

/** A pod that a port of a node may lead to. */
export interface HostPortPod {
  readonly name: string;
  readonly pod: Pod;
  readonly target: number;
  /** Whether it does, with `kube-proxy-replacement`. */
  readonly isCertain: boolean;
}

interface Entry {
  readonly name: string;
  readonly pod: Pod;
  readonly at: HostPort;
}

export class HostPorts {
  private readonly byPort = new Map<string, Entry[]>();

  public constructor(pods: ReadonlyMap<string, Pod>) {
    for (const [name, pod] of pods) {
      const ports = pod.isAbsent === true ? [] : (pod.hostPorts ?? []);
      ports.forEach((at) => this.entriesOf(at).push({ name, pod, at }));
    }
  }

  /** Whether there is any. */
  public get any(): boolean {
    return this.byPort.size > 0;
  }

  /** The pods on a node, and those on no known one; where the node is not known, all. Without an address, those at any of it. */
  public at(node: string, address: Address | undefined, number: number, protocol: string): readonly HostPortPod[] {
    const found = (this.byPort.get(`${number}/${protocol}`) ?? []).filter(
      ({ pod, at }) =>
        (node === '' || [node, ''].includes(pod.node)) &&
        (at.address === undefined || isAny(at.address) || address === undefined || isSame(at.address, address)) &&
        (address === undefined || pod.addresses.length === 0 || pod.addresses.some(({ version }) => version === address.version)),
    );
    return found.map(({ name, pod, at }) => ({
      ...{ name, pod, target: at.target },
      isCertain: node !== '' && pod.node === node && !isNodePort(number) && isAtEveryAddress(at, address),
    }));
  }

  private entriesOf({ number, protocol }: HostPort): Entry[] {
    const key = `${number}/${protocol}`;
    const known = this.byPort.get(key) ?? [];
    this.byPort.set(key, known);
    return known;
  }
}

/** Such a port is ignored; with other numbers in `node-port-range`, it may not be. Source: cilium `pkg/loadbalancer/reflectors/k8s.go`. */
function isNodePort(number: number): boolean {
  return number >= 30000 && number <= 32767;
}

/** Whether a port is surely taken: one for "any address" may not be. */
function isAtEveryAddress({ address: own }: HostPort, address: Address | undefined): boolean {
  return own === undefined || (address !== undefined && !isAny(own));
}

function isAny(address: Address): boolean {
  return address.value === 0n;
}

function isSame(a: Address, b: Address): boolean {
  return addressKey(a) === addressKey(b);
}

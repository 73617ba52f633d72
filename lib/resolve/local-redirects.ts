/** Where a CiliumLocalRedirectPolicy sends a flow. Source: cilium `pkg/loadbalancer/redirectpolicy/controller.go`. */
import type { LocalRedirect, Pod, RedirectPort } from '../model/inventory';
import type { Protocol } from '../model/policy';
import { Address, addressKey } from '../net/address';
import type { Cluster } from './cluster';
import type { End } from './ends';

/** What is asked for: the address, or the Service with the name of its port. */
export interface Asked {
  readonly from: End | undefined;
  readonly address: Address | undefined;
  readonly service: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface RedirectedTo {
  readonly name: string;
  readonly pod: Pod;
  readonly port: number;
  /** Whether it is surely on the node of the client. */
  readonly isNear: boolean;
}

/** The pods that a flow is sent to; none if no redirect takes it over, or none of its pods is on the node of the client. */
export function redirectedTo(asked: Asked, { inventory }: Cluster): readonly RedirectedTo[] {
  for (const redirect of inventory.redirects) {
    const target = targetOf(redirect, asked);
    const pods = target === undefined ? [] : [...inventory.pods].filter(([, pod]) => isBackend(pod, redirect, asked));
    if (target !== undefined && pods.length > 0) {
      const node = nodeOfClient(asked);
      return pods.map(([name, pod]) => ({
        name,
        pod,
        port: target.number,
        isNear: pod.isOnEveryNode === true || (node !== '' && pod.node === node),
      }));
    }
  }
  return [];
}

/** The port of the pods; `undefined` if the redirect is for something else. */
function targetOf({ address, service, ports, targets }: LocalRedirect, asked: Asked): RedirectPort | undefined {
  const isAddress = address !== undefined && asked.address !== undefined && addressKey(address) === addressKey(asked.address);
  const isMeant = isAddress || (service !== undefined && service === asked.service);
  const taken = ports.find(({ number, protocol }) => number === asked.port && protocol === asked.protocol);
  if (!isMeant || (ports.length > 0 && taken === undefined)) {
    return undefined;
  }
  const ofProtocol = targets.filter(({ protocol }) => protocol === asked.protocol);
  return ofProtocol.length > 1 ? ofProtocol.find(({ name }) => name === taken?.name) : ofProtocol[0];
}

/** A template runs wherever its node is not known. */
function isBackend(pod: Pod, { namespace, selector, skipsOwn }: LocalRedirect, asked: Asked): boolean {
  const { from } = asked;
  const node = nodeOfClient(asked);
  const isSelected =
    pod.namespace === namespace &&
    !pod.hostNetwork &&
    pod.isAbsent !== true &&
    Object.entries(selector).every(([key, value]) => pod.labels[key] === value);
  const isOwn = from?.is === 'pod' && from.pod === pod;
  return isSelected && !(isOwn && skipsOwn) && (node === '' || pod.node === '' || pod.node === node);
}

/** Empty if it is not known. */
function nodeOfClient({ from }: Asked): string {
  return from?.is === 'pod' ? from.pod.node : from?.is === 'node' ? from.name : '';
}

/**
 * The addresses and ports that stand for a Service, and whether Cilium translates them before it asks a policy.
 *
 * Source: cilium `pkg/loadbalancer/reconciler/bpf_reconciler.go`, isDatapathCandidate; in 1.18 `pkg/loadbalancer/reflectors/conversions.go`.
 */
import { isSince } from '../crd/minor';
import type { ClusterNode, Service, ServiceAddress, ServicePort } from '../model/inventory';
import { Address, addressKey } from '../net/address';
import type { Agent } from './agent';

export interface Frontend {
  readonly service: Service;
  readonly port: ServicePort;
  readonly type: ServiceAddress['type'] | 'NodePort';
  /** Whether Cilium translates it, at least for some clients. */
  readonly isTranslated: boolean;
}

export class Frontends {
  /** Services may share the address of a load balancer, each with its own ports. */
  private readonly byAddress = new Map<string, { readonly service: Service; readonly type: ServiceAddress['type'] }[]>();
  /** The ports of addresses that were asked for. */
  private readonly portsAt = new Map<string, ReadonlyMap<string, Frontend>>();
  private readonly byNodePort = new Map<string, { readonly service: Service; readonly port: ServicePort }>();
  private readonly nodeAddresses: ReadonlySet<string>;

  public constructor(
    services: Iterable<Service>,
    nodes: Iterable<ClusterNode>,
    private readonly agent: Agent,
  ) {
    this.nodeAddresses = new Set([...nodes].flatMap(({ addresses }) => addresses.map(addressKey)));
    for (const service of services) {
      if (!service.isHeadless) {
        service.addresses.forEach((address) => this.add(address, service));
        service.ports
          .filter(({ nodePort }) => nodePort !== undefined)
          .forEach((port) => this.byNodePort.set(`${port.nodePort}/${port.protocol}`, { service, port }));
      }
    }
  }

  /** The Service that an address belongs to, whatever the port. */
  public serviceWith(address: Address): Service | undefined {
    return this.byAddress.get(addressKey(address))?.at(-1)?.service;
  }

  /** Whether some ports of an address may stand for a Service. */
  public has(address: Address): boolean {
    const key = addressKey(address);
    return this.byAddress.has(key) || (this.byNodePort.size > 0 && this.nodeAddresses.has(key));
  }

  /** The Service that a port of an address stands for. */
  public at(address: Address, number: number, protocol: string): Frontend | undefined {
    const key = addressKey(address);
    const found = this.portsOf(key).get(`${number}/${protocol}`);
    if (found !== undefined) {
      return found;
    }
    const node = this.nodeAddresses.has(key) ? this.byNodePort.get(`${number}/${protocol}`) : undefined;
    return node && this.frontend(node.service, node.port, 'NodePort');
  }

  /** Whether Cilium knows a Service at all. Source: cilium `pkg/k8s/utils/utils.go`, serviceListLabelSelector. */
  public isOwn({ proxy }: Service): boolean {
    return isOfProxy(proxy, this.agent);
  }

  private add(address: ServiceAddress, service: Service): void {
    const [key, one] = [addressKey(address), { service, type: address.type }];
    const known = this.byAddress.get(key);
    if (known === undefined) {
      this.byAddress.set(key, [one]);
    } else {
      known.push(one);
    }
  }

  /** The ports of all Services at an address. If two have one port, the last one counts. */
  private portsOf(key: string): ReadonlyMap<string, Frontend> {
    const known = this.portsAt.get(key);
    if (known !== undefined) {
      return known;
    }
    const ports = new Map<string, Frontend>();
    for (const { service, type } of this.byAddress.get(key) ?? []) {
      // Of two ports with one number and protocol in a Service, the first one counts.
      [...service.ports].reverse().forEach((port) => ports.set(`${port.number}/${port.protocol}`, this.frontend(service, port, type)));
    }
    this.portsAt.set(key, ports);
    return ports;
  }

  private frontend(service: Service, port: ServicePort, type: Frontend['type']): Frontend {
    const { minor, replacesKubeProxy } = this.agent;
    const always = type === 'ClusterIP' || (type === 'ExternalIP' && isSince(minor, '1.19'));
    return { service, port, type, isTranslated: this.isOwn(service) && (always || replacesKubeProxy) };
  }
}

/** Whether the agent translates the Services of a proxy; without a name those of the default one. */
export function isOfProxy(proxy: string | undefined, { serviceProxy }: Agent): boolean {
  return serviceProxy === '' ? proxy === undefined : proxy === serviceProxy;
}

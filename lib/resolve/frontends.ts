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
  /** Who translates it for pods. */
  readonly by: 'cilium' | 'kube-proxy' | 'another proxy';
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
        service.addresses.filter((address) => isUsed(address, agent)).forEach((address) => this.add(address, service));
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

  /** Whether ports of nodes stand for Services. */
  public get haveNodePorts(): boolean {
    return this.byNodePort.size > 0;
  }

  /** Whether some ports of an address may stand for a Service. */
  public has(address: Address): boolean {
    const key = addressKey(address);
    return this.byAddress.has(key) || (this.haveNodePorts && this.nodeAddresses.has(key));
  }

  /** The Service that a port of an address stands for. */
  public at(address: Address, number: number, protocol: string): Frontend | undefined {
    const key = addressKey(address);
    const found = this.portsOf(key).get(`${number}/${protocol}`);
    if (found !== undefined) {
      return found;
    }
    return this.nodeAddresses.has(key) ? this.onNodes(number, protocol, address) : undefined;
  }

  /** The Service that a port of every node stands for, at any address of the node or at this one. */
  public onNodes(number: number, protocol: string, address?: Address): Frontend | undefined {
    const found = this.byNodePort.get(`${number}/${protocol}`);
    return found !== undefined && (address === undefined || hasFamily(found.service, address))
      ? this.frontend(found.service, found.port, 'NodePort')
      : undefined;
  }

  /** A port of a Service that is asked for by its name: from outside, what it is exposed as. */
  public named(service: Service, port: ServicePort, isOutside: boolean): Frontend {
    return { ...this.frontend(service, port, 'ClusterIP'), ...(isOutside && { type: service.exposure }) };
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
    const by = !isOfProxy(service.proxy, this.agent) ? 'another proxy' : always || replacesKubeProxy ? 'cilium' : 'kube-proxy';
    return { service, port, type, by };
  }
}

export function serviceName({ namespace, name }: Service): string {
  return `${namespace}/${name}`;
}

/** An address of a family that is off is no frontend. Source: cilium `pkg/loadbalancer/reflectors/conversions.go`. */
function isUsed({ version }: Address, { hasIPv4, hasIPv6 }: Agent): boolean {
  return version === 4 ? hasIPv4 : hasIPv6;
}

/** Node ports have the families of the Service, which its ClusterIPs show. */
function hasFamily({ addresses }: Service, { version }: Address): boolean {
  const own = addresses.filter(({ type }) => type === 'ClusterIP');
  return own.length === 0 || own.some((one) => one.version === version);
}

/** Whether the agent translates the Services of a proxy; without a name those of the default one. */
export function isOfProxy(proxy: string | undefined, { serviceProxy }: Agent): boolean {
  return serviceProxy === '' ? proxy === undefined : proxy === serviceProxy;
}

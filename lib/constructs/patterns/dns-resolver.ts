import { mustBeA } from '../../props/errors';
import { DnsPort } from '../dns-port';
import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { PolicySpec } from '../policy-spec';
import { Port } from '../port';
import { Selector } from '../selector';
import type { Tiered } from './private/tiered';

/**
 * The resolver that pods query, and the port of its backend: policy applies to the target port of the DNS Service.
 *
 * Look-ups pass through Cilium's DNS proxy, and every name is allowed.
 */
export class DnsResolver {
  /** Returns CoreDNS as kubeadm and most distributions run it: pods `k8s-app: kube-dns` in `kube-system`, port 53. */
  public static kubeDns(): DnsResolver {
    return DnsResolver.of(Peer.kubeDns());
  }

  /**
   * Returns NodeLocal DNSCache as pods behind a CiliumLocalRedirectPolicy, and CoreDNS in case the node's cache is down: pods
   * `k8s-app: node-local-dns` and `k8s-app: kube-dns` in `kube-system`, port 53.
   *
   * Source: cilium `examples/kubernetes-local-redirect/node-local-dns-lrp.yaml`. A cache in the node's own network, on a link-local address,
   * is not a pod: write `DnsResolver.of(Peer.host())`.
   */
  public static nodeLocalDns(): DnsResolver {
    const cache = Selector.labels({ 'k8s-app': 'node-local-dns' }).inNamespace('kube-system');
    const coreDns = Selector.labels({ 'k8s-app': 'kube-dns' }).inNamespace('kube-system');
    return DnsResolver.of(Peer.endpoints(cache, coreDns));
  }

  /** Returns the resolver of OpenShift: pods in `openshift-dns`, port 5353. Source: https://docs.cilium.io/en/stable/security/dns/ */
  public static openshift(): DnsResolver {
    return DnsResolver.of(Peer.endpoints(Selector.all().inNamespace('openshift-dns')), Port.any(5353));
  }

  /**
   * Returns another resolver.
   *
   * @param peer the resolver
   * @param ports the backend's ports; 53 over every protocol if omitted
   */
  public static of(peer: Peer, ...ports: Port[]): DnsResolver {
    mustBeA(Peer, 'resolver', peer);
    ports.forEach((port) => mustBeA(Port, 'port of a resolver', port));
    const asked = ports.length === 0 ? [Port.any(53)] : ports;
    return new DnsResolver(
      peer,
      asked,
      asked.map((port) => port.dns('*')),
    );
  }

  private constructor(
    private readonly peer: Peer,
    private readonly plainPorts: readonly Port[],
    private readonly ports: readonly DnsPort[],
  ) {}

  /**
   * The namespaces of the resolver's pods, as far as they are known.
   *
   * @internal
   */
  public _namespaces(): string[] {
    return [...new Set((this.peer._selectors ?? []).flatMap((selector) => selector._namespaces()))];
  }

  /**
   * Opens the resolver in a tier, where look-ups do not pass through the proxy.
   *
   * @internal
   */
  public _openTier(tiered: Tiered): void {
    tiered.open('egress', this.peer, this.plainPorts);
  }

  /**
   * Whether the resolver is pods.
   *
   * @internal
   */
  public get _isPods(): boolean {
    return this.peer._selectors !== undefined;
  }

  /** @internal */
  public _open(policy: CiliumPolicy | PolicySpec): void {
    policy.allowTo(this.peer, ...this.ports);
  }
}

import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { Port } from '../port';
import { mustHaveItems } from '../private/errors';

/**
 * The doors that nodes of one role keep open for the control plane, to peers that Cilium does not count as `cluster`: clients of the API server
 * outside, and control planes of which the calls do not come from the API server's own endpoints, as behind a proxy of a managed cluster.
 * What comes from inside the cluster, and from those endpoints, is let in anyway.
 *
 * Source: https://kubernetes.io/docs/reference/networking/ports-and-protocols/
 */
export class ControlPlane {
  /**
   * Nodes that run the API server: 6443/TCP. Nodes that join the cluster need it before Cilium knows them.
   *
   * @param clients who uses the API server from outside, at least one; `Peer.any()` for anybody
   */
  public static server(...clients: Peer[]): ControlPlane {
    mustHaveItems('list of clients', clients, 'write Peer.any() for anybody');
    return new ControlPlane(clients, [Port.tcp(6443)]);
  }

  /**
   * Nodes of a control plane that runs elsewhere: the kubelet's 10250/TCP.
   *
   * @param servers where the control plane connects from, at least one; mostly `Peer.cidrs()`
   */
  public static worker(...servers: Peer[]): ControlPlane {
    mustHaveItems('list of control plane peers', servers, 'give the addresses it connects from, such as Peer.cidrs()');
    return new ControlPlane(servers, [Port.tcp(10250)]);
  }

  private constructor(
    private readonly peers: readonly Peer[],
    private readonly ports: readonly Port[],
  ) {}

  /** @internal */
  public _open(policy: CiliumPolicy): void {
    this.peers.forEach((peer) => policy.allowFrom(peer, ...this.ports));
  }
}

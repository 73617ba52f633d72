import { mustHaveItems } from '../../props/errors';
import { a, listOf } from '../../props/shape';
import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { Port } from '../port';

/**
 * The ports that nodes of one role open for peers that Cilium does not count as `cluster`: clients of the API server outside the cluster,
 * and control planes whose calls do not come from the API server's own endpoints, for example through the proxy of a managed cluster.
 * Connections from inside the cluster, and from these endpoints, are allowed anyway.
 *
 * Source: https://kubernetes.io/docs/reference/networking/ports-and-protocols/
 */
export class ControlPlane {
  /**
   * Opens 6443/TCP on nodes that run the API server. Joining nodes need it before Cilium recognises them.
   *
   * @param clients the clients of the API server outside the cluster, at least one; `Peer.any()` allows every peer
   */
  public static server(...clients: Peer[]): ControlPlane {
    mustHaveItems('list of clients', clients, 'write Peer.any() to allow every peer');
    listOf(a(Peer))(clients, 'clients');
    return new ControlPlane(clients, [Port.tcp(6443)]);
  }

  /**
   * Opens the kubelet's 10250/TCP on nodes whose control plane runs elsewhere.
   *
   * @param servers the addresses that the control plane connects from, at least one; usually `Peer.cidrs()`
   */
  public static worker(...servers: Peer[]): ControlPlane {
    mustHaveItems('list of control plane peers', servers, 'give the addresses that it connects from, for example with Peer.cidrs()');
    listOf(a(Peer))(servers, 'servers');
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

import { fail, mustBeA, mustBeText } from '../../props/errors';
import { EgressPeer, Peer } from '../peer';
import { Connectable, ConnectionTarget } from './connectable';

/** The other ends of connections: names and addresses outside the cluster, the API server, nodes. They have no policy here. */
export class External extends Connectable {
  /**
   * Returns DNS names, as the workload itself resolves them. Only as a destination; DNS is opened with them.
   *
   * @param names at least one name, or pattern with `*`
   */
  public static domains(...names: string[]): ConnectionTarget {
    return new Domains(names.join(', '), Peer.fqdns(...names));
  }

  /**
   * Returns addresses outside the cluster.
   *
   * @param blocks at least one CIDR
   */
  public static cidrs(...blocks: string[]): External {
    return new External(blocks.join(', '), Peer.cidrs(...blocks));
  }

  /** Returns every address outside the cluster. */
  public static world(): External {
    return new External('the world', Peer.world());
  }

  /** Returns the Kubernetes API server. Its port is the port of its endpoints, often 6443, not of the Service `kubernetes`. */
  public static kubeApiserver(): External {
    return new External('the API server', Peer.kubeApiserver());
  }

  /**
   * Returns any other peer. Labels without a namespace mean the workload's own.
   *
   * @param name how it is called in descriptions
   * @param peer the peer
   */
  public static peer(name: string, peer: Peer): External {
    mustBeText('name of a peer', name);
    mustBeA(Peer, 'peer', peer);
    if (name.trim() === '' || /[\r\n]/.test(name)) {
      fail('name of a peer is empty, or has several lines', 'write one line, for descriptions');
    }
    return new External(name, peer);
  }

  private constructor(
    public readonly name: string,
    private readonly peerOf: Peer,
  ) {
    super();
  }

  /** @internal */
  public override _peer(): Peer {
    return this.peerOf;
  }
}

class Domains extends ConnectionTarget {
  public constructor(
    public readonly name: string,
    private readonly peer: EgressPeer,
  ) {
    super();
  }

  public override _target(): EgressPeer {
    return this.peer;
  }
}

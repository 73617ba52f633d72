import { Peer } from '../peer';
import { Connectable } from './connectable';

/** What lets connections into the cluster. */
export class Gateway extends Connectable {
  /** Returns the proxy behind Cilium's Ingress and Gateway API. Its own policy, if it has one, is not written here. */
  public static ciliumIngress(): Gateway {
    return new Gateway('the Cilium Ingress', Peer.ingress());
  }

  private constructor(
    public readonly name: string,
    private readonly peer: Peer,
  ) {
    super();
  }

  /** @internal */
  public override _peer(): Peer {
    return this.peer;
  }
}

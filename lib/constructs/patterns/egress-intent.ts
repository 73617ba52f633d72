import { Construct } from 'constructs';
import { EgressPeer, Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { mustNotObserve } from '../private/observe';
import { EgressTraffic, PlainTraffic } from '../traffic';

/**
 * An intent that owns what its subject may connect to.
 *
 * It has no verbs for the other direction, unless it owns that too: a first ingress rule would close ingress for the whole subject.
 */
export abstract class EgressIntent extends Construct {
  /** @internal */
  protected abstract _policy(): CiliumPolicy;

  /**
   * Whether the intent was told to observe only.
   *
   * @internal
   */
  protected _observes = false;

  /**
   * The subject may also open connections to these peers.
   *
   * @param peer to whom
   * @param traffic on which ports, requests or ICMP types; all if none is given
   */
  public allowTo(peer: EgressPeer, ...traffic: EgressTraffic[]): void {
    this._policy().allowTo(peer, ...traffic);
  }

  /**
   * The subject may not open connections to these peers, whatever other rules allow. Throws if the intent only observes.
   *
   * @param peer to whom
   * @param traffic on which ports or ICMP types; all if none is given
   */
  public denyTo(peer: Peer, ...traffic: PlainTraffic[]): void {
    mustNotObserve(this._observes, 'denyTo', this);
    this._policy().denyTo(peer, ...traffic);
  }
}

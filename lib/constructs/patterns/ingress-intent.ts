import { Construct } from 'constructs';
import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { mustNotObserve } from '../private/observe';
import { PlainTraffic, Traffic } from '../traffic';

/**
 * An intent that owns who may connect to its subject.
 *
 * It has no verbs for the other direction: a first egress rule would close egress for the whole subject.
 */
export abstract class IngressIntent extends Construct {
  /** @internal */
  protected abstract _policy(): CiliumPolicy;

  /**
   * Whether the intent was told to observe only.
   *
   * @internal
   */
  protected _observes = false;

  /**
   * These peers may also open connections to the subject.
   *
   * @param peer who
   * @param traffic on which ports, requests or ICMP types; all if none is given
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this._policy().allowFrom(peer, ...traffic);
  }

  /**
   * These peers may not open connections to the subject, whatever other rules allow. Throws if the intent only observes.
   *
   * @param peer who
   * @param traffic on which ports or ICMP types; all if none is given
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    mustNotObserve(this._observes, 'denyFrom', this);
    this._policy().denyFrom(peer, ...traffic);
  }
}

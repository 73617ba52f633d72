import { Construct } from 'constructs';
import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { PlainTraffic, Traffic } from '../traffic';
import { mustNotObserve } from './private/props';

/**
 * An intent that controls which peers may connect to its subject.
 *
 * It has no verbs for egress: a first egress rule would close egress for the whole subject.
 */
export abstract class IngressIntent extends Construct {
  /** @internal */
  protected abstract _policy(): CiliumPolicy;

  /**
   * Whether the intent only observes.
   *
   * @internal
   */
  protected _observes = false;

  /**
   * Allows more peers to open connections to the subject.
   *
   * @param peer the source
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this._policy().allowFrom(peer, ...traffic);
  }

  /**
   * Denies connections from these peers to the subject, whatever other rules allow. Throws if the intent only observes.
   *
   * @param peer the source
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    mustNotObserve(this._observes, 'denyFrom', this);
    this._policy().denyFrom(peer, ...traffic);
  }
}

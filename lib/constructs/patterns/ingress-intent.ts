import { Peer } from '../peer';
import { PlainTraffic, Traffic } from '../traffic';
import { Intent } from './intent';

/**
 * An intent that controls which peers may connect to its subject.
 *
 * It has no verbs for egress: a first egress rule would close egress for the whole subject.
 */
export abstract class IngressIntent extends Intent {
  /**
   * Allows more peers to open connections to the subject.
   *
   * @param peer the source
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    if (this._tiered === undefined) {
      this.policy.allowFrom(peer, ...traffic);
    } else {
      this._tiered.open('ingress', peer, traffic);
    }
  }

  /**
   * Denies connections from these peers to the subject, whatever other rules allow. Throws if the intent only observes.
   *
   * @param peer the source
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    if (this._tiered === undefined) {
      this.policy.denyFrom(peer, ...traffic);
    } else {
      this._tiered.deny('ingress', peer, traffic);
    }
  }
}

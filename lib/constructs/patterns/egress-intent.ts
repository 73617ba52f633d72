import { EgressPeer, Peer } from '../peer';
import { EgressTraffic, PlainTraffic } from '../traffic';
import { Intent } from './intent';

/**
 * An intent that controls what its subject may connect to.
 *
 * It has no verbs for ingress, unless it controls ingress too: a first ingress rule would close ingress for the whole subject.
 */
export abstract class EgressIntent extends Intent {
  /**
   * Allows the subject to open connections to more peers.
   *
   * @param peer the destination
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowTo(peer: EgressPeer, ...traffic: EgressTraffic[]): void {
    if (this._tiered === undefined) {
      this.policy.allowTo(peer, ...traffic);
    } else {
      this._tiered.open('egress', peer, traffic);
    }
  }

  /**
   * Denies connections from the subject to these peers, whatever other rules allow. Throws if the intent only observes.
   *
   * @param peer the destination
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyTo(peer: Peer, ...traffic: PlainTraffic[]): void {
    if (this._tiered === undefined) {
      this.policy.denyTo(peer, ...traffic);
    } else {
      this._tiered.deny('egress', peer, traffic);
    }
  }
}

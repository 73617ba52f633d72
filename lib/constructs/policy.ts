import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { EgressPeer, Peer } from './peer';
import { PolicySpec } from './policy-spec';
import { EgressTraffic, PlainTraffic, Traffic } from './traffic';

/** What both kinds of Cilium policies have in common: the verbs, each of which adds one rule. Not to be extended by others. */
export abstract class CiliumPolicy extends Construct {
  /** The manifest. For fields that the newest CRD has and this library has not, add a JSON patch to it. */
  public abstract readonly apiObject: ApiObject;

  /**
   * The policy's own spec, and those added to it.
   *
   * @internal
   */
  protected abstract readonly _specs: PolicySpec[];

  /** The policy's name in the cluster. */
  public get name(): string {
    return this.apiObject.name;
  }

  /**
   * Peers may open connections to the subject.
   *
   * @param peer who
   * @param traffic on which ports, requests or ICMP types; all if none is given
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this._specs[0]._add('ingress', peer, traffic);
  }

  /**
   * The subject may open connections to peers.
   *
   * @param peer to whom
   * @param traffic on which ports, requests or ICMP types; all if none is given
   */
  public allowTo(peer: EgressPeer, ...traffic: EgressTraffic[]): void {
    this._specs[0]._add('egress', peer, traffic);
  }

  /**
   * Peers may not open connections to the subject, whatever other rules allow.
   *
   * @param peer who
   * @param traffic on which ports or ICMP types; all if none is given
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._specs[0]._add('ingressDeny', peer, traffic);
  }

  /**
   * The subject may not open connections to peers, whatever other rules allow.
   *
   * @param peer to whom
   * @param traffic on which ports or ICMP types; all if none is given
   */
  public denyTo(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._specs[0]._add('egressDeny', peer, traffic);
  }
}

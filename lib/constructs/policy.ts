import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { fail } from '../props/errors';
import { EgressPeer, Peer } from './peer';
import { PolicySpec } from './policy-spec';
import { Section } from './private/manifest';
import { ViewedPolicy, ViewedStatement } from './private/viewed-policy';
import { EgressTraffic, PlainTraffic, Traffic } from './traffic';

/** The base class of both kinds of Cilium policies, with the verbs. Each call of a verb adds one rule. Not to be extended. */
export abstract class CiliumPolicy extends Construct {
  /** The manifest. For fields of a newer CRD that this library does not support, add a JSON patch. */
  public abstract readonly apiObject: ApiObject;

  /**
   * The first spec of the policy, and the specs added to it.
   *
   * @internal
   */
  protected abstract readonly _specs: PolicySpec[];

  /** The policy's name in the cluster. */
  public get name(): string {
    return this.apiObject.name;
  }

  /**
   * Makes every later deny rule throw, and every further spec, which would close what the intent does not close yet.
   *
   * @internal
   */
  public _observe(): void {
    this._specs.forEach((spec) => spec._observe());
  }

  /**
   * Says what the specs are for that do not say it themselves.
   *
   * @internal
   */
  public _describe(description: string): void {
    this._specs.forEach((spec) => spec._describe(description));
  }

  /** @internal */
  public _viewed(): ViewedPolicy {
    const specs = this._specs;
    return {
      isForNodes: specs.every(({ _subject }) => 'nodeSelector' in _subject),
      description: specs[0]._description,
      statements: specs.flatMap(({ _statements }) =>
        _statements.map(({ section, peer, parts }): ViewedStatement => ({
          direction: section.startsWith('ingress') ? 'ingress' : 'egress',
          effect: section.endsWith('Deny') ? 'deny' : 'allow',
          ...{ peer, parts },
        })),
      ),
      describe: (description) => this._describe(description),
    };
  }

  /** @internal */
  protected _addRule(section: Section, peer: EgressPeer, traffic: readonly EgressTraffic[]): void {
    this._specs[0]._add(section, peer, traffic);
  }

  /** @internal */
  protected _mustTakeSpecs(): void {
    if (this._specs[0]._observes) {
      fail(
        'a further spec of a policy that only observes would close at once',
        'write it as a separate policy, or leave observe out',
        this,
      );
    }
  }

  /**
   * Allows peers to open connections to the subject.
   *
   * @param peer the source
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this._addRule('ingress', peer, traffic);
  }

  /**
   * Allows the subject to open connections to peers.
   *
   * @param peer the destination
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowTo(peer: EgressPeer, ...traffic: EgressTraffic[]): void {
    this._addRule('egress', peer, traffic);
  }

  /**
   * Denies connections from peers to the subject, whatever other rules allow.
   *
   * @param peer the source
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._addRule('ingressDeny', peer, traffic);
  }

  /**
   * Denies connections from the subject to peers, whatever other rules allow.
   *
   * @param peer the destination
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyTo(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._addRule('egressDeny', peer, traffic);
  }
}

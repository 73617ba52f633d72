import { IConstruct } from 'constructs';
import { parseLogValue } from '../net/log-value';
import { EgressPeer, Peer } from './peer';
import { fail, must, mustBeSwitch } from './private/errors';
import { RuleManifest, Section } from './private/manifest';
import { PolicySubject } from './private/parts';
import { renderRules } from './private/rules';
import { EgressTraffic, PlainTraffic, Traffic } from './traffic';

/** A label that Cilium attaches to the rules of a policy, and that its tools show. */
export interface RuleLabel {
  /** The key. */
  readonly key: string;
  /**
   * The value.
   *
   * @default - empty
   */
  readonly value?: string;
  /**
   * Where the label comes from.
   *
   * @default - `unspec`
   */
  readonly source?: string;
}

/** What every part of a policy may be given, beside its subject. */
export interface PolicyOptions {
  /**
   * What the policy is for, in the words of whoever owns it.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * Whether connections to the subject that no rule allows are dropped.
   *
   * `true` also closes the direction without any ingress rule. `false` leaves it as it is: the rules only add to what other policies allow.
   * Needs at least one ingress rule then.
   *
   * @default - dropped if there is an ingress rule, allowing or denying
   */
  readonly defaultDenyIngress?: boolean;
  /**
   * Whether connections of the subject that no rule allows are dropped.
   *
   * `true` also closes the direction without any egress rule. `false` leaves it as it is: the rules only add to what other policies allow.
   * Needs at least one egress rule then.
   *
   * @default - dropped if there is an egress rule, allowing or denying
   */
  readonly defaultDenyEgress?: boolean;
  /**
   * Labels of the rules, for Cilium's tools.
   *
   * @default - none but those that Cilium derives from the policy's name
   */
  readonly labels?: RuleLabel[];
  /**
   * A text that Hubble shows with every flow that the rules match; up to 32 printable characters.
   *
   * @default - none
   */
  readonly log?: string;
}

/**
 * One subject with its rules.
 *
 * A policy has one, and more with `addSpec()`. Every verb adds one rule; rules add up, and a deny beats every allow, whichever policy it
 * stands in. The first rule of a direction closes it to everything that is not allowed, unless default deny is switched off.
 */
export class PolicySpec {
  /** @internal */
  public static _of(construct: IConstruct, kind: 'namespaced' | 'clusterwide', subject: PolicySubject, options: PolicyOptions): PolicySpec {
    const { description, defaultDenyIngress, defaultDenyEgress, log } = options;
    const labels = options.labels?.map((label) => ({ ...label }));
    return new PolicySpec(construct, kind, subject, { description, defaultDenyIngress, defaultDenyEgress, labels, log });
  }

  private readonly rules: { [section in Section]?: RuleManifest[] } = {};

  private constructor(
    private readonly construct: IConstruct,
    private readonly kind: 'namespaced' | 'clusterwide',
    private readonly subject: PolicySubject,
    private readonly options: PolicyOptions,
  ) {
    if (options.log !== undefined) {
      must('log', options.log, parseLogValue, construct);
    }
    mustBeSwitch('defaultDenyIngress', options.defaultDenyIngress, construct);
    mustBeSwitch('defaultDenyEgress', options.defaultDenyEgress, construct);
    if (options.labels?.some((label) => !label.key) === true) {
      fail('a rule label lacks its key', 'give every label a key', construct);
    }
  }

  /**
   * Peers may open connections to the subject.
   *
   * @param peer who
   * @param traffic on which ports, requests or ICMP types; all if none is given
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this._add('ingress', peer, traffic);
  }

  /**
   * The subject may open connections to peers.
   *
   * @param peer to whom
   * @param traffic on which ports, requests or ICMP types; all if none is given
   */
  public allowTo(peer: EgressPeer, ...traffic: EgressTraffic[]): void {
    this._add('egress', peer, traffic);
  }

  /**
   * Peers may not open connections to the subject, whatever other rules allow.
   *
   * @param peer who
   * @param traffic on which ports or ICMP types; all if none is given
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._add('ingressDeny', peer, traffic);
  }

  /**
   * The subject may not open connections to peers, whatever other rules allow.
   *
   * @param peer to whom
   * @param traffic on which ports or ICMP types; all if none is given
   */
  public denyTo(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._add('egressDeny', peer, traffic);
  }

  /** @internal */
  public _add(section: Section, peer: EgressPeer, traffic: readonly EgressTraffic[]): void {
    const subject = 'nodeSelector' in this.subject ? 'nodes' : 'endpoints';
    const rules = renderRules(peer, traffic, { section, subject, kind: this.kind, construct: this.construct });
    this.rules[section] = [...(this.rules[section] ?? []), ...rules];
  }

  /** @internal */
  public _render(): object {
    const { description, defaultDenyIngress, defaultDenyEgress, labels, log } = this.options;
    return {
      ...this.subject,
      ...this.rules,
      ingress: this.rules.ingress ?? this.closed('Ingress'),
      egress: this.rules.egress ?? this.closed('Egress'),
      description,
      enableDefaultDeny:
        defaultDenyIngress === undefined && defaultDenyEgress === undefined
          ? undefined
          : { ingress: defaultDenyIngress, egress: defaultDenyEgress },
      labels,
      log: log === undefined ? undefined : { value: log },
    };
  }

  /** @internal */
  public _validate(): string[] {
    const errors = (['Ingress', 'Egress'] as const)
      .filter((direction) => this.options[`defaultDeny${direction}`] === false && !this.hasRules(direction))
      .map((direction) => `defaultDeny${direction} is false without a rule of that direction; add one, or leave it out`);
    const says = (['Ingress', 'Egress'] as const).some(
      (direction) => this.hasRules(direction) || this.options[`defaultDeny${direction}`] !== undefined,
    );
    return says ? errors : ['policy has no rule and no default deny; add a rule, or set defaultDenyIngress or defaultDenyEgress'];
  }

  /** The one entry that closes a direction without allowing anything: an empty list instead would be refused by the agent. */
  private closed(direction: 'Ingress' | 'Egress'): RuleManifest[] | undefined {
    return this.options[`defaultDeny${direction}`] === true && !this.hasRules(direction) ? [{}] : undefined;
  }

  private hasRules(direction: 'Ingress' | 'Egress'): boolean {
    return direction === 'Ingress'
      ? this.rules.ingress !== undefined || this.rules.ingressDeny !== undefined
      : this.rules.egress !== undefined || this.rules.egressDeny !== undefined;
  }
}

import { IConstruct } from 'constructs';
import { parseLogValue } from '../net/log-value';
import { fail, must } from '../props/errors';
import { EgressPeer, Peer } from './peer';
import { deadCidrs } from './private/cluster-addresses';
import { Requirement, RuleManifest, Section } from './private/manifest';
import { PolicySubject } from './private/parts';
import { implies, requirementsOf } from './private/requirements';
import { conflictsAmong, Statement } from './private/rule-conflicts';
import { renderRules } from './render/rules';
import { EgressTraffic, PlainTraffic, Traffic } from './traffic';

/** A label that Cilium attaches to the rules of a policy and shows in its tools. */
export interface RuleLabel {
  /** The key. */
  readonly key: string;
  /**
   * The value.
   *
   * @default - an empty value
   */
  readonly value?: string;
  /**
   * The source of the label.
   *
   * @default - `unspec`
   */
  readonly source?: string;
}

/** Options of every part of a policy, in addition to its subject. */
export interface PolicyOptions {
  /**
   * What the policy is for, in its owner's words.
   *
   * @default - no description
   */
  readonly description?: string;
  /**
   * Whether connections to the subject that no rule allows are dropped.
   *
   * `true` closes ingress even if there is no ingress rule. `false` does not close it: the rules only add to what other policies allow.
   * `false` needs at least one ingress rule.
   *
   * @default - dropped if there is an ingress rule, whether it allows or denies
   */
  readonly defaultDenyIngress?: boolean;
  /**
   * Whether connections of the subject that no rule allows are dropped.
   *
   * `true` closes egress even if there is no egress rule. `false` does not close it: the rules only add to what other policies allow.
   * `false` needs at least one egress rule.
   *
   * @default - dropped if there is an egress rule, whether it allows or denies
   */
  readonly defaultDenyEgress?: boolean;
  /**
   * Labels of the rules, for Cilium's tools.
   *
   * @default - only the labels that Cilium derives from the policy's name
   */
  readonly labels?: RuleLabel[];
  /**
   * A string that Hubble shows with every flow that the rules match, with up to 32 printable characters.
   *
   * @default - Hubble shows no string
   */
  readonly log?: string;
}

/** One call of a verb. */
interface Call {
  readonly section: Section;
  readonly peer: EgressPeer;
  readonly traffic: readonly EgressTraffic[];
}

/**
 * One subject with its rules.
 *
 * A policy has one spec; `addSpec()` adds more. Each call of a verb adds one rule. Rules add up, and a deny rule beats every allow rule,
 * whichever policies they are in. The first rule of a direction closes it for everything that is not allowed, unless default deny is off.
 */
export class PolicySpec {
  /** @internal */
  public static _of(construct: IConstruct, kind: 'namespaced' | 'clusterwide', subject: PolicySubject, options: PolicyOptions): PolicySpec {
    const { description, defaultDenyIngress, defaultDenyEgress, log } = options;
    const labels = options.labels?.map((label) => ({ ...label }));
    return new PolicySpec(construct, kind, subject, { description, defaultDenyIngress, defaultDenyEgress, labels, log });
  }

  private readonly rules: { [section in Section]?: RuleManifest[] } = {};
  private readonly calls: Call[] = [];
  private observes = false;
  private bulkDescription?: string;

  private constructor(
    private readonly construct: IConstruct,
    private readonly kind: 'namespaced' | 'clusterwide',
    private readonly subject: PolicySubject,
    private readonly options: PolicyOptions,
  ) {
    if (options.log !== undefined) {
      must('log', options.log, parseLogValue, construct);
    }
    if (options.labels?.some((label) => label.key === '') === true) {
      fail('a rule label has no key', 'give every label a key', construct);
    }
  }

  /**
   * Allows peers to open connections to the subject.
   *
   * @param peer the source
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this._add('ingress', peer, traffic);
  }

  /**
   * Allows the subject to open connections to peers.
   *
   * @param peer the destination
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowTo(peer: EgressPeer, ...traffic: EgressTraffic[]): void {
    this._add('egress', peer, traffic);
  }

  /**
   * Denies connections from peers to the subject, whatever other rules allow.
   *
   * @param peer the source
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._add('ingressDeny', peer, traffic);
  }

  /**
   * Denies connections from the subject to peers, whatever other rules allow.
   *
   * @param peer the destination
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyTo(peer: Peer, ...traffic: PlainTraffic[]): void {
    this._add('egressDeny', peer, traffic);
  }

  /** @internal */
  public _add(section: Section, peer: EgressPeer, traffic: readonly EgressTraffic[]): void {
    if (this.observes && section.endsWith('Deny')) {
      fail(
        'a deny rule in a policy that only observes would deny at once',
        'write it in a separate policy, or leave observe out',
        this.construct,
      );
    }
    const subject = 'nodeSelector' in this.subject ? 'nodes' : 'endpoints';
    const rules = renderRules(peer, traffic, { section, subject, kind: this.kind, construct: this.construct });
    this.calls.push({ section, peer, traffic });
    this.rules[section] = [...(this.rules[section] ?? []), ...rules];
  }

  /** @internal */
  public get _count(): number {
    return this.calls.length;
  }

  /** @internal */
  public get _observes(): boolean {
    return this.observes;
  }

  /**
   * Makes every later deny rule throw.
   *
   * @internal
   */
  public _observe(): void {
    this.observes = true;
  }

  /** @internal */
  public _describe(description: string): void {
    this.bulkDescription = description;
  }

  /** @internal */
  public get _description(): string | undefined {
    const { description } = this.options;
    return description === undefined || description.trim() === '' ? (this.bulkDescription ?? description) : description;
  }

  /** @internal */
  public get _statements(): readonly Statement[] {
    return this.calls.map(({ section, peer, traffic }) => ({
      section,
      peer: peer._section,
      parts: traffic.flatMap((one) => one._parts()),
    }));
  }

  /**
   * Whether everything that one of the specs applies to is a subject of the other too.
   *
   * @internal
   */
  public _meets(other: PolicySpec): boolean {
    const [a, b] = [subjectOf(this.subject), subjectOf(other.subject)];
    const isOneKind = 'nodeSelector' in this.subject === 'nodeSelector' in other.subject;
    return isOneKind && (implies(a, b) || implies(b, a));
  }

  /** @internal */
  public get _subject(): PolicySubject {
    return this.subject;
  }

  /** @internal */
  public _render(): object {
    const { defaultDenyIngress, defaultDenyEgress, labels, log } = this.options;
    const { ingress, egress, ingressDeny, egressDeny } = this.rules;
    return {
      ...this.subject,
      ingress: once(ingress) ?? this.closed('Ingress'),
      ingressDeny: once(ingressDeny),
      egress: once(egress) ?? this.closed('Egress'),
      egressDeny: once(egressDeny),
      description: this._description,
      enableDefaultDeny:
        defaultDenyIngress === undefined && defaultDenyEgress === undefined
          ? undefined
          : { ingress: defaultDenyIngress, egress: defaultDenyEgress },
      labels,
      log: log === undefined ? undefined : { value: log },
    };
  }

  /** @internal */
  public _validate(inNamespace: string | undefined): string[] {
    const errors = (['Ingress', 'Egress'] as const)
      .filter((direction) => this.options[`defaultDeny${direction}`] === false && !this.hasRules(direction))
      .map((direction) => `defaultDeny${direction} is false without an ${direction.toLowerCase()} rule; add a rule, or leave it out`);
    const hasContent = (['Ingress', 'Egress'] as const).some(
      (direction) => this.hasRules(direction) || this.options[`defaultDeny${direction}`] !== undefined,
    );
    return hasContent
      ? [...errors, ...conflictsAmong(this._statements, inNamespace), ...deadCidrs(this.construct, this._statements)]
      : ['policy has no rule and no default deny; add a rule, or set defaultDenyIngress or defaultDenyEgress'];
  }

  /** The one entry that closes a direction without allowing anything. The agent would reject an empty list. */
  private closed(direction: 'Ingress' | 'Egress'): RuleManifest[] | undefined {
    return this.options[`defaultDeny${direction}`] === true && !this.hasRules(direction) ? [{}] : undefined;
  }

  private hasRules(direction: 'Ingress' | 'Egress'): boolean {
    return direction === 'Ingress'
      ? this.rules.ingress !== undefined || this.rules.ingressDeny !== undefined
      : this.rules.egress !== undefined || this.rules.egressDeny !== undefined;
  }
}

function subjectOf(subject: PolicySubject): readonly Requirement[] {
  return requirementsOf('nodeSelector' in subject ? subject.nodeSelector : subject.endpointSelector);
}

/** The same rules, each once. */
function once(rules: readonly RuleManifest[] | undefined): readonly RuleManifest[] | undefined {
  // Most rules of a policy have different kinds of peers, and need no closer look.
  if (rules === undefined || new Set(rules.map(firstField)).size === rules.length) {
    return rules;
  }
  const seen = new Set<string>();
  return rules.filter((rule) => {
    const key = JSON.stringify(rule);
    return !seen.has(key) && seen.add(key);
  });
}

function firstField(rule: RuleManifest): string | undefined {
  for (const field in rule) {
    return field;
  }
  return undefined;
}

import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { fail, shown } from '../props/errors';
import { a, memberOf, mustFit, number, Shape, text } from '../props/shape';
import { EgressPeer, Peer } from './peer';
import { deadCidrs } from './private/cluster-addresses';
import { PodsManifest, renderPods } from './private/kubernetes-selector';
import { mustSelectPods } from './private/selector-scope';
import { addValidation } from './private/validation';
import { ViewedPolicy, ViewedStatement } from './private/viewed-policy';
import { makeApiObject } from './render/policy-manifest';
import { METADATA } from './render/shapes';
import { MAX_TIER_ITEMS, renderTierRule, TierAction, TierRule } from './render/tier-rule';
import { Selector } from './selector';
import { Tier } from './tier';
import { EgressTraffic, PlainTraffic } from './traffic';

/** Properties of a ClusterNetworkPolicy. */
export interface ClusterNetworkPolicyProps {
  /** The tier: before or after all other kinds of policies. */
  readonly tier: Tier;
  /**
   * The place in the tier, 0–1000. A lower number comes first. Rules of two policies with the same number come in the order of their places in
   * their policies.
   */
  readonly priority: number;
  /**
   * The pods, in any namespace, that the rules apply to. There is no default: for all pods, write `Selector.all()`. Unlike in other policies, pods of
   * all clusters of a Cluster Mesh are meant, unless the selector names a cluster.
   */
  readonly subject: Selector;
  /**
   * What the policy is for, in its owner's words. The kind has no field for it, so it is the annotation `kubernetes.io/description`.
   *
   * @default - no description
   */
  readonly description?: string;
  /**
   * Name, labels and annotations of the manifest, which has no namespace.
   *
   * @default - named after the construct's path
   */
  readonly metadata?: ApiObjectMetadata;
}

const PROPS: Shape<ClusterNetworkPolicyProps> = {
  tier: memberOf(Tier),
  priority: number,
  subject: a(Selector),
  description: { optional: text },
  metadata: { optional: METADATA },
};

/** Where an intent puts a rule: its denies before what it opens, and what it closes last. */
export type TierRank = 'first' | 'middle' | 'last';

/** One rule, as it is written and as it was said. */
interface Call {
  readonly rank: TierRank;
  readonly rule: TierRule;
  readonly peer: EgressPeer;
  readonly traffic: readonly EgressTraffic[];
}

/**
 * A policy of the Admin or the Baseline tier: Kubernetes' ClusterNetworkPolicy (`policy.networking.k8s.io/v1alpha2`).
 *
 * Each call of a verb adds one rule, and the first rule that matches a connection decides it, in the order of priorities and calls. `accept…` and
 * `deny…` are final. `pass…` leaves the connection to the next tier: from Admin to NetworkPolicies and Cilium's policies, from Baseline to the default,
 * which allows. A policy closes nothing that no rule denies.
 *
 * Needs Cilium 1.20 with `enable-k8s-cluster-network-policy`, and the CRD of Kubernetes' network-policy-api: of its experimental channel, if nodes or
 * names are used. Rules are for pods only. Sources are pods; destinations are pods, CIDRs, nodes and names. Everybody cannot be named: every pod is
 * `Peer.endpoints(Selector.all())`, and every address outside the cluster is `Peer.cidrs('0.0.0.0/0', '::/0')`, as a destination.
 *
 * Source: https://network-policy-api.sigs.k8s.io/ and cilium `pkg/k8s/cluster_network_policy.go`.
 *
 * @example
 *
 * const metadataService = new ClusterNetworkPolicy(chart, 'MetadataService', {
 *   tier: Tier.ADMIN,
 *   priority: 10,
 *   subject: Selector.all().outsideNamespaces('kube-system'),
 * });
 * metadataService.denyTo(Peer.cidrs('169.254.169.254/32'));
 */
export class ClusterNetworkPolicy extends Construct {
  /** The manifest. For fields that this library does not support, such as the names of rules, add a JSON patch. */
  public readonly apiObject: ApiObject;

  /** The tier. */
  public readonly tier: Tier;

  private readonly calls = { ingress: [] as Call[], egress: [] as Call[] };
  private readonly priority: number;
  private readonly subject: PodsManifest;

  public constructor(scope: Construct, id: string, props: ClusterNetworkPolicyProps) {
    super(scope, id);
    mustFit('ClusterNetworkPolicy', PROPS, props, { at: this, isDerived: new.target !== ClusterNetworkPolicy });
    const { tier, priority, subject } = props;
    if (!Number.isInteger(priority) || priority < 0 || priority > MAX_PRIORITY) {
      fail(`priority is ${shown(priority)}`, `write a whole number from 0, which comes first, to ${MAX_PRIORITY}`, this);
    }
    mustSelectPods(subject, this);
    this.tier = tier;
    this.priority = priority;
    this.subject = renderPods(subject._renderAsPods(), 'subject', this);
    this.apiObject = makeApiObject(this, { kind: 'ClusterNetworkPolicy', metadata: this.described(props) }, { spec: () => this.render() });
    addValidation(
      this,
      () => this.problems(),
      () => this.all().length,
    );
  }

  /** The policy's name in the cluster. */
  public get name(): string {
    return this.apiObject.name;
  }

  /**
   * Accepts connections from peers to the subject. In the Admin tier, no other policy can deny them, and no policy inspects their requests.
   *
   * @param peer the source: pods
   * @param ports TCP, UDP and SCTP ports; all traffic if omitted
   */
  public acceptFrom(peer: Peer, ...ports: PlainTraffic[]): void {
    this._add('ingress', 'Accept', peer, ports);
  }

  /**
   * Accepts connections from the subject to peers. In the Admin tier, no other policy can deny them, and no policy inspects their requests or DNS
   * look-ups.
   *
   * Names also open DNS look-ups of these names at pods `k8s-app: kube-dns` of any namespace, at their ports `dns` and `dns-tcp`.
   *
   * @param peer the destination: pods, CIDRs, nodes or names. In names, `*.` is only possible at the beginning, and matches names of any depth
   * @param ports TCP, UDP and SCTP ports; all traffic if omitted
   */
  public acceptTo(peer: EgressPeer, ...ports: PlainTraffic[]): void {
    this._add('egress', 'Accept', peer, ports);
  }

  /**
   * Denies connections from peers to the subject. In the Admin tier, no other policy can open them again.
   *
   * @param peer the source: pods
   * @param ports TCP, UDP and SCTP ports; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...ports: PlainTraffic[]): void {
    this._add('ingress', 'Deny', peer, ports);
  }

  /**
   * Denies connections from the subject to peers. In the Admin tier, no other policy can open them again.
   *
   * @param peer the destination: pods, CIDRs or nodes
   * @param ports TCP, UDP and SCTP ports; all traffic if omitted
   */
  public denyTo(peer: Peer, ...ports: PlainTraffic[]): void {
    this._add('egress', 'Deny', peer, ports);
  }

  /**
   * Leaves connections from peers to the subject to the next tier, whatever later rules of this tier say.
   *
   * @param peer the source: pods
   * @param ports TCP, UDP and SCTP ports; all traffic if omitted
   */
  public passFrom(peer: Peer, ...ports: PlainTraffic[]): void {
    this._add('ingress', 'Pass', peer, ports);
  }

  /**
   * Leaves connections from the subject to peers to the next tier, whatever later rules of this tier say.
   *
   * @param peer the destination: pods, CIDRs or nodes
   * @param ports TCP, UDP and SCTP ports; all traffic if omitted
   */
  public passTo(peer: Peer, ...ports: PlainTraffic[]): void {
    this._add('egress', 'Pass', peer, ports);
  }

  /** @internal */
  public _add(
    direction: 'ingress' | 'egress',
    action: TierAction,
    peer: EgressPeer,
    traffic: readonly EgressTraffic[],
    rank: TierRank = 'middle',
  ): void {
    const calls = this.calls[direction];
    const rule = renderTierRule(peer, traffic, { direction, action, construct: this });
    if (calls.length === MAX_TIER_ITEMS) {
      fail(
        `${direction} of a ClusterNetworkPolicy has more than ${MAX_TIER_ITEMS} rules`,
        'name several peers in one rule, or write another policy with the next priority',
        this,
      );
    }
    calls.push({ rank, rule, peer, traffic });
  }

  /** @internal */
  public _viewed(): ViewedPolicy {
    const { metadata } = this.apiObject;
    const { annotations } = (metadata.toJson() ?? {}) as { annotations?: Record<string, string> };
    const description = annotations?.[DESCRIPTION];
    return {
      isForNodes: false,
      description,
      statements: (['ingress', 'egress'] as const).flatMap((direction) =>
        this.calls[direction].map(({ rule: { action }, peer, traffic }): ViewedStatement => ({
          ...{ direction, effect: EFFECTS[action], peer: peer._section },
          parts: traffic.flatMap((one) => one._parts()),
        })),
      ),
      describe: (text) => {
        if (description === undefined || description.trim() === '') {
          metadata.addAnnotation(DESCRIPTION, text);
        }
      },
    };
  }

  private described({ metadata, description }: ClusterNetworkPolicyProps): ApiObjectMetadata | undefined {
    if (description === undefined) {
      return metadata;
    }
    if (metadata?.annotations?.[DESCRIPTION] !== undefined) {
      fail(`description and the annotation \`${DESCRIPTION}\` are both given`, 'leave one of them out', this);
    }
    return { ...metadata, annotations: { ...metadata?.annotations, [DESCRIPTION]: description } };
  }

  private render(): object {
    const { tier, priority, subject, calls } = this;
    return { tier, priority, subject, ingress: inOrder(calls.ingress), egress: inOrder(calls.egress) };
  }

  private problems(): string[] {
    const statements = this.all().map(({ peer }) => ({ peer: peer._section }));
    return statements.length === 0
      ? ['policy has no rule, so it does nothing; add one with acceptFrom(), acceptTo(), denyFrom(), denyTo(), passFrom() or passTo()']
      : deadCidrs(this, statements);
  }

  private all(): readonly Call[] {
    return [...this.calls.ingress, ...this.calls.egress];
  }
}

const MAX_PRIORITY = 1000;

/** Source: https://kubernetes.io/docs/reference/labels-annotations-taints/ */
const DESCRIPTION = 'kubernetes.io/description';

const EFFECTS = { Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const;

const RANKS: readonly TierRank[] = ['first', 'middle', 'last'];

function inOrder(calls: readonly Call[]): readonly TierRule[] | undefined {
  return calls.length === 0 ? undefined : RANKS.flatMap((rank) => calls.flatMap((call) => (call.rank === rank ? call.rule : [])));
}

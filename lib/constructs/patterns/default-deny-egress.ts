import { Construct } from 'constructs';
import { fail, within } from '../../props/errors';
import { a, flag, listOf, mustFit, Shape, text } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { ClusterNetworkPolicy } from '../cluster-network-policy';
import { Peer } from '../peer';
import { Selector } from '../selector';
import { Tier } from '../tier';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { defaultDeny, everywhereBut, head, INTENT, isNamed, ONE_LABEL, resolverOf, watched } from './private/props';
import { policyOf, Tiered, TIERED, TierOf } from './private/tiered';

/** Properties of DefaultDenyEgress. */
export interface DefaultDenyEgressProps extends IntentProps {
  /**
   * All namespaces whose pods are not affected. They must include the namespace of the resolver, which would not reach its own upstream
   * otherwise.
   *
   * @default - kube-system, and the namespace of the resolver
   */
  readonly exceptNamespaces?: string[];
  /**
   * More namespaces whose pods are not affected, in addition to `exceptNamespaces` or its default.
   *
   * @default - no more namespaces
   */
  readonly alsoExcept?: string[];
  /**
   * A label of more namespaces whose pods are not affected, with its value. Anyone who can label a namespace can then take it out of this policy.
   *
   * @default - no namespace is excepted by a label
   */
  readonly exceptNamespacesLabeled?: { [key: string]: string };
  /**
   * Whether endpoints without a namespace are excepted: Cilium's health checks, its Ingress and Gateway, endpoints that are starting.
   * Otherwise they lose their egress too.
   *
   * @default false
   */
  readonly exceptReserved?: boolean;
  /**
   * The resolver that pods query.
   *
   * @default - the resolver of the `Cluster`, or `DnsResolver.kubeDns()`
   */
  readonly dns?: DnsResolver;
  /**
   * `Tier.BASELINE` writes the policy as a ClusterNetworkPolicy of the Baseline tier: it decides only what no NetworkPolicy and no policy of Cilium
   * decides, and it isolates nothing. See `tierPolicy` for what remains open.
   *
   * @default - a clusterwide policy of Cilium
   */
  readonly tier?: Tier;
  /**
   * The place in the tier, if `tier` is given: 0–1000, and a lower number comes first.
   *
   * @default 1000
   */
  readonly priority?: number;
  /**
   * Whether nodes are closed too, if `tier` is given. Needs the agent's `enable-node-selector-labels`. Without it, the agent refuses the whole policy.
   *
   * @default false
   */
  readonly denyNodes?: boolean;
}

const PROPS: Shape<DefaultDenyEgressProps> = {
  ...INTENT,
  exceptNamespaces: { optional: listOf(text) },
  alsoExcept: { optional: listOf(text) },
  exceptNamespacesLabeled: { optional: ONE_LABEL },
  exceptReserved: { optional: flag },
  dns: { optional: a(DnsResolver) },
  ...TIERED,
  denyNodes: { optional: flag },
};

const BASELINE: TierOf = {
  tier: Tier.BASELINE,
  why: 'where no policy could open anything again',
  priority: 1000,
  opens: 'Accept',
};

/**
 * Closes egress of pods, except DNS, unless another policy allows more.
 *
 * One clusterwide policy for all namespaces except `exceptNamespaces`. DNS passes through Cilium's proxy, so that policies with names work.
 *
 * It does not restrict excepted namespaces or pods in a node's network, and does not affect incoming connections. Any policy of any team can
 * open egress again.
 *
 * @example
 *
 * const denied = new DefaultDenyEgress(chart, 'DefaultDeny', { exceptReserved: true });
 * denied.allowTo(Peer.kubeApiserver(), Port.tcp(6443));
 */
export class DefaultDenyEgress extends EgressIntent {
  /**
   * The policy in the Baseline tier; nothing unless `tier` is given.
   *
   * It denies connections to every pod, to every address outside the cluster and, with `denyNodes`, to nodes, except those that `dns` and `allowTo`
   * accept. Without `denyNodes`, nodes stay open, and with them an API server in the cluster. Cilium's health checks and its Ingress and Gateway always
   * stay open. An API server outside the cluster is closed, and `allowTo` opens it by its
   * CIDR. Look-ups do not pass through the DNS proxy, so who uses names needs a rule for
   * DNS of their own.
   */
  public readonly tierPolicy?: ClusterNetworkPolicy;

  /** @internal */
  public override readonly _tiered?: Tiered;

  private readonly ciliumPolicy?: CiliumClusterwideNetworkPolicy;

  /**
   * The namespaces that are left alone by name.
   *
   * @internal
   */
  public readonly _exceptions: string[];

  public constructor(scope: Construct, id: string, props: DefaultDenyEgressProps = {}) {
    super(scope, id);
    mustFit('DefaultDenyEgress', PROPS, props, { at: this, isDerived: new.target !== DefaultDenyEgress });
    const dns = resolverOf(props.dns, this);
    this._exceptions = this.exceptions(props, dns);
    this._tiered = this.inTier(props, dns);
    this.tierPolicy = this._tiered?.policy;
    if (this._tiered !== undefined) {
      return;
    }
    const policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: within(this, () =>
        everywhereBut({
          names: this._exceptions,
          labels: props.exceptNamespacesLabeled,
          reserved: props.exceptReserved ?? false,
        }),
      ),
      defaultDenyEgress: defaultDeny(props),
    });
    this.ciliumPolicy = watched(policy, props);
    dns._open(this.ciliumPolicy);
  }

  /** The policy of this intent. Throws if `tier` is given: see `tierPolicy`. */
  public get policy(): CiliumClusterwideNetworkPolicy {
    return policyOf(this.ciliumPolicy, this);
  }

  private inTier(props: DefaultDenyEgressProps, dns: DnsResolver): Tiered | undefined {
    const { tier, denyNodes, exceptReserved, exceptNamespacesLabeled: labels } = props;
    if (tier === undefined && denyNodes !== undefined) {
      fail('denyNodes is given without a tier', 'leave it out: without a tier, nodes are closed', this);
    }
    if (tier !== undefined && exceptReserved === false) {
      fail('exceptReserved is false, but a ClusterNetworkPolicy selects only pods', 'leave it out', this);
    }
    const tiered = Tiered.of(this, props, BASELINE, () =>
      within(this, () => everywhereBut({ names: this._exceptions, labels, reserved: true })),
    );
    if (tiered !== undefined) {
      dns._openTier(tiered);
      tiered.close('egress', Peer.endpoints(Selector.all()));
      tiered.close('egress', Peer.cidrs('0.0.0.0/0', '::/0'));
      if (denyNodes === true) {
        tiered.close('egress', Peer.nodes(Selector.all()));
      }
    }
    return tiered;
  }

  /** The resolver's own namespace has to stay open, because the resolver asks others. */
  private exceptions(props: DefaultDenyEgressProps, dns: DnsResolver): string[] {
    const { exceptNamespaces, alsoExcept = [], exceptNamespacesLabeled } = props;
    const resolvers = dns._namespaces();
    const names = [...(exceptNamespaces ?? ['kube-system', ...resolvers]), ...alsoExcept];
    const closed = resolvers.find((one) => !names.includes(one) && !isNamed(exceptNamespacesLabeled, [one]));
    if (closed !== undefined) {
      fail(
        `exceptNamespaces leaves out \`${closed}\`, where the resolver could not reach its own upstream any more`,
        'add it, or leave exceptNamespaces out and give the others with alsoExcept',
        this,
      );
    }
    return [...new Set(names)];
  }
}

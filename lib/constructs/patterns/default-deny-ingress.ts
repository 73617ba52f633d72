import { Construct } from 'constructs';
import { within } from '../../props/errors';
import { listOf, mustFit, Shape, text } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { ClusterNetworkPolicy } from '../cluster-network-policy';
import { Entity } from '../entity';
import { Peer } from '../peer';
import { Selector } from '../selector';
import { Tier } from '../tier';
import { IngressIntent } from './ingress-intent';
import { IntentProps } from './intent';
import { defaultDeny, everywhereBut, head, INTENT, ONE_LABEL, watched } from './private/props';
import { policyOf, Tiered, TIERED, TierOf } from './private/tiered';

/** Properties of DefaultDenyIngress. */
export interface DefaultDenyIngressProps extends IntentProps {
  /**
   * All namespaces whose pods are not affected.
   *
   * @default - kube-system
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
   * `Tier.BASELINE` writes the policy as a ClusterNetworkPolicy of the Baseline tier: it decides only what no NetworkPolicy and no policy of Cilium
   * decides, and it isolates nothing. It closes pods only to other pods; see `tierPolicy`.
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
}

const PROPS: Shape<DefaultDenyIngressProps> = {
  ...INTENT,
  exceptNamespaces: { optional: listOf(text) },
  alsoExcept: { optional: listOf(text) },
  exceptNamespacesLabeled: { optional: ONE_LABEL },
  ...TIERED,
};

const BASELINE: TierOf = {
  tier: Tier.BASELINE,
  why: 'where no policy could open anything again',
  priority: 1000,
  opens: 'Accept',
};

/**
 * Closes ingress of pods, unless another policy allows it.
 *
 * One clusterwide policy for all namespaces except `exceptNamespaces`. Endpoints without a namespace are not affected, so Cilium's health
 * checks keep working and its Ingress and Gateway keep accepting connections. To allow these to reach their backends, add
 * `allowFrom(Peer.ingress())`.
 *
 * It does not protect excepted namespaces, pods in a node's network, or pods against processes on their own node, which Cilium always allows.
 * Any policy of any team can open ingress again.
 *
 * @example
 *
 * const closed = new DefaultDenyIngress(chart, 'DefaultDeny');
 * closed.allowFrom(Peer.ingress());
 */
export class DefaultDenyIngress extends IngressIntent {
  /**
   * The policy in the Baseline tier; nothing unless `tier` is given.
   *
   * It denies connections from every pod, except those that `allowFrom` accepts. The kind cannot name any other source, so connections from the world,
   * from nodes and the API server, from Cilium's Ingress and Gateway and from its health checks stay open.
   */
  public readonly tierPolicy?: ClusterNetworkPolicy;

  /** @internal */
  public override readonly _tiered?: Tiered;

  private readonly ciliumPolicy?: CiliumClusterwideNetworkPolicy;

  public constructor(scope: Construct, id: string, props: DefaultDenyIngressProps = {}) {
    super(scope, id);
    mustFit('DefaultDenyIngress', PROPS, props, { at: this, isDerived: new.target !== DefaultDenyIngress });
    const { exceptNamespaces = ['kube-system'], alsoExcept = [], exceptNamespacesLabeled } = props;
    const names = [...new Set([...exceptNamespaces, ...alsoExcept])];
    const subject = () => within(this, () => everywhereBut({ names, labels: exceptNamespacesLabeled, reserved: true }));
    this._tiered = Tiered.of(this, props, BASELINE, subject);
    this.tierPolicy = this._tiered?.policy;
    if (this._tiered !== undefined) {
      this._tiered.close('ingress', Peer.endpoints(Selector.all()));
      return;
    }
    const policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: subject(),
      defaultDenyIngress: defaultDeny(props) ?? true,
    });
    this.ciliumPolicy = watched(policy, props);
    if (props.observe === true) {
      // A policy that does not close ingress needs an ingress rule, and this one matches no peer.
      this.ciliumPolicy.allowFrom(Peer.entities(Entity.NONE));
    }
  }

  /** The policy of this intent. Throws if `tier` is given: see `tierPolicy`. */
  public get policy(): CiliumClusterwideNetworkPolicy {
    return policyOf(this.ciliumPolicy, this);
  }
}

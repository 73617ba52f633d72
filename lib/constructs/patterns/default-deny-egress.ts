import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { mustBeSwitch, within } from '../private/errors';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { ObservableIntentProps } from './intent';
import { defaultDeny, everywhereBut } from './private/props';

/** Properties of DefaultDenyEgress. */
export interface DefaultDenyEgressProps extends ObservableIntentProps {
  /**
   * Namespaces whose pods are not affected.
   *
   * @default - kube-system
   */
  readonly exceptNamespaces?: string[];
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
   * @default DnsResolver.kubeDns()
   */
  readonly dns?: DnsResolver;
}

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
 * denied.allowTo(Peer.kubeApiserver());
 */
export class DefaultDenyEgress extends EgressIntent {
  /** The policy of this intent. */
  public readonly policy: CiliumClusterwideNetworkPolicy;

  public constructor(scope: Construct, id: string, props: DefaultDenyEgressProps = {}) {
    super(scope, id);
    mustBeSwitch('observe', props.observe, this);
    this._observes = props.observe ?? false;
    this.policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      endpointSelector: within(this, () => everywhereBut(props.exceptNamespaces ?? ['kube-system'], props.exceptReserved ?? false)),
      defaultDenyEgress: defaultDeny(props.observe),
    });
    (props.dns ?? DnsResolver.kubeDns())._open(this.policy);
  }

  /** @internal */
  protected override _policy(): CiliumClusterwideNetworkPolicy {
    return this.policy;
  }
}

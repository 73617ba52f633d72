import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { mustBeSwitch, within } from '../private/errors';
import { everywhereBut } from '../private/everywhere-but';
import { defaultDeny } from '../private/observe';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { ObservableIntentProps } from './intent';

/** Properties of DefaultDenyEgress. */
export interface DefaultDenyEgressProps extends ObservableIntentProps {
  /**
   * Namespaces whose pods are left alone.
   *
   * @default - kube-system
   */
  readonly exceptNamespaces?: string[];
  /**
   * Whether endpoints without a namespace are left alone: Cilium's health checks, its Ingress and Gateway, endpoints that are starting.
   * Without it, those lose their egress too.
   *
   * @default false
   */
  readonly exceptReserved?: boolean;
  /**
   * Whom pods ask for names.
   *
   * @default DnsResolver.kubeDns()
   */
  readonly dns?: DnsResolver;
}

/**
 * Pods may connect to nobody but DNS, unless another policy allows it.
 *
 * One clusterwide policy for all namespaces but the excepted ones. DNS passes Cilium's proxy, so that policies with names work.
 *
 * It does not protect the excepted namespaces, pods in a node's network, or anything against incoming connections; and any policy of any
 * team can open egress again.
 *
 * @example
 *
 * const denied = new DefaultDenyEgress(chart, 'DefaultDeny', { exceptReserved: true });
 * denied.allowTo(Peer.kubeApiserver());
 */
export class DefaultDenyEgress extends EgressIntent {
  /** The policy that the intent made. */
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

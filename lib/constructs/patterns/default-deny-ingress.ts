import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { Entity } from '../entity';
import { Peer } from '../peer';
import { mustBeSwitch, within } from '../private/errors';
import { IngressIntent } from './ingress-intent';
import { ObservableIntentProps } from './intent';
import { defaultDeny, everywhereBut } from './private/props';

/** Properties of DefaultDenyIngress. */
export interface DefaultDenyIngressProps extends ObservableIntentProps {
  /**
   * Namespaces whose pods are not affected.
   *
   * @default - kube-system
   */
  readonly exceptNamespaces?: string[];
}

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
  /** The policy of this intent. */
  public readonly policy: CiliumClusterwideNetworkPolicy;

  public constructor(scope: Construct, id: string, props: DefaultDenyIngressProps = {}) {
    super(scope, id);
    mustBeSwitch('observe', props.observe, this);
    this._observes = props.observe ?? false;
    this.policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      endpointSelector: within(this, () => everywhereBut(props.exceptNamespaces ?? ['kube-system'], true)),
      defaultDenyIngress: defaultDeny(props.observe) ?? true,
    });
    if (this._observes) {
      // A policy that does not close ingress needs an ingress rule, and this one matches no peer.
      this.policy.allowFrom(Peer.entities(Entity.NONE));
    }
  }

  /** @internal */
  protected override _policy(): CiliumClusterwideNetworkPolicy {
    return this.policy;
  }
}

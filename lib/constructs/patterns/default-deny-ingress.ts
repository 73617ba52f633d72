import { Construct } from 'constructs';
import { within } from '../../props/errors';
import { listOf, mustFit, Shape, text } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { Entity } from '../entity';
import { Peer } from '../peer';
import { IngressIntent } from './ingress-intent';
import { IntentProps } from './intent';
import { defaultDeny, everywhereBut, head, INTENT, ONE_LABEL, watched } from './private/props';

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
}

const PROPS: Shape<DefaultDenyIngressProps> = {
  ...INTENT,
  exceptNamespaces: { optional: listOf(text) },
  alsoExcept: { optional: listOf(text) },
  exceptNamespacesLabeled: { optional: ONE_LABEL },
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
  /** The policy of this intent. */
  public readonly policy: CiliumClusterwideNetworkPolicy;

  public constructor(scope: Construct, id: string, props: DefaultDenyIngressProps = {}) {
    super(scope, id);
    mustFit('DefaultDenyIngress', PROPS, props, { at: this, isDerived: new.target !== DefaultDenyIngress });
    const { exceptNamespaces = ['kube-system'], alsoExcept = [], exceptNamespacesLabeled } = props;
    const names = [...new Set([...exceptNamespaces, ...alsoExcept])];
    const policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: within(this, () => everywhereBut({ names, labels: exceptNamespacesLabeled, reserved: true })),
      defaultDenyIngress: defaultDeny(props) ?? true,
    });
    this.policy = watched(policy, props);
    if (props.observe === true) {
      // A policy that does not close ingress needs an ingress rule, and this one matches no peer.
      this.policy.allowFrom(Peer.entities(Entity.NONE));
    }
  }
}

import { Construct } from 'constructs';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Peer } from '../peer';
import { Selector } from '../selector';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';

/** Properties of AllowApiserver. */
export interface AllowApiserverProps extends IntentProps {
  /**
   * The pods that may call the API server.
   *
   * @default - every pod of the namespace
   */
  readonly endpointSelector?: Selector;
}

/**
 * Pods may call the Kubernetes API server.
 *
 * One namespaced policy. Alone it means *only* the API server: the first egress rule closes egress for its pods, DNS included, unless another
 * policy opens more. Pods that resolve `kubernetes.default` need DNS beside it.
 *
 * It does not say what the API server answers: that is for RBAC.
 *
 * @example
 *
 * new AllowApiserver(chart, 'Operator', { endpointSelector: Selector.labels({ app: 'operator' }) });
 */
export class AllowApiserver extends EgressIntent {
  /** The policy that the intent made. */
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: AllowApiserverProps = {}) {
    super(scope, id);
    this.policy = new CiliumNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      endpointSelector: props.endpointSelector ?? Selector.all(),
    });
    this.allowTo(Peer.kubeApiserver());
  }

  /** @internal */
  protected override _policy(): CiliumNetworkPolicy {
    return this.policy;
  }
}

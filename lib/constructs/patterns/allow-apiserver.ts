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
 * Allows pods to call the Kubernetes API server.
 *
 * One namespaced policy. On its own it allows *only* the API server: the first egress rule closes egress for its pods, including DNS, unless
 * another policy opens more. Pods that resolve `kubernetes.default` also need DNS.
 *
 * It does not decide what the API server permits: RBAC does.
 *
 * @example
 *
 * new AllowApiserver(chart, 'Operator', { endpointSelector: Selector.labels({ app: 'operator' }) });
 */
export class AllowApiserver extends EgressIntent {
  /** The policy of this intent. */
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

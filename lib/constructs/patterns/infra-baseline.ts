import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { Peer } from '../peer';
import { Port } from '../port';
import { mustBeSwitch, within } from '../private/errors';
import { defaultDeny } from '../private/observe';
import { Selector } from '../selector';
import { CloudProfile } from './cloud-profile';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { ObservableIntentProps } from './intent';

/** Properties of InfraBaseline. */
export interface InfraBaselineProps extends ObservableIntentProps {
  /** The labels that namespaces of infrastructure carry. */
  readonly namespaceLabels: { [key: string]: string };
  /**
   * What the cloud's own components need.
   *
   * @default - nothing
   */
  readonly cloud?: CloudProfile;
  /**
   * Further names and patterns, beside those of the cloud.
   *
   * @default - none
   */
  readonly fqdns?: string[];
  /**
   * Further blocks of addresses outside the cluster, beside those of the cloud.
   *
   * @default - none
   */
  readonly cidrs?: string[];
  /**
   * TCP ports of all nodes that metrics are read from; an empty list for none.
   *
   * @default - 10250, the kubelet
   */
  readonly kubeletPorts?: number[];
  /**
   * Whom pods ask for names.
   *
   * @default DnsResolver.kubeDns()
   */
  readonly dns?: DnsResolver;
}

/**
 * Pods of infrastructure may connect to each other, to DNS, to the cloud, to the API server and to the kubelets, and to nobody else unless
 * another policy allows it.
 *
 * One clusterwide policy for all namespaces that carry the labels. Whoever may label namespaces may join.
 *
 * It does not protect against incoming connections. Names are learnt through DNS; a component that keeps addresses without asking again
 * needs `cidrs`.
 *
 * @example
 *
 * new InfraBaseline(chart, 'Infrastructure', { namespaceLabels: { role: 'infrastructure' }, cloud: CloudProfile.tke() });
 */
export class InfraBaseline extends EgressIntent {
  /** The policy that the intent made. */
  public readonly policy: CiliumClusterwideNetworkPolicy;

  public constructor(scope: Construct, id: string, props: InfraBaselineProps) {
    super(scope, id);
    mustBeSwitch('observe', props.observe, this);
    this._observes = props.observe ?? false;
    const infrastructure = within(this, () => Selector.all().inNamespacesLabeled(props.namespaceLabels));
    const fqdns = [...(props.cloud?.fqdns ?? []), ...(props.fqdns ?? [])];
    const cidrs = [...(props.cloud?.cidrs ?? []), ...(props.cidrs ?? [])];
    const kubeletPorts = props.kubeletPorts ?? [10250];

    this.policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      endpointSelector: infrastructure,
      defaultDenyEgress: defaultDeny(props.observe),
    });
    this.allowTo(Peer.endpoints(infrastructure));
    (props.dns ?? DnsResolver.kubeDns())._open(this.policy);
    if (fqdns.length > 0) {
      this.allowTo(within(this, () => Peer.fqdns(...fqdns)));
    }
    if (cidrs.length > 0) {
      this.allowTo(within(this, () => Peer.cidrs(...cidrs)));
    }
    this.allowTo(Peer.kubeApiserver());
    if (kubeletPorts.length > 0) {
      this.allowTo(Peer.allNodes(), ...within(this, () => kubeletPorts.map((port) => Port.tcp(port))));
    }
  }

  /** @internal */
  protected override _policy(): CiliumClusterwideNetworkPolicy {
    return this.policy;
  }
}

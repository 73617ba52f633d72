import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { Peer } from '../peer';
import { Port } from '../port';
import { mustBeSwitch, within } from '../private/errors';
import { Selector } from '../selector';
import { CloudProfile } from './cloud-profile';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { ObservableIntentProps } from './intent';
import { defaultDeny } from './private/props';

/** Properties of InfraBaseline. */
export interface InfraBaselineProps extends ObservableIntentProps {
  /** The labels of the infrastructure namespaces. */
  readonly namespaceLabels: { [key: string]: string };
  /**
   * What the components of the cloud provider need.
   *
   * @default - no names and CIDRs of a cloud
   */
  readonly cloud?: CloudProfile;
  /**
   * More names and patterns, in addition to the names of the cloud.
   *
   * @default - no more names
   */
  readonly fqdns?: string[];
  /**
   * More CIDRs outside the cluster, in addition to the CIDRs of the cloud.
   *
   * @default - no more CIDRs
   */
  readonly cidrs?: string[];
  /**
   * TCP ports of all nodes that metrics are read from. An empty list opens no port.
   *
   * @default - 10250, the kubelet
   */
  readonly kubeletPorts?: number[];
  /**
   * The resolver that pods query.
   *
   * @default DnsResolver.kubeDns()
   */
  readonly dns?: DnsResolver;
}

/**
 * Allows infrastructure pods to connect only to each other, to DNS, to the cloud, to the API server and to the kubelets, unless another
 * policy allows more.
 *
 * One clusterwide policy for all namespaces with the labels. Anyone who can label a namespace can put it under this policy.
 *
 * It does not affect incoming connections. Cilium learns the addresses of names through DNS, so a component that keeps addresses without
 * new look-ups needs `cidrs`.
 *
 * @example
 *
 * new InfraBaseline(chart, 'Infrastructure', { namespaceLabels: { role: 'infrastructure' }, cloud: CloudProfile.tke() });
 */
export class InfraBaseline extends EgressIntent {
  /** The policy of this intent. */
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

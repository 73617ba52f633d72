import { Construct } from 'constructs';
import { fail, within } from '../../props/errors';
import { a, listOf, mustFit, number, Shape, text, texts } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { Cluster } from '../cluster';
import { Peer } from '../peer';
import { Port } from '../port';
import { Selector } from '../selector';
import { CloudProfile } from './cloud-profile';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { APISERVER_PORTS, apiserverTraffic, defaultDeny, head, INTENT, isNamed, ONE_LABEL, resolverOf, watched } from './private/props';

/** Properties of InfraBaseline. */
export interface InfraBaselineProps extends IntentProps {
  /** The labels of the infrastructure namespaces. */
  readonly namespaceLabels: { [key: string]: string };
  /**
   * Namespaces whose pods are not affected, even if they have the labels. The infrastructure pods may still connect to them.
   *
   * @default - none; in a `ClusterBaseline`, the namespaces that `defaultDenyEgress` leaves alone
   */
  readonly exceptNamespaces?: string[];
  /**
   * A label of more namespaces whose pods are not affected, with its value.
   *
   * @default - none; in a `ClusterBaseline`, the label that `defaultDenyEgress` leaves alone
   */
  readonly exceptNamespacesLabeled?: { [key: string]: string };
  /**
   * What the components of the cloud provider need.
   *
   * @default - the profile of the `Cluster`; otherwise no names and CIDRs of a cloud
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
   * @default - the resolver of the `Cluster`, or `DnsResolver.kubeDns()`
   */
  readonly dns?: DnsResolver;
  /**
   * The resolvers that the cluster's own resolver asks, on port 53, if it runs in one of these namespaces.
   *
   * @default - not opened. Throws if the labels name the resolver's own namespace, because the resolver would not reach its upstream
   */
  readonly resolverUpstream?: Peer;
  /**
   * The TCP ports that the API server listens on, often 6443: the port of its endpoints, not of the Service `kubernetes`.
   *
   * @default - the ports of the `Cluster`; otherwise every port of the machines that run it, including 22 (SSH), 2379 (etcd) and 10250 (kubelet)
   */
  readonly apiserverPorts?: number[];
}

const PROPS: Shape<InfraBaselineProps> = {
  ...INTENT,
  namespaceLabels: texts,
  exceptNamespaces: { optional: listOf(text) },
  exceptNamespacesLabeled: { optional: ONE_LABEL },
  cloud: { optional: a(CloudProfile) },
  fqdns: { optional: listOf(text) },
  cidrs: { optional: listOf(text) },
  kubeletPorts: { optional: listOf(number) },
  dns: { optional: a(DnsResolver) },
  resolverUpstream: { optional: a(Peer) },
  apiserverPorts: { optional: APISERVER_PORTS },
};

/**
 * Allows infrastructure pods to connect only to each other, to DNS, to the cloud, to the API server and to the kubelets, unless another
 * policy allows more.
 *
 * One clusterwide policy for all namespaces with the labels, except `exceptNamespaces`. Anyone who can label a namespace can put it under this
 * policy. If the API server runs on nodes of the cluster, these nodes are its peers: give `apiserverPorts` so that their other ports stay closed.
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
    mustFit('InfraBaseline', PROPS, props, { at: this, isDerived: new.target !== InfraBaseline });
    const infrastructure = within(this, () => Selector.all().inNamespacesLabeled(props.namespaceLabels));
    const {
      exceptNamespaces = [],
      exceptNamespacesLabeled,
      kubeletPorts = [10250],
      cloud = Cluster.ofConstruct(this)?.cloud,
      resolverUpstream,
    } = props;
    const fqdns = [...(cloud?.fqdns ?? []), ...(props.fqdns ?? [])];
    const cidrs = [...(cloud?.cidrs ?? []), ...(props.cidrs ?? [])];
    const dns = resolverOf(props.dns, this);
    if (resolverUpstream === undefined && isNamed(props.namespaceLabels, dns._namespaces())) {
      fail(
        "namespaceLabels name the resolver's own namespace, where the resolver could not reach its upstream any more",
        'give resolverUpstream, or write a policy of its own for that namespace',
        this,
      );
    }
    const policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: within(this, () => outside(infrastructure, exceptNamespaces, exceptNamespacesLabeled)),
      defaultDenyEgress: defaultDeny(props),
    });
    this.policy = watched(policy, props);
    this.allowTo(Peer.endpoints(infrastructure));
    dns._open(this.policy);
    if (resolverUpstream !== undefined) {
      this.allowTo(resolverUpstream, Port.any(53));
    }
    if (fqdns.length > 0) {
      this.allowTo(within(this, () => Peer.fqdns(...fqdns)));
    }
    if (cidrs.length > 0) {
      this.allowTo(within(this, () => Peer.cidrs(...cidrs)));
    }
    this.allowTo(Peer.kubeApiserver(), ...apiserverTraffic(props.apiserverPorts, this));
    if (kubeletPorts.length > 0) {
      this.allowTo(Peer.allNodes(), ...within(this, () => kubeletPorts.map((port) => Port.tcp(port))));
    }
  }
}

function outside(all: Selector, names: readonly string[], labels: InfraBaselineProps['exceptNamespacesLabeled']): Selector {
  const named = names.length === 0 ? all : all.outsideNamespaces(...names);
  return labels === undefined ? named : named.outsideNamespacesLabeled(labels);
}

import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { fail, mustBeSwitch, within } from '../private/errors';
import { Selector } from '../selector';
import { PlainTraffic, Traffic } from '../traffic';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';

/** Properties of TenantIsolation. */
export interface TenantIsolationProps extends IntentProps {
  /**
   * The labels of the tenant's namespaces. With labels, the policy is clusterwide.
   *
   * @default - the tenant is one namespace: the namespace of `metadata`, or of the chart
   */
  readonly namespaceLabels?: { [key: string]: string };
  /**
   * The resolver that the tenant's pods query.
   *
   * @default - DNS is not opened
   */
  readonly dns?: DnsResolver;
  /**
   * Whether the tenant's pods may call the Kubernetes API server.
   *
   * @default false
   */
  readonly allowApiserver?: boolean;
}

/**
 * Allows pods of a tenant to connect only to each other, unless another policy allows more.
 *
 * A tenant is one namespace (a namespaced policy), or all namespaces with the same labels (a clusterwide policy). Anyone who can label a
 * namespace can then move it into the tenant. Both directions are closed, including DNS, unless `dns` or another policy opens it.
 *
 * It does not protect pods in a node's network, or pods against processes on their own node, which Cilium always allows. Any policy of any
 * team can open the tenant again.
 *
 * @example
 *
 * new TenantIsolation(chart, 'Tenant', { namespaceLabels: { 'tenant-id': '001' }, dns: DnsResolver.kubeDns() });
 */
export class TenantIsolation extends EgressIntent {
  /** The policy of this intent, which is clusterwide if the tenant is given by namespace labels. */
  public readonly policy: CiliumPolicy;

  public constructor(scope: Construct, id: string, props: TenantIsolationProps = {}) {
    super(scope, id);
    mustBeSwitch('allowApiserver', props.allowApiserver, this);
    const { namespaceLabels } = props;
    const tenant = namespaceLabels === undefined ? Selector.all() : within(this, () => Selector.all().inNamespacesLabeled(namespaceLabels));
    this.policy = namespaceLabels === undefined ? this.ofNamespace(props) : this.ofLabels(props, tenant);
    this.allowFrom(Peer.endpoints(tenant));
    this.allowTo(Peer.endpoints(tenant));
    props.dns?._open(this.policy);
    if (props.allowApiserver === true) {
      this.allowTo(Peer.kubeApiserver());
    }
  }

  /**
   * Allows more peers to open connections to the tenant.
   *
   * @param peer the source
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this.policy.allowFrom(peer, ...traffic);
  }

  /**
   * Denies connections from these peers to the tenant, whatever other rules allow.
   *
   * @param peer the source
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    this.policy.denyFrom(peer, ...traffic);
  }

  /** @internal */
  protected override _policy(): CiliumPolicy {
    return this.policy;
  }

  private ofNamespace(props: TenantIsolationProps): CiliumNetworkPolicy {
    if ((props.metadata?.namespace ?? Chart.of(this).namespace) === undefined) {
      fail('the tenant has no namespace', 'give namespaceLabels or metadata.namespace, or set the namespace of the chart', this);
    }
    return new CiliumNetworkPolicy(this, 'Policy', { ...head(props), endpointSelector: Selector.all() });
  }

  private ofLabels(props: TenantIsolationProps, tenant: Selector): CiliumClusterwideNetworkPolicy {
    return new CiliumClusterwideNetworkPolicy(this, 'Policy', { ...head(props), endpointSelector: tenant });
  }
}

function head(props: IntentProps): IntentProps {
  return { metadata: props.metadata, description: props.description };
}

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
   * The labels that the namespaces of the tenant carry. Then the policy is clusterwide.
   *
   * @default - the tenant is one namespace: that of `metadata`, or of the chart
   */
  readonly namespaceLabels?: { [key: string]: string };
  /**
   * Whom the tenant's pods ask for names.
   *
   * @default - nobody: another policy opens DNS
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
 * Pods of a tenant talk to each other, and to nobody else unless another policy allows it.
 *
 * A tenant is one namespace (a namespaced policy), or all namespaces with the same labels (a clusterwide policy); whoever may label
 * namespaces may then join the tenant. Both directions are closed: DNS too, unless `dns` or another policy opens it.
 *
 * It does not protect pods in a node's network, or pods against processes of their own node, which Cilium always lets in; and any policy of
 * any team can open the tenant again.
 *
 * @example
 *
 * new TenantIsolation(chart, 'Tenant', { namespaceLabels: { 'tenant-id': '001' }, dns: DnsResolver.kubeDns() });
 */
export class TenantIsolation extends EgressIntent {
  /** The policy that the intent made: clusterwide if the tenant is told by labels of namespaces. */
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
   * These peers may also open connections to the tenant.
   *
   * @param peer who
   * @param traffic on which ports, requests or ICMP types; all if none is given
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    this.policy.allowFrom(peer, ...traffic);
  }

  /**
   * These peers may not open connections to the tenant, whatever other rules allow.
   *
   * @param peer who
   * @param traffic on which ports or ICMP types; all if none is given
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
      fail('the tenant is not said', 'give namespaceLabels, metadata.namespace, or the chart a namespace', this);
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

import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { fail, within } from '../../props/errors';
import { a, flag, mustFit, Shape, texts } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { Selector } from '../selector';
import { PlainTraffic, Traffic } from '../traffic';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { APISERVER_PORTS, apiserverTraffic, defaultDeny, head, INTENT, watched } from './private/props';

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
  /**
   * The TCP ports that the API server listens on, often 6443, if `allowApiserver` is set: the port of its endpoints, not of the Service
   * `kubernetes`.
   *
   * @default - the ports of the `Cluster`; otherwise every port of the machines that run it, including 22 (SSH), 2379 (etcd) and 10250 (kubelet)
   */
  readonly apiserverPorts?: number[];
  /**
   * Whether a namespace may belong to this tenant and to another. Its pods can then connect to the pods of both, and both to them, so that the
   * tenants meet there.
   *
   * @default false - the synthesis fails if a namespace could carry the labels of two tenants
   */
  readonly mayOverlap?: boolean;
}

const PROPS: Shape<TenantIsolationProps> = {
  ...INTENT,
  namespaceLabels: { optional: texts },
  dns: { optional: a(DnsResolver) },
  allowApiserver: { optional: flag },
  apiserverPorts: { optional: APISERVER_PORTS },
  mayOverlap: { optional: flag },
};

/**
 * Allows pods of a tenant to connect only to each other, unless another policy allows more.
 *
 * A tenant is one namespace (a namespaced policy), or all namespaces with the same labels (a clusterwide policy). Anyone who can label a
 * namespace can then move it into the tenant. Both directions are closed, including DNS, unless `dns` or another policy opens it.
 *
 * Two tenants by labels that one namespace can carry meet in that namespace. The synthesis fails for these, unless both set `mayOverlap`: give each
 * tenant another value of the same label.
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

  /** @internal */
  public readonly _labels?: { readonly [key: string]: string };

  /** @internal */
  public readonly _mayOverlap: boolean = false;

  public constructor(scope: Construct, id: string, props: TenantIsolationProps = {}) {
    super(scope, id);
    mustFit('TenantIsolation', PROPS, props, { at: this, isDerived: new.target !== TenantIsolation });
    const { namespaceLabels, mayOverlap = false } = props;
    const tenant = namespaceLabels === undefined ? Selector.all() : within(this, () => Selector.all().inNamespacesLabeled(namespaceLabels));
    this.policy = watched(namespaceLabels === undefined ? this.ofNamespace(props) : this.ofLabels(props, tenant), props);
    if (namespaceLabels !== undefined) {
      this._labels = { ...namespaceLabels };
      this._mayOverlap = mayOverlap;
      mustExcludeEachOther(this);
    }
    this.allowFrom(Peer.endpoints(tenant));
    this.allowTo(Peer.endpoints(tenant));
    props.dns?._open(this.policy);
    if (props.allowApiserver === true) {
      this.allowTo(Peer.kubeApiserver(), ...apiserverTraffic(props.apiserverPorts, this));
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
   * Denies connections from these peers to the tenant, whatever other rules allow. Throws if the intent only observes.
   *
   * @param peer the source
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    this.policy.denyFrom(peer, ...traffic);
  }

  private ofNamespace(props: TenantIsolationProps): CiliumNetworkPolicy {
    if ((props.metadata?.namespace ?? Chart.of(this).namespace) === undefined) {
      fail('the tenant has no namespace', 'give namespaceLabels or metadata.namespace, or set the namespace of the chart', this);
    }
    return new CiliumNetworkPolicy(this, 'Policy', { ...options(props), endpointSelector: Selector.all() });
  }

  private ofLabels(props: TenantIsolationProps, tenant: Selector): CiliumClusterwideNetworkPolicy {
    return new CiliumClusterwideNetworkPolicy(this, 'Policy', { ...options(props), endpointSelector: tenant });
  }
}

function options(props: TenantIsolationProps) {
  return { ...head(props), defaultDenyIngress: defaultDeny(props), defaultDenyEgress: defaultDeny(props) };
}

/** Fails the synthesis if a namespace could belong to two tenants. */
function mustExcludeEachOther(tenant: TenantIsolation): void {
  const { root } = tenant.node;
  const known = tenants.get(root) ?? [];
  tenants.set(root, known);
  const overlaps = known.filter((other) => !(tenant._mayOverlap && other._mayOverlap) && !excludeEachOther(tenant, other));
  known.push(tenant);
  if (overlaps.length > 0) {
    tenant.node.addValidation({
      validate: () =>
        overlaps.map(
          ({ node }) =>
            `a namespace could belong to this tenant and to ${node.path}; give both another value of the same label, or set mayOverlap on both`,
        ),
    });
  }
}

/** The tenants of each app that are given by labels. */
const tenants = new WeakMap<IConstruct, TenantIsolation[]>();

/** Whether no namespace can carry the labels of both. */
function excludeEachOther({ _labels: a = {} }: TenantIsolation, { _labels: b = {} }: TenantIsolation): boolean {
  return Object.entries(a).some(([key, value]) => Object.hasOwn(b, key) && b[key] !== value);
}

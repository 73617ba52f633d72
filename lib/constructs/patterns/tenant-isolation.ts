import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { fail, within } from '../../props/errors';
import { a, flag, mustFit, Shape, texts } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { ClusterNetworkPolicy } from '../cluster-network-policy';
import { Peer } from '../peer';
import { CiliumPolicy } from '../policy';
import { Selector } from '../selector';
import { Tier } from '../tier';
import { PlainTraffic, Traffic } from '../traffic';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { APISERVER_PORTS, apiserverTraffic, defaultDeny, head, INTENT, resolverOf, watched } from './private/props';
import { policyOf, Tiered, TIERED, TierOf } from './private/tiered';

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
   * @default - DNS is not opened; in a tier, the resolver of the `Cluster`, or `DnsResolver.kubeDns()`
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
  /**
   * `Tier.ADMIN` writes the tenant as a ClusterNetworkPolicy of the Admin tier, which no policy of the tenant can undo: it denies connections from and to
   * pods that are not the tenant's, and leaves connections inside the tenant and to `dns` to all other policies. It closes nothing else; see `tierPolicy`.
   *
   * @default - a policy of Cilium
   */
  readonly tier?: Tier;
  /**
   * The place in the tier, if `tier` is given: 0–1000, and a lower number comes first.
   *
   * @default 500
   */
  readonly priority?: number;
}

const PROPS: Shape<TenantIsolationProps> = {
  ...INTENT,
  namespaceLabels: { optional: texts },
  dns: { optional: a(DnsResolver) },
  allowApiserver: { optional: flag },
  apiserverPorts: { optional: APISERVER_PORTS },
  mayOverlap: { optional: flag },
  ...TIERED,
};

const ADMIN: TierOf = {
  tier: Tier.ADMIN,
  why: 'which any policy of the tenant would be judged before',
  priority: 500,
  // An Accept would end the inspection of requests and look-ups that the tenant's own policies ask for.
  opens: 'Pass',
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
  /**
   * The policy in the Admin tier; nothing unless `tier` is given.
   *
   * It passes connections between the tenant's pods and to `dns`, so that all other policies decide about them, and denies connections from and to all
   * other pods. `allowFrom` and `allowTo` pass more peers. Connections from and to the world, nodes and the API server, and from Cilium's Ingress and
   * Gateway, are left to other policies; without any, they are open. The tenant is its pods in all clusters of a Cluster Mesh.
   */
  public readonly tierPolicy?: ClusterNetworkPolicy;

  /** @internal */
  public override readonly _tiered?: Tiered;

  private readonly ciliumPolicy?: CiliumPolicy;

  /** @internal */
  public readonly _labels?: { readonly [key: string]: string };

  /** @internal */
  public readonly _mayOverlap: boolean = false;

  public constructor(scope: Construct, id: string, props: TenantIsolationProps = {}) {
    super(scope, id);
    mustFit('TenantIsolation', PROPS, props, { at: this, isDerived: new.target !== TenantIsolation });
    const { namespaceLabels, mayOverlap = false } = props;
    const tenant = namespaceLabels === undefined ? Selector.all() : within(this, () => Selector.all().inNamespacesLabeled(namespaceLabels));
    this._tiered = this.inTier(props, tenant);
    this.tierPolicy = this._tiered?.policy;
    if (this._tiered === undefined) {
      this.ciliumPolicy = watched(namespaceLabels === undefined ? this.ofNamespace(props) : this.ofLabels(props, tenant), props);
    }
    if (namespaceLabels !== undefined) {
      this._labels = { ...namespaceLabels };
      this._mayOverlap = mayOverlap;
      mustExcludeEachOther(this);
    }
    if (this._tiered !== undefined) {
      return;
    }
    this.allowFrom(Peer.endpoints(tenant));
    this.allowTo(Peer.endpoints(tenant));
    props.dns?._open(this.policy);
    if (props.allowApiserver === true) {
      this.allowTo(Peer.kubeApiserver(), ...apiserverTraffic(props.apiserverPorts, this));
    }
  }

  /** The policy of this intent, which is clusterwide if the tenant is given by namespace labels. Throws if `tier` is given: see `tierPolicy`. */
  public get policy(): CiliumPolicy {
    return policyOf(this.ciliumPolicy, this);
  }

  /**
   * Allows more peers to open connections to the tenant.
   *
   * @param peer the source
   * @param traffic ports, requests or ICMP types; all traffic if omitted
   */
  public allowFrom(peer: Peer, ...traffic: Traffic[]): void {
    if (this._tiered === undefined) {
      this.policy.allowFrom(peer, ...traffic);
    } else {
      this._tiered.open('ingress', peer, traffic);
    }
  }

  /**
   * Denies connections from these peers to the tenant, whatever other rules allow. Throws if the intent only observes.
   *
   * @param peer the source
   * @param traffic ports or ICMP types; all traffic if omitted
   */
  public denyFrom(peer: Peer, ...traffic: PlainTraffic[]): void {
    if (this._tiered === undefined) {
      this.policy.denyFrom(peer, ...traffic);
    } else {
      this._tiered.deny('ingress', peer, traffic);
    }
  }

  private inTier(props: TenantIsolationProps, labeled: Selector): Tiered | undefined {
    const { tier, namespaceLabels, dns, allowApiserver } = props;
    if (tier !== undefined && allowApiserver !== undefined) {
      fail('allowApiserver is given beside tier, which does not close the API server', 'leave one of them out', this);
    }
    const isNamed = namespaceLabels === undefined;
    const tenant = () => (isNamed ? within(this, () => Selector.all().inNamespace(this.namespaceOf(props))) : labeled);
    // The namespace of the tenant is not one of the policy.
    const metadata = isNamed ? props.metadata && { ...props.metadata, namespace: undefined } : props.metadata;
    const tiered = Tiered.of(this, { ...props, metadata }, ADMIN, tenant);
    if (tiered !== undefined) {
      const [own, others] = [Peer.endpoints(tenant()), Peer.endpoints(Selector.all())];
      const resolver = resolverOf(dns, this);
      tiered.open('ingress', own);
      tiered.open('egress', own);
      // Others are not closed.
      if (resolver._isPods) {
        resolver._openTier(tiered);
      }
      tiered.close('ingress', others);
      tiered.close('egress', others);
    }
    return tiered;
  }

  private namespaceOf({ metadata }: TenantIsolationProps): string {
    return (
      metadata?.namespace ??
      Chart.of(this).namespace ??
      fail('the tenant has no namespace', 'give namespaceLabels or metadata.namespace, or set the namespace of the chart', this)
    );
  }

  private ofNamespace(props: TenantIsolationProps): CiliumNetworkPolicy {
    this.namespaceOf(props);
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

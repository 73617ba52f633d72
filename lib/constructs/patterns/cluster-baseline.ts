import { Chart, ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { NAMESPACE_NAME_KEY } from '../../net/label-keys';
import { fail, shown } from '../../props/errors';
import { flag, isMap, listOf, mustFit, Shape, text, texts, TypeCheck } from '../../props/shape';
import { DefaultDenyEgress, DefaultDenyEgressProps } from './default-deny-egress';
import { HostFirewall, HostFirewallProps } from './host-firewall';
import { InfraBaseline, InfraBaselineProps } from './infra-baseline';
import { isNamed, resolverOf } from './private/props';
import { TenantIsolation, TenantIsolationProps } from './tenant-isolation';

/** Properties of ClusterBaseline. A part is created only if it is given; `{}` creates it with its defaults. */
export interface ClusterBaselineProps extends ChartProps {
  /**
   * Closes egress of pods, except DNS.
   *
   * @default - this part is not created
   */
  readonly defaultDenyEgress?: DefaultDenyEgressProps;
  /**
   * What infrastructure pods may connect to.
   *
   * @default - this part is not created
   */
  readonly infrastructure?: InfraBaselineProps;
  /**
   * Which peers may connect to nodes.
   *
   * @default - this part is not created
   */
  readonly hostFirewall?: HostFirewallProps;
  /**
   * Tenants whose pods can connect only to each other.
   *
   * @default - no tenants
   */
  readonly tenants?: TenantIsolationProps[];
}

/** The parts check their own properties. */
const part: TypeCheck = (value, what, at) => {
  if (!isMap(value)) {
    fail(`${what} is ${shown(value)}, not an object`, 'write {} for the defaults', at);
  }
};

const PROPS: Shape<ClusterBaselineProps> = {
  namespace: { optional: text },
  labels: { optional: texts },
  disableResourceNameHashes: { optional: flag },
  defaultDenyEgress: { optional: part },
  infrastructure: { optional: part },
  hostFirewall: { optional: part },
  tenants: { optional: listOf(part) },
};

/**
 * The policies of a platform team, on which the policies of application teams build.
 *
 * A chart of clusterwide policies: everything closed except DNS, what infrastructure may connect to, which peers may connect to nodes, and
 * tenants. Teams add namespaced policies in their own charts. Rules add up, and a deny rule of any team beats every allow rule.
 *
 * @example
 *
 * new ClusterBaseline(app, 'baseline', {
 *   defaultDenyEgress: { exceptReserved: true },
 *   infrastructure: { namespaceLabels: { role: 'infrastructure' } },
 *   hostFirewall: { ssh: true },
 *   tenants: [{ namespaceLabels: { 'tenant-id': '001' } }],
 * });
 */
export class ClusterBaseline extends Chart {
  /** The part that closes egress, if it was created. */
  public readonly defaultDenyEgress?: DefaultDenyEgress;
  /** The part for infrastructure, if it was created. */
  public readonly infrastructure?: InfraBaseline;
  /** The part for nodes, if it was created. */
  public readonly hostFirewall?: HostFirewall;
  /** The tenants, in the order given. */
  public readonly tenants: TenantIsolation[];

  /** The labels of the tenants, in any order of their keys. */
  private readonly seen = new Set<string>();

  public constructor(scope: Construct, id: string, props: ClusterBaselineProps) {
    // A caller without a compiler may pass null, which is reported below.
    super(scope, id, props ?? {});
    mustFit('ClusterBaseline', PROPS, props, { at: this, isDerived: new.target !== ClusterBaseline });
    const { defaultDenyEgress, infrastructure, hostFirewall, tenants = [] } = props;
    if (!defaultDenyEgress && !infrastructure && !hostFirewall && tenants.length === 0) {
      fail('the baseline has no parts', 'give defaultDenyEgress, infrastructure, hostFirewall or tenants', this);
    }
    this.defaultDenyEgress = defaultDenyEgress && new DefaultDenyEgress(this, 'DefaultDenyEgress', defaultDenyEgress);
    this.infrastructure = infrastructure && new InfraBaseline(this, 'Infrastructure', this.infraProps(infrastructure, defaultDenyEgress));
    this.hostFirewall = hostFirewall && new HostFirewall(this, 'HostFirewall', hostFirewall);
    this.tenants = tenants.map((tenant) => this.makeTenant(tenant));
  }

  /** What `defaultDenyEgress` leaves alone stays alone, even if it has the labels of infrastructure, and so does the resolver's namespace. */
  private infraProps(infrastructure: InfraBaselineProps, deny: DefaultDenyEgressProps | undefined): InfraBaselineProps {
    if (infrastructure.resolverUpstream !== undefined) {
      return infrastructure;
    }
    const resolvers = resolverOf(infrastructure.dns, this)._namespaces();
    const left = this.defaultDenyEgress?._exceptions ?? resolvers;
    if (isNamed(infrastructure.namespaceLabels, left)) {
      fail(
        `infrastructure names \`${infrastructure.namespaceLabels[NAMESPACE_NAME_KEY]}\`, which ${deny === undefined ? 'the resolver runs in' : 'defaultDenyEgress leaves alone'}`,
        'give infrastructure a resolverUpstream if the resolver runs there, or write a policy of its own for that namespace',
        this,
      );
    }
    const exceptNamespaces = [...new Set([...left, ...(infrastructure.exceptNamespaces ?? [])])];
    const { exceptNamespacesLabeled = deny?.exceptNamespacesLabeled } = infrastructure;
    return { ...infrastructure, exceptNamespaces, exceptNamespacesLabeled };
  }

  /** The id is derived from the tenant itself, so that adding a tenant does not rename another. */
  private makeTenant(tenant: TenantIsolationProps): TenantIsolation {
    const labels = Object.entries(tenant.namespaceLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const { namespace: inNamespace, name } = tenant.metadata ?? {};
    const id = ['Tenant', inNamespace, ...labels, name].filter((part) => part !== undefined).join('-');
    const same = [...labels].sort().join(' ');
    if (this.node.tryFindChild(id) !== undefined || (same !== '' && this.seen.has(same))) {
      fail(`tenant ${labels.join(', ') || shown(inNamespace)} is given twice`, 'give each tenant once', this);
    }
    this.seen.add(same);
    return new TenantIsolation(this, id, tenant);
  }
}

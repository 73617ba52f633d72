import { Chart, ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { fail, shown } from '../private/errors';
import { DefaultDenyEgress, DefaultDenyEgressProps } from './default-deny-egress';
import { HostFirewall, HostFirewallProps } from './host-firewall';
import { InfraBaseline, InfraBaselineProps } from './infra-baseline';
import { TenantIsolation, TenantIsolationProps } from './tenant-isolation';

/** Properties of ClusterBaseline: a part is made if it is given, `{}` for its defaults. */
export interface ClusterBaselineProps extends ChartProps {
  /**
   * Pods may connect to nobody but DNS.
   *
   * @default - not made
   */
  readonly defaultDenyEgress?: DefaultDenyEgressProps;
  /**
   * What pods of infrastructure may connect to.
   *
   * @default - not made
   */
  readonly infrastructure?: InfraBaselineProps;
  /**
   * Who may connect to nodes.
   *
   * @default - not made
   */
  readonly hostFirewall?: HostFirewallProps;
  /**
   * Tenants whose pods talk only to each other.
   *
   * @default - none
   */
  readonly tenants?: TenantIsolationProps[];
}

/**
 * What a platform team owns: the layer below the policies of application teams.
 *
 * A chart of clusterwide policies: everything closed but DNS, what infrastructure may do, who may reach nodes, and tenants. Teams add their
 * own namespaced policies, in charts of their own; rules add up, and a deny of any team beats every allow.
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
  /** The part that closes egress, if it was made. */
  public readonly defaultDenyEgress?: DefaultDenyEgress;
  /** The part for infrastructure, if it was made. */
  public readonly infrastructure?: InfraBaseline;
  /** The part for nodes, if it was made. */
  public readonly hostFirewall?: HostFirewall;
  /** The tenants, in the order given. */
  public readonly tenants: TenantIsolation[];

  public constructor(scope: Construct, id: string, props: ClusterBaselineProps) {
    super(scope, id, props);
    const { defaultDenyEgress, infrastructure, hostFirewall, tenants = [] } = props;
    if (!defaultDenyEgress && !infrastructure && !hostFirewall && tenants.length === 0) {
      fail('the baseline has no part', 'give defaultDenyEgress, infrastructure, hostFirewall or tenants', this);
    }
    this.defaultDenyEgress = defaultDenyEgress && new DefaultDenyEgress(this, 'DefaultDenyEgress', defaultDenyEgress);
    this.infrastructure = infrastructure && new InfraBaseline(this, 'Infrastructure', infrastructure);
    this.hostFirewall = hostFirewall && new HostFirewall(this, 'HostFirewall', hostFirewall);
    this.tenants = tenants.map((tenant) => this.makeTenant(tenant));
  }

  /** Told by what the tenant is, so that adding one renames no other. */
  private makeTenant(tenant: TenantIsolationProps): TenantIsolation {
    const labels = Object.entries(tenant.namespaceLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const { namespace: inNamespace, name } = tenant.metadata ?? {};
    const id = ['Tenant', inNamespace, ...labels, name].filter((part) => part !== undefined).join('-');
    if (this.node.tryFindChild(id) !== undefined) {
      fail(`tenant ${labels.join(', ') || shown(inNamespace)} is given twice`, 'give each tenant once', this);
    }
    return new TenantIsolation(this, id, tenant);
  }
}

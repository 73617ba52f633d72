import { Chart, ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { fail, shown } from '../private/errors';
import { DefaultDenyEgress, DefaultDenyEgressProps } from './default-deny-egress';
import { HostFirewall, HostFirewallProps } from './host-firewall';
import { InfraBaseline, InfraBaselineProps } from './infra-baseline';
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

  public constructor(scope: Construct, id: string, props: ClusterBaselineProps) {
    super(scope, id, props);
    const { defaultDenyEgress, infrastructure, hostFirewall, tenants = [] } = props;
    if (!defaultDenyEgress && !infrastructure && !hostFirewall && tenants.length === 0) {
      fail('the baseline has no parts', 'give defaultDenyEgress, infrastructure, hostFirewall or tenants', this);
    }
    this.defaultDenyEgress = defaultDenyEgress && new DefaultDenyEgress(this, 'DefaultDenyEgress', defaultDenyEgress);
    this.infrastructure = infrastructure && new InfraBaseline(this, 'Infrastructure', infrastructure);
    this.hostFirewall = hostFirewall && new HostFirewall(this, 'HostFirewall', hostFirewall);
    this.tenants = tenants.map((tenant) => this.makeTenant(tenant));
  }

  /** The id is derived from the tenant itself, so that adding a tenant does not rename another. */
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

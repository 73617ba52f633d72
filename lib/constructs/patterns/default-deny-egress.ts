import { Construct } from 'constructs';
import { fail, within } from '../../props/errors';
import { a, flag, listOf, mustFit, Shape, text } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { defaultDeny, everywhereBut, head, INTENT, isNamed, ONE_LABEL, resolverOf, watched } from './private/props';

/** Properties of DefaultDenyEgress. */
export interface DefaultDenyEgressProps extends IntentProps {
  /**
   * All namespaces whose pods are not affected. They must include the namespace of the resolver, which would not reach its own upstream
   * otherwise.
   *
   * @default - kube-system, and the namespace of the resolver
   */
  readonly exceptNamespaces?: string[];
  /**
   * More namespaces whose pods are not affected, in addition to `exceptNamespaces` or its default.
   *
   * @default - no more namespaces
   */
  readonly alsoExcept?: string[];
  /**
   * A label of more namespaces whose pods are not affected, with its value. Anyone who can label a namespace can then take it out of this policy.
   *
   * @default - no namespace is excepted by a label
   */
  readonly exceptNamespacesLabeled?: { [key: string]: string };
  /**
   * Whether endpoints without a namespace are excepted: Cilium's health checks, its Ingress and Gateway, endpoints that are starting.
   * Otherwise they lose their egress too.
   *
   * @default false
   */
  readonly exceptReserved?: boolean;
  /**
   * The resolver that pods query.
   *
   * @default - the resolver of the `Cluster`, or `DnsResolver.kubeDns()`
   */
  readonly dns?: DnsResolver;
}

const PROPS: Shape<DefaultDenyEgressProps> = {
  ...INTENT,
  exceptNamespaces: { optional: listOf(text) },
  alsoExcept: { optional: listOf(text) },
  exceptNamespacesLabeled: { optional: ONE_LABEL },
  exceptReserved: { optional: flag },
  dns: { optional: a(DnsResolver) },
};

/**
 * Closes egress of pods, except DNS, unless another policy allows more.
 *
 * One clusterwide policy for all namespaces except `exceptNamespaces`. DNS passes through Cilium's proxy, so that policies with names work.
 *
 * It does not restrict excepted namespaces or pods in a node's network, and does not affect incoming connections. Any policy of any team can
 * open egress again.
 *
 * @example
 *
 * const denied = new DefaultDenyEgress(chart, 'DefaultDeny', { exceptReserved: true });
 * denied.allowTo(Peer.kubeApiserver(), Port.tcp(6443));
 */
export class DefaultDenyEgress extends EgressIntent {
  /** The policy of this intent. */
  public readonly policy: CiliumClusterwideNetworkPolicy;

  /**
   * The namespaces that are left alone by name.
   *
   * @internal
   */
  public readonly _exceptions: string[];

  public constructor(scope: Construct, id: string, props: DefaultDenyEgressProps = {}) {
    super(scope, id);
    mustFit('DefaultDenyEgress', PROPS, props, { at: this, isDerived: new.target !== DefaultDenyEgress });
    const dns = resolverOf(props.dns, this);
    this._exceptions = this.exceptions(props, dns);
    const policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: within(this, () =>
        everywhereBut({
          names: this._exceptions,
          labels: props.exceptNamespacesLabeled,
          reserved: props.exceptReserved ?? false,
        }),
      ),
      defaultDenyEgress: defaultDeny(props),
    });
    this.policy = watched(policy, props);
    dns._open(this.policy);
  }

  /** The resolver's own namespace has to stay open, because the resolver asks others. */
  private exceptions(props: DefaultDenyEgressProps, dns: DnsResolver): string[] {
    const { exceptNamespaces, alsoExcept = [], exceptNamespacesLabeled } = props;
    const resolvers = dns._namespaces();
    const names = [...(exceptNamespaces ?? ['kube-system', ...resolvers]), ...alsoExcept];
    const closed = resolvers.find((one) => !names.includes(one) && !isNamed(exceptNamespacesLabeled, [one]));
    if (closed !== undefined) {
      fail(
        `exceptNamespaces leaves out \`${closed}\`, where the resolver could not reach its own upstream any more`,
        'add it, or leave exceptNamespaces out and give the others with alsoExcept',
        this,
      );
    }
    return [...new Set(names)];
  }
}

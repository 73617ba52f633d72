import { Construct } from 'constructs';
import { mustHaveItems, within } from '../../props/errors';
import { a, listOf, mustFit, Shape, text } from '../../props/shape';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Peer } from '../peer';
import { Selector } from '../selector';
import { EgressTraffic } from '../traffic';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { defaultDeny, head, INTENT, mustSayPorts, resolverOf, watched } from './private/props';

/** Properties of DomainAllowlist. */
export interface DomainAllowlistProps extends IntentProps {
  /** The pods that may reach the names. */
  readonly endpointSelector: Selector;
  /**
   * At least one name, or pattern with `*`.
   *
   * `*.example.com` matches names with exactly one label in front, `**.example.com` with one or more since Cilium 1.19 (one before).
   * Neither matches `example.com`.
   */
  readonly domains: string[];
  /**
   * The ports of the names.
   *
   * @default - every port and protocol
   */
  readonly ports?: EgressTraffic[];
  /**
   * The resolver that pods query.
   *
   * @default - the resolver of the `Cluster`, or `DnsResolver.kubeDns()`
   */
  readonly dns?: DnsResolver;
}

const PROPS: Shape<DomainAllowlistProps> = {
  ...INTENT,
  endpointSelector: a(Selector),
  domains: listOf(text),
  ports: { optional: listOf(a(EgressTraffic)) },
  dns: { optional: a(DnsResolver) },
};

/**
 * Allows pods to connect only to these names, unless another policy allows more.
 *
 * One namespaced policy, including the DNS rule without which names have no effect: Cilium learns the addresses of a name from the pods' own
 * look-ups through its proxy.
 *
 * It does not protect against other names on the same address (add `Port.tcp(443).serverNames()` for that), or against data in DNS
 * look-ups, because every name can be looked up. Names never match pods or nodes.
 *
 * @example
 *
 * new DomainAllowlist(chart, 'Payments', {
 *   endpointSelector: Selector.labels({ app: 'shop' }),
 *   domains: ['api.example.com', '*.cdn.example.com'],
 *   ports: [Port.tcp(443)],
 * });
 */
export class DomainAllowlist extends EgressIntent {
  /** The policy of this intent. */
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: DomainAllowlistProps) {
    super(scope, id);
    mustFit('DomainAllowlist', PROPS, props, { at: this, isDerived: new.target !== DomainAllowlist });
    mustHaveItems('list of domains', props.domains, 'an empty list would match every peer: give at least one name', this);
    mustSayPorts(props.ports, this);
    const policy = new CiliumNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: props.endpointSelector,
      defaultDenyEgress: defaultDeny(props),
    });
    this.policy = watched(policy, props);
    resolverOf(props.dns, this)._open(this.policy);
    this.allowTo(
      within(this, () => Peer.fqdns(...props.domains)),
      ...(props.ports ?? []),
    );
  }
}

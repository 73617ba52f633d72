import { Construct } from 'constructs';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Peer } from '../peer';
import { mustHaveItems, within } from '../private/errors';
import { mustSayPorts } from '../private/must-say-ports';
import { Selector } from '../selector';
import { EgressTraffic } from '../traffic';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';

/** Properties of DomainAllowlist. */
export interface DomainAllowlistProps extends IntentProps {
  /** The pods that may reach the names. */
  readonly endpointSelector: Selector;
  /**
   * Names, and patterns with `*`; at least one.
   *
   * `*.example.com` has exactly one label in front, `**.example.com` one or more since Cilium 1.19 (one before); neither includes
   * `example.com`.
   */
  readonly domains: string[];
  /**
   * On which ports.
   *
   * @default - every port and protocol
   */
  readonly ports?: EgressTraffic[];
  /**
   * Whom pods ask for names.
   *
   * @default DnsResolver.kubeDns()
   */
  readonly dns?: DnsResolver;
}

/**
 * Pods may reach these names, and nobody else unless another policy allows it.
 *
 * One namespaced policy with the DNS rule without which names mean nothing: Cilium learns a name's addresses from the pods' own look-ups
 * through its proxy.
 *
 * It does not protect against another name on the same address (add `Port.tcp(443).serverNames()` for that), nor against what can be said in
 * DNS look-ups, of which every name is allowed. Names never match pods or nodes.
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
  /** The policy that the intent made. */
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: DomainAllowlistProps) {
    super(scope, id);
    this.policy = new CiliumNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      endpointSelector: props.endpointSelector,
    });
    mustHaveItems('list of domains', props.domains, 'an empty list would match everybody: give at least one name', this);
    mustSayPorts(props.ports, this);
    (props.dns ?? DnsResolver.kubeDns())._open(this.policy);
    this.allowTo(
      within(this, () => Peer.fqdns(...props.domains)),
      ...(props.ports ?? []),
    );
  }

  /** @internal */
  protected override _policy(): CiliumNetworkPolicy {
    return this.policy;
  }
}

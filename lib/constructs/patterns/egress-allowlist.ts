import { Construct } from 'constructs';
import { mustHaveItems } from '../../props/errors';
import { a, listOf, mustFit, Shape } from '../../props/shape';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { EgressPeer } from '../peer';
import { Selector } from '../selector';
import { EgressTraffic } from '../traffic';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { defaultDeny, head, INTENT, mustSayPorts, resolverOf, watched } from './private/props';

/** Properties of EgressAllowlist. */
export interface EgressAllowlistProps extends IntentProps {
  /** The pods that may connect. */
  readonly endpointSelector: Selector;
  /** The destinations, at least one. */
  readonly peers: EgressPeer[];
  /**
   * The ports of the peers.
   *
   * @default - every port and protocol
   */
  readonly ports?: EgressTraffic[];
  /**
   * The resolver that pods query.
   *
   * @default - the resolver of the `Cluster`, or `DnsResolver.kubeDns()`, if a peer is a name, because names need DNS; otherwise DNS is not opened
   */
  readonly dns?: DnsResolver;
}

const PROPS: Shape<EgressAllowlistProps> = {
  ...INTENT,
  endpointSelector: a(Selector),
  peers: listOf(a(EgressPeer)),
  ports: { optional: listOf(a(EgressTraffic)) },
  dns: { optional: a(DnsResolver) },
};

/**
 * Allows pods to connect only to these peers, on these ports, unless another policy allows more.
 *
 * One namespaced policy. It closes DNS too, unless `dns`, a name among the peers, or another policy opens it.
 *
 * It does not affect incoming connections.
 *
 * @example
 *
 * new EgressAllowlist(chart, 'Backup', {
 *   endpointSelector: Selector.labels({ app: 'backup' }),
 *   peers: [Peer.cidrs('192.0.2.0/24')],
 *   ports: [Port.tcp(443)],
 * });
 */
export class EgressAllowlist extends EgressIntent {
  /** The policy of this intent. */
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: EgressAllowlistProps) {
    super(scope, id);
    mustFit('EgressAllowlist', PROPS, props, { at: this, isDerived: new.target !== EgressAllowlist });
    mustHaveItems('list of peers', props.peers, 'give at least one peer', this);
    mustSayPorts(props.ports, this);
    const policy = new CiliumNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: props.endpointSelector,
      defaultDenyEgress: defaultDeny(props),
    });
    this.policy = watched(policy, props);
    const hasNames = props.peers.some((peer) => peer._section.field === 'FQDNs');
    (hasNames ? resolverOf(props.dns, this) : props.dns)?._open(this.policy);
    props.peers.forEach((peer) => this.allowTo(peer, ...(props.ports ?? [])));
  }
}

import { Construct } from 'constructs';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { EgressPeer } from '../peer';
import { mustHaveItems } from '../private/errors';
import { Selector } from '../selector';
import { EgressTraffic } from '../traffic';
import { DnsResolver } from './dns-resolver';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { mustSayPorts } from './private/props';

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
   * @default - `DnsResolver.kubeDns()` if a peer is a name, because names need DNS; otherwise DNS is not opened
   */
  readonly dns?: DnsResolver;
}

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
    mustHaveItems('list of peers', props.peers, 'give at least one peer', this);
    mustSayPorts(props.ports, this);
    this.policy = new CiliumNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      endpointSelector: props.endpointSelector,
    });
    const hasNames = props.peers.some((peer) => peer instanceof EgressPeer && peer._section.field === 'FQDNs');
    (props.dns ?? (hasNames ? DnsResolver.kubeDns() : undefined))?._open(this.policy);
    props.peers.forEach((peer) => this.allowTo(peer, ...(props.ports ?? [])));
  }

  /** @internal */
  protected override _policy(): CiliumNetworkPolicy {
    return this.policy;
  }
}

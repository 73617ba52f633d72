import { Construct } from 'constructs';
import { a, flag, listOf, mustFit, Shape } from '../../props/shape';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { Icmp } from '../icmp';
import { Peer } from '../peer';
import { Port } from '../port';
import { Selector } from '../selector';
import { PlainTraffic } from '../traffic';
import { ControlPlane } from './control-plane';
import { IngressIntent } from './ingress-intent';
import { IntentProps } from './intent';
import { defaultDeny, head, INTENT, watched } from './private/props';

/** Properties of HostFirewall. */
export interface HostFirewallProps extends IntentProps {
  /**
   * Selects the nodes, by labels that Cilium makes part of their identity.
   *
   * @default - all nodes
   */
  readonly nodeSelector?: Selector;
  /**
   * Whether every peer may connect to SSH, 22/TCP.
   *
   * @default false
   */
  readonly ssh?: boolean;
  /**
   * Whether every peer may ping the nodes over IPv4. For IPv6, add `allowFrom(Peer.any(), Icmp.v6('EchoRequest'))`.
   *
   * @default false
   */
  readonly ping?: boolean;
  /**
   * The ports to open for a control plane, or for its clients, outside the cluster.
   *
   * @default - no ports are opened for a control plane
   */
  readonly controlPlane?: ControlPlane;
  /**
   * More ports that every peer may connect to.
   *
   * @default - no more ports
   */
  readonly ports?: PlainTraffic[];
}

const PROPS: Shape<HostFirewallProps> = {
  ...INTENT,
  nodeSelector: { optional: a(Selector) },
  ssh: { optional: flag },
  ping: { optional: flag },
  controlPlane: { optional: a(ControlPlane) },
  ports: { optional: listOf(a(PlainTraffic)) },
};

/**
 * Allows only the cluster itself, and the peers listed here, to connect to the nodes.
 *
 * One clusterwide policy for nodes. The ports that the cluster itself uses (kubelet, etcd, API server, health checks, tunnels) are open to the
 * `cluster` entity, which includes every node and pod of the cluster, and the API server's own endpoints. An external control plane that
 * connects from other addresses is locked out unless `controlPlane` allows it. Needs the agent's `enable-host-firewall`. Without it, Cilium
 * stores the policy and ignores it. Try it with `observe` first.
 *
 * It does not protect pods, except pods in a node's network, and does not protect nodes against pods and other nodes. Egress of nodes stays
 * open.
 *
 * @example
 *
 * new HostFirewall(chart, 'Nodes', { ssh: true, controlPlane: ControlPlane.worker(Peer.cidrs('198.51.100.0/28')) });
 */
export class HostFirewall extends IngressIntent {
  /** The policy of this intent. */
  public readonly policy: CiliumClusterwideNetworkPolicy;

  public constructor(scope: Construct, id: string, props: HostFirewallProps = {}) {
    super(scope, id);
    mustFit('HostFirewall', PROPS, props, { at: this, isDerived: new.target !== HostFirewall });
    const policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      ...head(props),
      nodeSelector: props.nodeSelector ?? Selector.all(),
      defaultDenyIngress: defaultDeny(props),
    });
    this.policy = watched(policy, props);
    this.allowFrom(Peer.cluster());
    if (props.ssh === true) {
      this.allowFrom(Peer.any(), Port.tcp(22));
    }
    if (props.ping === true) {
      this.allowFrom(Peer.any(), Icmp.echoRequest());
    }
    props.controlPlane?._open(this.policy);
    if (props.ports !== undefined && props.ports.length > 0) {
      this.allowFrom(Peer.any(), ...props.ports);
    }
  }
}

import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../cilium-clusterwide-network-policy';
import { Icmp } from '../icmp';
import { Peer } from '../peer';
import { Port } from '../port';
import { mustBeSwitch } from '../private/errors';
import { defaultDeny } from '../private/observe';
import { Selector } from '../selector';
import { PlainTraffic } from '../traffic';
import { ControlPlane } from './control-plane';
import { IngressIntent } from './ingress-intent';
import { ObservableIntentProps } from './intent';

/** Properties of HostFirewall. */
export interface HostFirewallProps extends ObservableIntentProps {
  /**
   * The nodes, by labels that Cilium makes part of their identity.
   *
   * @default - all nodes
   */
  readonly nodeSelector?: Selector;
  /**
   * Whether anybody may reach SSH, 22/TCP.
   *
   * @default false
   */
  readonly ssh?: boolean;
  /**
   * Whether anybody may ping the nodes over IPv4. For IPv6 add `allowFrom(Peer.any(), Icmp.v6('EchoRequest'))`.
   *
   * @default false
   */
  readonly ping?: boolean;
  /**
   * The doors that a control plane needs beyond those inside the cluster.
   *
   * @default - none
   */
  readonly controlPlane?: ControlPlane;
  /**
   * Further ports that anybody may reach.
   *
   * @default - none
   */
  readonly ports?: PlainTraffic[];
}

/**
 * Only the cluster itself, and what is said here, may connect to the nodes.
 *
 * One clusterwide policy on nodes. The doors inside the cluster (kubelet, etcd, API server, health checks, tunnels) are left to the `cluster`
 * entity, which every node and pod of the cluster belongs to, and the API server's own endpoints. A control plane elsewhere that calls from
 * other addresses is locked out unless `controlPlane` says so. Needs the agent's `enable-host-firewall`; without it the policy is stored and
 * ignored. Try it with `observe` first.
 *
 * It does not protect pods, other than those in a node's network, nor nodes against pods and other nodes; egress of nodes stays open.
 *
 * @example
 *
 * new HostFirewall(chart, 'Nodes', { ssh: true, controlPlane: ControlPlane.worker(Peer.cidrs('198.51.100.0/28')) });
 */
export class HostFirewall extends IngressIntent {
  /** The policy that the intent made. */
  public readonly policy: CiliumClusterwideNetworkPolicy;

  public constructor(scope: Construct, id: string, props: HostFirewallProps = {}) {
    super(scope, id);
    mustBeSwitch('observe', props.observe, this);
    mustBeSwitch('ssh', props.ssh, this);
    mustBeSwitch('ping', props.ping, this);
    this._observes = props.observe ?? false;
    this.policy = new CiliumClusterwideNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      nodeSelector: props.nodeSelector ?? Selector.all(),
      defaultDenyIngress: defaultDeny(props.observe),
    });
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

  /** @internal */
  protected override _policy(): CiliumClusterwideNetworkPolicy {
    return this.policy;
  }
}

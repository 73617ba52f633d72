import { Construct } from 'constructs';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Entity } from '../entity';
import { Peer } from '../peer';
import { fail, mustBeMember, shown } from '../private/errors';
import { mustSayPorts } from '../private/must-say-ports';
import { Selector } from '../selector';
import { Traffic } from '../traffic';
import { IngressIntent } from './ingress-intent';
import { IntentProps } from './intent';

/** How a service is reached from outside the cluster. */
export enum Exposure {
  /** Not at all. */
  NONE = 'none',
  /** Through a load balancer that sends straight to the pods: clients arrive as `world`. */
  LOAD_BALANCER = 'load-balancer',
  /** Through a port of every node: what another node forwards has its address, and arrives as `remote-node`. */
  NODE_PORT = 'node-port',
}

/** Properties of ServiceGuard. */
export interface ServiceGuardProps extends IntentProps {
  /** The pods behind the service. */
  readonly endpointSelector: Selector;
  /** Who may enter; may be empty if the service is exposed. */
  readonly clients: Peer[];
  /**
   * On which ports of the pods, or with which requests.
   *
   * @default - every port and protocol
   */
  readonly ports?: Traffic[];
  /**
   * How the service is reached from outside the cluster, on the same ports.
   *
   * @default Exposure.NONE
   */
  readonly exposure?: Exposure;
}

/**
 * Only these clients may connect to a service, on these ports or with these requests, unless another policy allows more.
 *
 * One namespaced policy. With `Exposure.NODE_PORT` every process of every other node may enter too, for Cilium cannot tell it from what that
 * node forwards; with `externalTrafficPolicy: Local` nothing is forwarded and `LOAD_BALANCER` is right. Behind Cilium's Ingress or Gateway
 * the client is `Peer.ingress()`, and no exposure is needed.
 *
 * It does not protect against processes of the pod's own node, which Cilium always lets in.
 *
 * @example
 *
 * new ServiceGuard(chart, 'Api', {
 *   endpointSelector: Selector.labels({ app: 'api' }),
 *   clients: [Peer.labels({ app: 'web' })],
 *   ports: [Port.tcp(8080).http(HttpRule.get('/v1/.*'))],
 * });
 */
export class ServiceGuard extends IngressIntent {
  /** The policy that the intent made. */
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: ServiceGuardProps) {
    super(scope, id);
    const exposure = props.exposure ?? Exposure.NONE;
    mustBeMember('exposure', exposure, Exposure, this);
    mustSayPorts(props.ports, this);
    if (!Array.isArray(props.clients)) {
      fail(`clients is ${shown(props.clients)}, not a list`, undefined, this);
    }
    if (props.clients.length === 0 && exposure === Exposure.NONE) {
      fail('nobody may enter', 'give clients, or an exposure', this);
    }
    this.policy = new CiliumNetworkPolicy(this, 'Policy', {
      metadata: props.metadata,
      description: props.description,
      endpointSelector: props.endpointSelector,
    });
    const ports = props.ports ?? [];
    props.clients.forEach((client) => this.allowFrom(client, ...ports));
    if (exposure !== Exposure.NONE) {
      const outside = exposure === Exposure.NODE_PORT ? [Entity.WORLD, Entity.REMOTE_NODE] : [Entity.WORLD];
      this.allowFrom(Peer.entities(...outside), ...ports);
    }
  }

  /** @internal */
  protected override _policy(): CiliumNetworkPolicy {
    return this.policy;
  }
}

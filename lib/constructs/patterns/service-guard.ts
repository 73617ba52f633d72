import { Construct } from 'constructs';
import { fail } from '../../props/errors';
import { a, listOf, memberOf, mustFit, Shape } from '../../props/shape';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Entity } from '../entity';
import { Peer } from '../peer';
import { Selector } from '../selector';
import { Traffic } from '../traffic';
import { IngressIntent } from './ingress-intent';
import { IntentProps } from './intent';
import { defaultDeny, head, INTENT, mustSayPorts, watched } from './private/props';

/** How a service is reached from outside the cluster. */
export enum Exposure {
  /** Not reached from outside. */
  NONE = 'none',
  /** Through a load balancer that sends directly to the pods: clients arrive as `world`. */
  LOAD_BALANCER = 'load-balancer',
  /** Through a port of every node: a connection that another node forwards has its address, and arrives as `remote-node`. */
  NODE_PORT = 'node-port',
}

/** Properties of ServiceGuard. */
export interface ServiceGuardProps extends IntentProps {
  /** The pods behind the service. */
  readonly endpointSelector: Selector;
  /** The peers that may connect; may be empty if the service is exposed. */
  readonly clients: Peer[];
  /**
   * The ports of the pods, or the requests.
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

const PROPS: Shape<ServiceGuardProps> = {
  ...INTENT,
  endpointSelector: a(Selector),
  clients: listOf(a(Peer)),
  ports: { optional: listOf(a(Traffic)) },
  exposure: { optional: memberOf(Exposure) },
};

/**
 * Allows only these clients to connect to a service, on these ports or with these requests, unless another policy allows more.
 *
 * One namespaced policy. With `Exposure.NODE_PORT`, every process on every other node may connect too, because Cilium cannot distinguish it
 * from connections that the node forwards. With `externalTrafficPolicy: Local` nothing is forwarded, and `LOAD_BALANCER` is the right choice.
 * Behind Cilium's Ingress or Gateway the client is `Peer.ingress()`, and no exposure is needed.
 *
 * It does not protect against processes on the pod's own node, which Cilium always allows.
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
  /** The policy of this intent. */
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: ServiceGuardProps) {
    super(scope, id);
    mustFit('ServiceGuard', PROPS, props, { at: this, isDerived: new.target !== ServiceGuard });
    const exposure = props.exposure ?? Exposure.NONE;
    mustSayPorts(props.ports, this);
    if (props.clients.length === 0 && exposure === Exposure.NONE) {
      fail('the service allows no clients', 'give clients, or an exposure', this);
    }
    const policy = new CiliumNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: props.endpointSelector,
      defaultDenyIngress: defaultDeny(props),
    });
    this.policy = watched(policy, props);
    const ports = props.ports ?? [];
    props.clients.forEach((client) => this.allowFrom(client, ...ports));
    if (exposure !== Exposure.NONE) {
      const outside = exposure === Exposure.NODE_PORT ? [Entity.WORLD, Entity.REMOTE_NODE] : [Entity.WORLD];
      this.allowFrom(Peer.entities(...outside), ...ports);
    }
  }
}

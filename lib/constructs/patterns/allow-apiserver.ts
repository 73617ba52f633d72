import { Construct } from 'constructs';
import { a, mustFit, Shape } from '../../props/shape';
import { CiliumNetworkPolicy } from '../cilium-network-policy';
import { Peer } from '../peer';
import { Selector } from '../selector';
import { EgressIntent } from './egress-intent';
import { IntentProps } from './intent';
import { APISERVER_PORTS, apiserverTraffic, defaultDeny, head, INTENT, watched } from './private/props';

/** Properties of AllowApiserver. */
export interface AllowApiserverProps extends IntentProps {
  /**
   * The pods that may call the API server.
   *
   * @default - every pod of the namespace
   */
  readonly endpointSelector?: Selector;
  /**
   * The TCP ports that the API server listens on, often 6443: the port of its endpoints, not of the Service `kubernetes`.
   *
   * @default - the ports of the `Cluster`; otherwise every port of the machines that run it, including 22 (SSH), 2379 (etcd) and 10250 (kubelet)
   */
  readonly apiserverPorts?: number[];
}

const PROPS: Shape<AllowApiserverProps> = {
  ...INTENT,
  endpointSelector: { optional: a(Selector) },
  apiserverPorts: { optional: APISERVER_PORTS },
};

/**
 * Allows pods to call the Kubernetes API server.
 *
 * One namespaced policy. On its own it allows *only* the API server: the first egress rule closes egress for its pods, including DNS, unless
 * another policy opens more. Pods that resolve `kubernetes.default` also need DNS.
 *
 * It does not decide what the API server permits: RBAC does. If the API server runs on nodes of the cluster, these nodes are its peers: give
 * `apiserverPorts` so that their other ports stay closed.
 *
 * @example
 *
 * new AllowApiserver(chart, 'Operator', { endpointSelector: Selector.labels({ app: 'operator' }), apiserverPorts: [6443] });
 */
export class AllowApiserver extends EgressIntent {
  /** The policy of this intent. */
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: AllowApiserverProps = {}) {
    super(scope, id);
    mustFit('AllowApiserver', PROPS, props, { at: this, isDerived: new.target !== AllowApiserver });
    const policy = new CiliumNetworkPolicy(this, 'Policy', {
      ...head(props),
      endpointSelector: props.endpointSelector ?? Selector.all(),
      defaultDenyEgress: defaultDeny(props),
    });
    this.policy = watched(policy, props);
    this.allowTo(Peer.kubeApiserver(), ...apiserverTraffic(props.apiserverPorts, this));
  }
}

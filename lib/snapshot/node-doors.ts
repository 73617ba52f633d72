/** What must reach nodes, and what nodes must reach, so that a cluster works. */
import { isOn } from '../model/config';
import type { Direction, Protocol } from '../model/policy';
import type { Agent } from '../resolve/agent';

/** What must stay open, on one of several ports. */
export interface Door {
  readonly what: string;
  readonly protocol: Protocol;
  readonly ports: readonly number[];
  /** The entity that stands for those who need it, or that it leads to. */
  readonly peer: 'kube-apiserver' | 'remote-node';
}

const KUBELET: Door = { what: 'the kubelet', peer: 'kube-apiserver', protocol: 'TCP', ports: [10_250] };
const API_SERVER: Door = { what: 'the API server', peer: 'kube-apiserver', protocol: 'TCP', ports: [6_443, 443] };
/** Between the nodes of a control plane. */
export const ETCD: Door = { what: 'etcd', peer: 'remote-node', protocol: 'TCP', ports: [2_379] };
export const ETCD_PEERS: Door = { ...ETCD, what: 'etcd, between its members', ports: [2_380] };

/** Source: Kubernetes, "Ports and Protocols"; Cilium, "System Requirements"; cilium `pkg/wireguard/types/types.go`. */
export function doorsOf(direction: Direction, { hasTunnel, config }: Pick<Agent, 'hasTunnel' | 'config'>): readonly Door[] {
  const health: Door = { what: 'health checks', peer: 'remote-node', protocol: 'TCP', ports: portsIn(config['cluster-health-port'], 4240) };
  const tunnelPorts = portsIn(config['tunnel-port'], ...(TUNNEL_PORTS.get(config['tunnel-protocol']) ?? [8472, 6081]));
  const tunnel: Door = { what: 'the tunnel', peer: 'remote-node', protocol: 'UDP', ports: tunnelPorts };
  const wireguard: Door = { what: 'WireGuard', peer: 'remote-node', protocol: 'UDP', ports: [51_871] };
  return [
    direction === 'ingress' ? KUBELET : API_SERVER,
    ...(isOn(config, 'enable-health-checking', true) ? [health] : []),
    ...(hasTunnel ? [tunnel] : []),
    ...(isOn(config, 'enable-wireguard', false) ? [wireguard] : []),
  ];
}

/** The default ports of its protocols. */
const TUNNEL_PORTS: ReadonlyMap<string, readonly number[]> = new Map([
  ['vxlan', [8472]],
  ['geneve', [6081]],
]);

/** A tunnel port of 0 is that of its protocol. Source: cilium `pkg/datapath/tunnel/tunnel.go`. */
function portsIn(written: string | undefined, ...defaults: readonly number[]): readonly number[] {
  const port = Number(written ?? 0);
  return port > 0 ? [port] : defaults;
}

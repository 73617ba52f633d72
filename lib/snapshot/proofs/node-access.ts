/** What a cluster needs of its nodes, as flows: an outage of the cluster itself is behind each of them. */
import type { Flow, WrittenEnd } from '../../model/flow';
import type { Inventory } from '../../model/inventory';
import { label } from '../../model/label';
import type { Selector } from '../../model/policy';
import type { NodeDemand } from '../../model/property';
import { groupedBy } from '../../net/grouped';
import type { Agent } from '../../resolve/agent';
import { selects } from '../../resolve/matching';
import { Door, doorsOf, ETCD, ETCD_PEERS } from '../node-doors';

/** A node that is listed, with what it is told apart by. */
export interface KnownNode {
  readonly name: string;
  /** Equal for nodes that policies do not tell apart. */
  readonly kind: number | undefined;
  readonly isAsked: boolean;
  readonly isControlPlane: boolean;
}

/** Flows that must pass: one for each port that it may be on. */
export interface Need {
  readonly what: string;
  readonly flows: readonly Flow[];
  /** What is missing where only some of them pass. */
  readonly missing: string;
}

/** More take minutes. */
export const MOST_NEEDS = 200_000;
/** Two nodes need at most these of each other: health checks, the tunnel, WireGuard and two ports of etcd. */
const NEEDS_OF_PAIR = 5;

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** The nodes that are listed; `kinds` has those that policies tell apart. */
export function nodesIn(
  { nodes }: Inventory,
  asked: Selector | undefined,
  agent: Agent,
  kinds: ReadonlyMap<string, number>,
): readonly KnownNode[] {
  return [...nodes.values()].map(({ name, labels }) => ({
    name,
    kind: kinds.get(name),
    isAsked:
      asked === undefined ||
      selects(
        asked,
        Object.entries(labels).map(([key, value]) => label('k8s', key, value)),
        agent,
      ),
    isControlPlane: Object.hasOwn(labels, CONTROL_PLANE),
  }));
}

/**
 * What must pass to and from the nodes that are asked about: between each two kinds of nodes, and for the ends that are given; `undefined` if that is
 * too much.
 */
export function needsOf(
  { apiserver }: NodeDemand,
  nodes: readonly KnownNode[],
  given: { readonly sshFrom: readonly WrittenEnd[]; readonly dns: readonly WrittenEnd[] },
  agent: Agent,
): readonly Need[] | undefined {
  const kinds = [...groupedBy(nodes, ({ kind, isAsked, isControlPlane: is }) => `${kind} ${isAsked} ${is}`).values()];
  const perKind = NEEDS_OF_PAIR * kinds.length + given.sshFrom.length + DNS.length * given.dns.length;
  if (kinds.length * perKind > MOST_NEEDS) {
    return undefined;
  }
  const asked = kinds.map(([node]) => node).filter(({ isAsked }) => isAsked);
  const between = kinds.flatMap((from) =>
    kinds.flatMap((to) => {
      const [a, b] = [from[0], to.find((one) => one !== from[0])];
      return b !== undefined && (a.isAsked || b.isAsked) ? [[a, b] as const] : [];
    }),
  );
  // Without another word, it is as in Cilium's chart.
  const config = { 'tunnel-protocol': 'vxlan', ...agent.config };
  const inward = doorsOf('ingress', { ...agent, config });
  const outward = doorsOf('egress', { ...agent, config });
  const isOfNodes = ({ peer }: Door) => peer === 'remote-node';
  const [kubelet] = inward.filter((door) => !isOfNodes(door));
  const [server] = outward
    .filter((door) => !isOfNodes(door))
    .map((door) => (apiserver === undefined ? door : { ...door, ports: [apiserver] }));
  return [
    ...asked.map(({ name }) => needOf(kubelet, API_SERVER_END, nodeEnd(name))),
    ...asked.map(({ name }) => needOf(server, nodeEnd(name), API_SERVER_END)),
    ...between.flatMap(([from, to]) => {
      const isEtcd = from.isControlPlane && to.isControlPlane;
      const doors = [...inward.filter(isOfNodes), ...(isEtcd ? [ETCD, ETCD_PEERS] : [])];
      return doors.map((door) => needOf(door, nodeEnd(from.name), nodeEnd(to.name)));
    }),
    ...asked.flatMap(({ name }) => [
      ...given.sshFrom.map((from) => needOf(SSH, from, nodeEnd(name))),
      ...given.dns.flatMap((to) => DNS.map((door) => needOf(door, nodeEnd(name), to))),
    ]),
  ];
}

const API_SERVER_END: WrittenEnd = { is: 'entity', name: 'kube-apiserver' };
const SSH = { what: 'SSH', protocol: 'TCP', ports: [22] } as const;
const DNS = (['UDP', 'TCP'] as const).map((protocol) => ({ what: 'DNS', protocol, ports: [53] }));

function nodeEnd(name: string): WrittenEnd {
  return { is: 'node', name };
}

function needOf({ what, protocol, ports }: Pick<Door, 'what' | 'protocol' | 'ports'>, from: WrittenEnd, to: WrittenEnd): Need {
  const missing = what === 'the API server' ? 'which port the API server has: give `apiserver`' : `which port ${what} has`;
  return { what, flows: ports.map((port): Flow => ({ from, to, protocol, port })), missing };
}

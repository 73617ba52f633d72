import { tiers } from '../../admission/example';
import type { AgentConfig } from '../../model/config';
import type { Address } from '../../net/address';
import { contains, parsePrefix, singleBlock } from '../../net/prefix';
import type { Agent } from '../../resolve/agent';
import type { Judged, SetCheck } from '../check';

const POD = `---
apiVersion: v1
kind: Pod
metadata:
  name: db
  namespace: shop
status:
  podIP: 10.0.1.7
`;

const example = (config: AgentConfig) => {
  const { yaml, ...more } = tiers(
    `
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    egress:
      - action: Deny
        to:
          - networks:
              - 10.0.0.0/16
  `,
    config,
  );
  return { ...more, yaml: yaml + POD };
};

export const check: SetCheck = {
  code: 'CIL501',
  name: 'networks-in-cluster',
  severity: 'warning',
  minors: ['1.20'],
  stage: 'inventory',
  summary: '`networks` that contain addresses of pods or nodes, which they do not match',
  why:
    'In Kubernetes, `networks` of a ClusterNetworkPolicy match every address in them. In Cilium, CIDRs match addresses outside of the cluster, and pods and ' +
    'nodes only with `policy-cidr-match-mode`. So a Deny of a network leaves the pods and nodes in it open, and an Accept does not open them. Networks ' +
    'of all addresses, such as `0.0.0.0/0`, are not reported.',
  source: 'cilium `pkg/policy/types/selector.go`; network-policy-api `apis/v1alpha2`, ClusterNetworkPolicyEgressPeer',
  bad: example({ 'enable-k8s-cluster-network-policy': 'true' }),
  good: example({ 'enable-k8s-cluster-network-policy': 'true', 'policy-cidr-match-mode': 'pods,nodes' }),
  inspect({ tiers: given, agent, judged }, report) {
    const found = given.length === 0 ? undefined : judged();
    const listed = found === undefined ? [] : unmatchedIn(found, agent);
    for (const { resource, written } of given) {
      const networks = written.rules.flatMap(({ peers }) => peers.flatMap((peer) => peer.networks ?? []));
      networks.forEach((network) => {
        const inside = firstIn(network.text, listed);
        if (inside !== undefined) {
          report(
            resource,
            {
              message: `\`${network.text}\` contains ${inside.is} \`${inside.name}\`, and does not match it`,
              help: `set \`policy-cidr-match-mode\` to ${inside.is === 'pod' ? '`pods`' : '`nodes`'} too, or name ${inside.is}s by labels`,
            },
            network.at,
          );
        }
      });
    }
  },
};

interface Listed {
  readonly is: 'pod' | 'node';
  readonly name: string;
  readonly address: Address;
}

/** The pods and nodes that no CIDR matches, in the order of their addresses. */
function unmatchedIn({ inventory }: Judged, { blocksMatchNodes, blocksMatchPods }: Agent): readonly Listed[] {
  const nodes = [...inventory.nodes.values()].flatMap(({ name, addresses }) =>
    addresses.map((address): Listed => ({ is: 'node', name, address })),
  );
  const pods = [...inventory.pods].flatMap(([name, { addresses, hostNetwork }]) =>
    hostNetwork ? [] : addresses.map((address): Listed => ({ is: 'pod', name, address })),
  );
  const unmatched = [...(blocksMatchNodes ? [] : nodes), ...(blocksMatchPods ? [] : pods)];
  return unmatched.sort(({ address: a }, { address: b }) => a.version - b.version || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
}

/** The first of those in order that is in a network, unless that is every address. */
function firstIn(network: string, listed: readonly Listed[]): Listed | undefined {
  const parsed = parsePrefix(network);
  if (!parsed.ok || parsed.value.length === 0) {
    return undefined;
  }
  const { version, first } = parsed.value;
  let [low, high] = [0, listed.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { address } = listed[middle];
    [low, high] = address.version < version || (address.version === version && address.value < first) ? [middle + 1, high] : [low, middle];
  }
  const found = listed.at(low);
  return found !== undefined && contains(parsed.value, singleBlock(found.address)) ? found : undefined;
}

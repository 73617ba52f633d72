import { tiers } from '../../admission/example';
import type { AgentConfig } from '../../model/config';
import { parsePrefix } from '../../net/prefix';
import type { SetCheck } from '../check';
import { ListedAddresses, unmatchedIn } from './cluster-addresses';

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
  why: 'In Kubernetes, `networks` of a ClusterNetworkPolicy match every address in them. In Cilium, CIDRs match addresses outside of the cluster, and pods and nodes only with `policy-cidr-match-mode`. So a Deny of a network leaves the pods and nodes in it open, and an Accept does not open them.',
  limits:
    'Pods and nodes that are not given, or have no address there, are not seen. Not reported: networks of all addresses, such as `0.0.0.0/0`.',
  source: 'cilium `pkg/policy/types/selector.go`; network-policy-api `apis/v1alpha2`, ClusterNetworkPolicyEgressPeer',
  bad: example({ 'enable-k8s-cluster-network-policy': 'true' }),
  good: example({ 'enable-k8s-cluster-network-policy': 'true', 'policy-cidr-match-mode': 'pods,nodes' }),
  inspect({ tiers: given, agent, judged }, report) {
    const found = given.length === 0 ? undefined : judged();
    const listed = new ListedAddresses(found === undefined ? [] : unmatchedIn(found.inventory, agent));
    for (const { resource, written } of given) {
      const networks = written.rules.flatMap(({ peers }) => peers.flatMap((peer) => peer.networks ?? []));
      networks.forEach((network) => {
        const parsed = parsePrefix(network.text);
        const inside = parsed.ok ? listed.firstIn(parsed.value) : undefined;
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

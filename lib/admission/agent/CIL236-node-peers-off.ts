import { isOn } from '../../model/config';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL236',
  name: 'node-peers-off',
  severity: 'error',
  stage: 'agent',
  summary: 'nodes as peers while `enable-node-selector-labels` is off',
  why:
    'The agent rejects the whole policy unless `enable-node-selector-labels` is true. The default is false. The entities `host` and ' +
    '`remote-node` do not need this setting. In a ClusterNetworkPolicy, such peers are in `nodes`.',
  source:
    'cilium `pkg/policy/api/rule_validation.go`, ErrFromToNodesRequiresNodeSelectorOption; `pkg/k8s/cluster_network_policy.go`, ' +
    'ParseClusterNetworkPolicy',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - fromNodes:
          - matchLabels:
              node-role.kubernetes.io/control-plane: ""
  `),
  good: cnp(
    `
    endpointSelector: {}
    ingress:
      - fromNodes:
          - matchLabels:
              node-role.kubernetes.io/control-plane: ""
  `,
    { 'enable-node-selector-labels': 'true' },
  ),
  visit: {
    rule({ peers }, { config, report }) {
      const nodes = peers.find(({ field }) => field.endsWith('Nodes'));
      if (nodes !== undefined && !isOn(config, 'enable-node-selector-labels', false)) {
        const message = `\`${nodes.field}\` needs \`enable-node-selector-labels\`, which is off`;
        report({ message, help: 'set `enable-node-selector-labels` to true in cilium-config, or write entities' }, nodes.at);
      }
    },
    tierNodes({ at }, { config, report }) {
      if (!isOn(config, 'enable-node-selector-labels', false)) {
        const message = '`nodes` needs `enable-node-selector-labels`, which is off, so the agent rejects the whole policy';
        report({ message, help: 'set `enable-node-selector-labels` to true in cilium-config', onKey: true }, at, 'nodes');
      }
    },
  },
};

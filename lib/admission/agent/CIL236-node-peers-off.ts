import { isOn } from '../../model/config';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL236',
  name: 'node-peers-off',
  severity: 'error',
  stage: 'agent',
  summary: 'nodes as peers while their labels are off',
  why:
    'The agent refuses the whole policy unless `enable-node-selector-labels` is true, and it is false by default. The entities `host` and `remote-node` ' +
    'need no switch.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, ErrFromToNodesRequiresNodeSelectorOption',
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
    element({ peers }, { config, report }) {
      const nodes = peers.find(({ field }) => field.endsWith('Nodes'));
      if (nodes !== undefined && !isOn(config, 'enable-node-selector-labels', false)) {
        const message = `\`${nodes.field}\` needs the labels of nodes, which are off`;
        report({ message, help: 'set `enable-node-selector-labels` to true in cilium-config, or name entities' }, nodes.at);
      }
    },
  },
};

import { isSince } from '../../crd/minor';
import { closest } from '../../net/did-you-mean';
import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';

export const check: AgentCheck = {
  code: 'CIL208',
  name: 'unknown-entity',
  severity: 'error',
  stage: 'agent',
  summary: 'an unknown entity',
  why:
    'The agent rejects the whole policy. The API server already rejects such a policy (CIL104), unless the agent reads the policy from a file ' +
    'on the node.',
  source: 'cilium `pkg/policy/api/entity.go`, EntitySelectorMapping',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - fromEntities:
          - wrold
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - fromEntities:
          - world
  `),
  visit: {
    entity({ text, at }, { minor, report }) {
      const known = isSince(minor, '1.20') ? ENTITIES_SINCE_20 : ENTITIES;
      if (known.includes(text)) {
        return;
      }
      const guess = closest(text, known);
      const fix = guess === undefined ? undefined : writeValue(guess, 'unsafe');
      const help = guess === undefined ? `write one of ${known.map((entity) => `\`${entity}\``).join(', ')}` : `did you mean \`${guess}\`?`;
      report({ message: `unknown entity \`${text}\``, help, fix }, at);
    },
  },
};

const ENTITIES = [
  'all',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'host',
  'remote-node',
  'init',
  'ingress',
  'unmanaged',
  'health',
  'none',
  'kube-apiserver',
];

const ENTITIES_SINCE_20 = [...ENTITIES, 'cluster-mesh'];

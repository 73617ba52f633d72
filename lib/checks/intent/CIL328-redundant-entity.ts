import { cnp } from '../../admission/example';
import type { TextPart } from '../../model/written';
import type { IntentCheck } from '../check';

export const check: IntentCheck = {
  code: 'CIL328',
  name: 'redundant-entity',
  severity: 'info',
  stage: 'intent',
  summary: 'an entity that another one of the same list includes',
  why: '`all` is everybody. `cluster` is every pod of the cluster, `host`, `remote-node`, `kube-apiserver`, `health`, `ingress`, `init` and `unmanaged`. What one entity of a list includes may as well be left out, and a longer list only looks narrower than it is.',
  source: 'cilium `pkg/policy/api/entity.go`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - cluster
          - kube-apiserver
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - cluster
  `),
  inspect({ specs }, { report }) {
    for (const { entities = [] } of specs.flatMap(({ rules }) => rules)) {
      const wide = ['all', 'cluster-mesh', 'cluster'].find((name) => entities.some(({ text }) => text === name));
      const found = wide === undefined ? undefined : entities.find((entity) => isIncluded(entity, wide));
      if (found !== undefined) {
        report(
          { message: `entity \`${wide!}\` includes \`${found.text}\``, help: `write \`${wide!}\` alone, or leave it out if less is meant` },
          found.at,
        );
      }
    }
  },
};

function isIncluded({ text }: TextPart, wide: string): boolean {
  return text !== wide && (wide === 'all' || IN_CLUSTER.includes(text) || (wide === 'cluster-mesh' && text === 'cluster'));
}

const IN_CLUSTER = ['host', 'remote-node', 'kube-apiserver', 'health', 'ingress', 'init', 'unmanaged'];

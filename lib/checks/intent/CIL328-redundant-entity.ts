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
  limits: 'The entities of one list are compared. What another rule or another policy allows is compared by CIL413.',
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
      const found = wide === undefined ? [] : entities.filter((entity) => isIncluded(entity, wide));
      if (wide !== undefined && found.length > 0) {
        const names = listed([...new Set(found.map(({ text }) => text))]);
        report(
          { message: `entity \`${wide}\` includes ${names}`, help: `leave ${names} out, or \`${wide}\` if less is meant` },
          found[0].at,
        );
      }
    }
  },
};

/** For example `` `a`, `b` and `c` ``. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(', '), quoted[quoted.length - 1]].filter((part) => part !== '').join(' and ');
}

function isIncluded({ text }: TextPart, wide: string): boolean {
  return text !== wide && (wide === 'all' || IN_CLUSTER.includes(text) || (wide === 'cluster-mesh' && text === 'cluster'));
}

const IN_CLUSTER = ['host', 'remote-node', 'kube-apiserver', 'health', 'ingress', 'init', 'unmanaged'];

import { ccnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Rule } from '../../model/policy';
import { WORLD_KEYS } from '../../resolve/labels';
import type { SubjectRules } from '../../resolve/subjects';
import type { Judged, SetCheck } from '../check';

const spec = (entities: string): string => `
    endpointSelector: {}
    ingress:
      - fromEntities: ${entities}
  `;

export const check: SetCheck = {
  code: 'CIL418',
  name: 'world-closes-cluster',
  severity: 'warning',
  stage: 'set',
  summary: 'a rule that lets the world in to every pod, and so closes the cluster out',
  why:
    'The first ingress rule of a pod closes its ingress for all others. A rule of every pod for `world` alone opens the pods for clients outside, and closes them for each other, ' +
    'for other nodes, for the health checks of Cilium and for its Ingress and Gateway, which the entity `cluster` covers. It is reported only if no given policy allows ' +
    'other peers into any pod.',
  source: 'Cilium documentation, "Ingress Default Deny" and "Entities Based"',
  bad: ccnp(spec('[world]')),
  good: ccnp(spec('[world, cluster]')),
  inspect({ isWhole, judged }, report) {
    const found = isWhole ? judged() : undefined;
    const first = found === undefined ? undefined : closingIn(found);
    if (first !== undefined) {
      report(
        first.policy.resource,
        {
          message: 'every pod lets the world in, and nobody of the cluster',
          help: 'add the entity `cluster`, or select the pods that are meant',
        },
        undefined,
        ...first.rule.path,
      );
    }
  },
};

/** The rule for the world, if every pod has one, and no pod another one. */
function closingIn({ subjects, vague }: Judged): OwnedRule | undefined {
  const isIngress = ({ direction, effect, peers }: Rule) => direction === 'ingress' && effect === 'allow' && peers.is !== 'none';
  const rules = subjects.all.flatMap((one) => one.rules).filter(({ rule }) => isIngress(rule));
  const isOnlyWorld = rules.length > 0 && rules.every(({ rule }) => isOfWorld(rule));
  if (!isOnlyWorld || vague.some((policy) => policy.rules.some(isIngress))) {
    return undefined;
  }
  return subjects.all
    .filter(isEverything)
    .flatMap((one) => one.rules)
    .find(({ rule }) => isIngress(rule) && rule.defaultDeny);
}

/** Whether a subject is every endpoint of the cluster, but for namespaces that it leaves out. */
function isEverything({ subject, facts }: SubjectRules): boolean {
  return subject.is === 'endpoints' && [...facts.values()].every(({ isExcept }) => isExcept);
}

function isOfWorld({ peers }: Rule): boolean {
  return (
    peers.is === 'selectors' &&
    peers.selectors.every(
      (selector) =>
        selector.is === 'block' ||
        selector.is === 'group' ||
        (selector.is === 'labels' &&
          selector.requirements.length > 0 &&
          selector.requirements.every(({ key }) => [...WORLD_KEYS, 'aggregate-world'].includes(key))),
    )
  );
}

import { ccnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Rule, Selector } from '../../model/policy';
import type { Agent } from '../../resolve/agent';
import { WORLD_KEYS } from '../../resolve/labels';
import { isEveryEndpoint } from '../../resolve/subjects';
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
  why: 'The first ingress rule of a pod closes its ingress for all others. A rule of every pod for `world` alone opens the pods for clients outside, and closes them for each other, for other nodes, for the health checks of Cilium and for its Ingress and Gateway, which the entity `cluster` covers.',
  limits:
    'Reported once, and only if no given policy allows other peers into any pod; policies that are not given are not seen. Not reported if `policy-cidr-match-mode` lets CIDRs match pods or nodes.',
  source: 'Cilium documentation, "Ingress Default Deny" and "Entities Based"',
  bad: ccnp(spec('[world]')),
  good: ccnp(spec('[world, cluster]')),
  inspect({ isWhole, agent, judged }, report) {
    const found = isWhole ? judged() : undefined;
    const first = found === undefined ? undefined : closingIn(found, agent);
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
function closingIn({ subjects, vague }: Judged, { blocksMatchNodes, blocksMatchPods }: Agent): OwnedRule | undefined {
  const isIngress = ({ direction, effect, peers }: Rule) => direction === 'ingress' && effect === 'allow' && peers.is !== 'none';
  const rules = subjects.all.flatMap((one) => one.rules).filter(({ rule }) => isIngress(rule));
  const isOnlyWorld = !blocksMatchNodes && !blocksMatchPods && rules.length > 0 && rules.every(({ rule }) => isOfWorld(rule));
  if (!isOnlyWorld || vague.some((policy) => policy.rules.some(isIngress))) {
    return undefined;
  }
  const ofAll = subjects.all.filter(isEveryEndpoint).flatMap((one) => one.rules);
  return ofAll.find(({ rule }) => isIngress(rule) && rule.defaultDeny && hasWorld(rule));
}

function isOfWorld({ peers }: Rule): boolean {
  return (
    peers.is === 'selectors' && peers.selectors.every((selector) => selector.is === 'block' || selector.is === 'group' || isWorld(selector))
  );
}

/** Whether it is for the whole world, and not only for some addresses of it. */
function hasWorld({ peers }: Rule): boolean {
  return (
    peers.is === 'selectors' &&
    peers.selectors.some((selector) => (selector.is === 'block' ? selector.block.length === 0 : isWorld(selector)))
  );
}

function isWorld(selector: Selector): boolean {
  const keys = [...WORLD_KEYS, 'aggregate-world'];
  return selector.is === 'labels' && selector.requirements.length > 0 && selector.requirements.every(({ key }) => keys.includes(key));
}

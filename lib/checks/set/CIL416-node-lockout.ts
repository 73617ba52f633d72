import { ccnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Direction, LabelSelector, Protocol, Traffic } from '../../model/policy';
import type { Agent } from '../../resolve/agent';
import { selectorOfEntity } from '../../resolve/rules/entities';
import { Overlaps, SubjectRules } from '../../resolve/subjects';
import type { Given, Judged, SetCheck } from '../check';
import { coverageOf } from './plain';

const spec = (entities: string): string => `
    nodeSelector: {}
    ingress:
      - fromEntities: ${entities}
      - toPorts:
          - ports:
              - port: "22"
                protocol: TCP
  `;

export const check: SetCheck = {
  code: 'CIL416',
  name: 'node-lockout',
  severity: 'warning',
  stage: 'set',
  summary: 'a policy for nodes that closes what the cluster itself needs of them',
  why:
    'A rule for nodes puts its direction into default deny, for the kubelet, the health checks and the tunnel as well. Ingress must stay open for the kubelet (10250/TCP, for ' +
    'the API server), for the health checks of other nodes (4240/TCP) and, unless routing is native, for the tunnel (8472/UDP); egress must ' +
    'stay open to the API server (6443/TCP), and for nodes the same health checks and tunnel. The entity `cluster` covers all of them. ' +
    'Not known here: other ports of these programs, and a control plane outside of the cluster. With `policy-audit-mode` on the nodes a policy can be tried first.',
  source:
    'Cilium documentation, "Host Policies"; Kubernetes documentation, "Ports and Protocols"; cilium pull request 12289 and issue 17505',
  bad: ccnp(spec('[health]')),
  good: ccnp(spec('[cluster]')),
  inspect(given, report) {
    const judged = given.isWhole ? given.judged() : undefined;
    for (const { owned, doors } of judged === undefined ? [] : lockoutsIn(judged, given)) {
      const { direction } = owned.rule;
      report(
        owned.policy.resource,
        {
          message: `${direction} of the nodes is closed for ${listed(doors.map((door) => textOf(door, direction)))}`,
          help: `allow the entity \`cluster\`, or these ports`,
        },
        undefined,
        ...owned.rule.path.slice(0, -1),
      );
    }
  },
};

/** What must stay open. */
interface Door {
  readonly what: string;
  readonly peer: 'kube-apiserver' | 'remote-node';
  readonly protocol: Protocol;
  readonly port: number;
}

const HEALTH: Door = { what: 'health checks', peer: 'remote-node', protocol: 'TCP', port: 4240 };
const TUNNEL: Door = { what: 'the tunnel', peer: 'remote-node', protocol: 'UDP', port: 8472 };

function doorsOf(direction: Direction, { hasTunnel }: Agent): readonly Door[] {
  const [what, port] = direction === 'ingress' ? ['the kubelet', 10_250] : ['the API server', 6_443];
  return [{ what, peer: 'kube-apiserver', protocol: 'TCP', port }, HEALTH, ...(hasTunnel ? [TUNNEL] : [])];
}

interface Lockout {
  /** The first rule that closes the direction. */
  readonly owned: OwnedRule;
  readonly doors: readonly Door[];
}

function lockoutsIn(judged: Judged, given: Given): readonly Lockout[] {
  const { subjects, vague } = judged;
  if (vague.some(({ rules }) => rules.some(({ subject }) => subject.is === 'nodes'))) {
    return [];
  }
  const ofNodes = subjects.all.filter(({ subject }) => subject.is === 'nodes');
  const overlaps = new Overlaps(ofNodes);
  return ofNodes.flatMap((one) =>
    (['ingress', 'egress'] as const).flatMap((direction): Lockout[] => {
      const owned = one.rules.find(({ rule }) => rule.direction === direction && rule.defaultDeny);
      const doors = owned === undefined ? [] : closedIn(one, direction, overlaps, judged, given);
      return doors.length === 0 ? [] : [{ owned: owned!, doors }];
    }),
  );
}

/** The doors that no rule of the nodes, and none that may be about some of them, opens. */
function closedIn(one: SubjectRules, direction: Direction, overlaps: Overlaps, judged: Judged, given: Given): readonly Door[] {
  const rules = [...overlaps.of(one)].flatMap((other) => other.rules);
  const coverage = coverageOf(
    rules.filter(({ rule }) => rule.direction === direction && rule.effect === 'allow'),
    judged,
    given,
  );
  return doorsOf(direction, given.agent).filter(({ peer, protocol, port }) => {
    const traffic: Traffic = { protocol, port: { is: 'number', number: port, end: 0 } };
    return coverage.of(entity(peer, given.agent), [traffic]).next().done === true;
  });
}

function entity(name: string, { minor }: Agent): LabelSelector {
  return selectorOfEntity(name, minor);
}

function textOf({ what, peer, protocol, port }: Door, direction: Direction): string {
  return `${what} (${port}/${protocol} ${direction === 'ingress' ? 'from' : 'to'} \`${peer}\`)`;
}

function listed(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0] : `${texts.slice(0, -1).join(', ')} and ${texts[texts.length - 1]}`;
}

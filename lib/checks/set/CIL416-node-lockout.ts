import { ccnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import { pathTo } from '../../model/path';
import type { Direction, Rule, Selector } from '../../model/policy';
import { CLUSTER_KEY } from '../../net/label-keys';
import type { Agent } from '../../resolve/agent';
import { selectorsOf } from '../../resolve/coverage';
import { coversTraffic } from '../../resolve/covered-traffic';
import { WORLD_KEYS } from '../../resolve/labels';
import { Overlaps } from '../../resolve/overlaps';
import type { SubjectRules } from '../../resolve/subjects';
import { Door, doorsOf } from '../../snapshot/node-doors';
import type { Given, Judged, SetCheck } from '../check';
import { ruleName } from './rule-name';

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
  why: 'A rule for nodes puts its direction into default deny, for the kubelet, the health checks and the tunnel as well. Ingress must stay open for the kubelet (10250/TCP, for the API server), for the health checks of other nodes (4240/TCP) and, unless routing is native, for the tunnel (8472/UDP), and for WireGuard (51871/UDP) where it is on; egress must stay open to the API server (6443/TCP), and for nodes the same health checks and tunnel. The entity `cluster` covers all of them. With `policy-audit-mode` on the nodes a policy can be tried first.',
  limits:
    'Other ports of these programs are not known, nor which peers need them: a rule for some nodes, or for addresses that may be those of the control plane, counts as open. Nothing is reported while a part of the input cannot be read, or while a policy for nodes has values that are filled in later.',
  source:
    'Cilium documentation, "Host Policies"; Kubernetes documentation, "Ports and Protocols"; cilium pull request 12289 and issue 17505',
  bad: ccnp(spec('[health]')),
  good: ccnp(spec('[cluster]')),
  inspect(given, report) {
    const judged = given.isWhole ? given.judged() : undefined;
    for (const { owned, doors, denying, isDenyOnly } of judged === undefined ? [] : lockoutsIn(judged, given)) {
      const { direction } = owned.rule;
      report(
        owned.policy.resource,
        {
          message: `${direction} of the nodes is closed for ${listed(doors.map((door) => textOf(door, direction)))}`,
          help: helpFor(owned, denying, isDenyOnly),
        },
        undefined,
        ...owned.rule.path.slice(0, -1),
      );
    }
  },
};

function helpFor(owned: OwnedRule, denying: OwnedRule | undefined, isDenyOnly: boolean): string {
  if (denying !== undefined) {
    return `narrow ${ruleName(denying, owned)}: a deny rule beats every allow rule`;
  }
  const isOpened = isDenyOnly ? `set \`enableDefaultDeny.${owned.rule.direction}\` to \`false\`, or ` : '';
  return `${isOpened}allow the entity \`cluster\`, or these ports`;
}

interface Lockout {
  /** The first rule that closes the direction. */
  readonly owned: OwnedRule;
  readonly doors: readonly Door[];
  /** A rule that denies a door, so that no allow rule opens it. */
  readonly denying: OwnedRule | undefined;
  /** Whether no rule of the subject allows anything. */
  readonly isDenyOnly: boolean;
}

function lockoutsIn(judged: Judged, given: Given): readonly Lockout[] {
  const { subjects, vague } = judged;
  const isOff = Object.hasOwn(given.agent.config, 'enable-host-firewall') && !given.agent.hasHostFirewall;
  if (isOff || vague.some(({ rules }) => rules.some(({ subject }) => subject.is === 'nodes'))) {
    return [];
  }
  const ofNodes = subjects.all.filter(({ subject }) => subject.is === 'nodes');
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const doors = doorsOf(direction, given.agent).map((door) => ({ door, opening: openingOf(door, direction, ofNodes, given.agent) }));
    return ofNodes.flatMap((one): Lockout[] => {
      const owned = one.rules.find(({ rule }) => rule.direction === direction && rule.defaultDeny);
      const closed = owned === undefined ? [] : doors.filter(({ opening }) => !opening.has(one)).map(({ door }) => door);
      if (closed.length === 0) {
        return [];
      }
      const own = one.rules.filter(({ rule }) => rule.direction === direction);
      const denyRules = own.filter(({ rule }) => rule.effect === 'deny');
      const denying = denyRules.find(({ rule }) => closed.some((door) => denies(rule, door, given.agent)));
      return [{ owned: owned!, doors: closed, denying, isDenyOnly: denyRules.length === own.length }];
    });
  });
}

/** The subjects with a rule that opens a door. */
function openingOf(door: Door, direction: Direction, ofNodes: readonly SubjectRules[], agent: Agent): Overlaps {
  const isOpening = ({ rule }: OwnedRule) => rule.direction === direction && rule.effect === 'allow' && opens(rule, door, agent);
  return new Overlaps(ofNodes.filter(({ rules }) => rules.some(isOpening)));
}

/** Whether a rule opens a door for some of those who need it. Which of them there are is not known. */
function opens(rule: Rule, { protocol, ports, peer }: Door, agent: Agent): boolean {
  // Who they are is not known here.
  const mayBeOpen = rule.peers.is === 'services' || rule.peers.is === 'groups';
  const isForPort = ports.some((number) => coversTraffic(rule.traffic, [{ protocol, port: { is: 'number', number, end: 0 } }]));
  return isForPort && (mayBeOpen || selectorsOf(rule, agent).some((selector) => mayBeMachine(selector, peer, agent)));
}

/** Whether a deny rule surely closes a door for some of those who need it. */
function denies(rule: Rule, { protocol, ports: [number], peer }: Door, agent: Agent): boolean {
  const machines = ['remote-node', peer, CLUSTER_KEY];
  return (
    coversTraffic(rule.traffic, [{ protocol, port: { is: 'number', number, end: 0 } }]) &&
    selectorsOf(rule, agent).some((one) => one.is === 'labels' && one.requirements.every(({ key }) => machines.includes(key)))
  );
}

/** A control plane may be outside of the cluster. Other nodes are not, and CIDRs match them only if the configuration says so. */
function mayBeMachine(selector: Selector, peer: Door['peer'], { blocksMatchNodes }: Agent): boolean {
  const isOutside = peer === 'kube-apiserver' || blocksMatchNodes;
  if (selector.is !== 'labels') {
    return isOutside;
  }
  const machines = ['remote-node', peer, CLUSTER_KEY, ...(isOutside ? WORLD_KEYS : [])];
  const isOfNodes = pathTo(selector.at).some((step) => step === 'fromNodes' || step === 'toNodes');
  return isOfNodes || selector.requirements.every(({ key }) => machines.includes(key));
}

function textOf({ what, peer, protocol, ports: [port] }: Door, direction: Direction): string {
  return `${what} (${port}/${protocol} ${direction === 'ingress' ? 'from' : 'to'} \`${peer}\`)`;
}

function listed(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0] : `${texts.slice(0, -1).join(', ')} and ${texts[texts.length - 1]}`;
}

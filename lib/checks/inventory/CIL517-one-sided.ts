import { cnp, shownAs } from '../../admission/example';
import type { WrittenEnd } from '../../model/flow';
import { pathTo } from '../../model/path';
import { Direction, LabelSelector, Policy, PROTOCOLS, Rule, Traffic } from '../../model/policy';
import { MAX_PORT } from '../../net/port';
import { Code, DEFAULT_DENY, DENY_RULE } from '../../reach/code';
import type { Span } from '../../reach/table';
import { isPlaced } from '../../read/placeholders';
import type { Entry } from '../../resolve/entries';
import type { Given, Judged, SetCheck } from '../check';
import { ruleName } from '../set/rule-name';
import { asksForPods } from './asked';
import { leftOutPods, mayBeOpened, mayBeOpenedElsewhere } from './certainty';
import { KnownCluster, KnownPod } from './known-cluster';
import { nameOf } from './selects-nobody';
import { isVagueAt } from './written-at';

const PODS = ['web', 'db']
  .map(
    (name) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
`,
  )
  .join('');

const WEB = cnp(`
    endpointSelector:
      matchLabels:
        app: web
    egress:
      - toEndpoints:
          - matchLabels:
              app: db
        toPorts:
          - ports:
              - port: "5432"
                protocol: TCP
  `);

const db = (client: string) => `---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  endpointSelector:
    matchLabels:
      app: db
  ingress:
    - fromEndpoints: [{ matchLabels: { app: ${client} } }]
`;

const example = (client: string) => ({ yaml: WEB.yaml + db(client) + PODS });

export const check: SetCheck = {
  code: 'CIL517',
  name: 'one-sided',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a connection that the policies of one end allow, and those of the other end refuse',
  why: 'Both ends of a connection are asked: egress of the source and ingress of the destination. A rule that names the pods of the other end is meant to open a connection, and if no given pod of it lets one in, or is let out, on any of the ports of the rule, the rule opens nothing.',
  limits:
    'Only informative among manifests, because another repository may have the other half, and where the namespace of a policy is not known. Only what a default deny closes is reported: what is denied by a rule is meant. Silent if one of the pods accepts one of the ports, if values of a policy are filled in later, for rules with port names, for peers that are asked for no label, and for more than 400 pairs of kinds of pods.',
  source: 'Cilium documentation, "Network Policy": both directions are enforced independently',
  bad: example('api'),
  good: shownAs(WEB, example('web')),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    const judged = cluster && given.judged();
    const unsure = judged && (['ingress', 'egress'] as const).filter((direction) => mayBeOpened(judged, direction));
    if (judged === undefined || unsure!.length === 2) {
      return;
    }
    const halves = new Halves(cluster!, judged, given);
    for (const policy of cluster!.placed.filter(({ resource }) => !judged.isLeftOut(resource) && isPlaced(resource))) {
      for (const { selector, direction, refusing, by } of policy.rules.flatMap((rule) => halves.missing(rule, policy))) {
        const isSure = cluster!.isListed && judged.partOf(policy) === '' && !mayBeOpenedElsewhere(judged, opposite(direction));
        const [what, where] = direction === 'egress' ? ['lets these pods in', 'ingress'] : ['lets these pods out', 'egress'];
        report(
          policy.resource,
          {
            message: `no rule ${what} on any port of this rule, and ${by} closes the ${where} of the other pods, for example of ${nameOf(refusing)}`,
            help: `allow the connection in the ${where} of the other pods too`,
            ...(!isSure && { severity: 'info' as const }),
          },
          selector.at,
        );
      }
    }
  },
};

interface Refused {
  readonly selector: LabelSelector;
  /** That of the rule. */
  readonly direction: Direction;
  /** A pod of the other end. */
  readonly refusing: KnownPod;
  /** The policy that closes it, in words. */
  readonly by: string;
}

/** Finds the other half of connections that rules allow. */
class Halves {
  private readonly leftOut: ReadonlySet<string>;
  private readonly asked = new Map<string, boolean>();

  public constructor(
    private readonly cluster: KnownCluster,
    private readonly judged: Judged,
    private readonly given: Given,
  ) {
    this.leftOut = leftOutPods(given, judged);
  }

  /** The peers of a rule that refuse every connection that it is about. */
  public missing(rule: Rule, { resource }: Policy): readonly Refused[] {
    const { subject, direction, effect, level, peers, traffic } = rule;
    const isPlain = effect === 'allow' && level === undefined && subject.is === 'endpoints' && peers.is === 'selectors';
    const isNumbered = traffic?.every(({ port }) => port.is === 'number') ?? true;
    if (!isPlain || !isNumbered || mayBeOpened(this.judged, opposite(direction)) || !this.cluster.covers(subject.selector)) {
      return [];
    }
    const own = this.firstOf(subject.selector);
    return peers.selectors.flatMap((selector): readonly Refused[] => {
      const isKnown =
        selector.is === 'labels' &&
        selector.at !== undefined &&
        !isVagueAt(resource, ...pathTo(selector.at)) &&
        asksForPods(selector, this.cluster.agent) &&
        this.cluster.covers(selector);
      const refused = isKnown ? this.refusedBy(selector, own, rule) : undefined;
      return refused === undefined ? [] : [refused];
    });
  }

  private refusedBy(selector: LabelSelector, own: readonly KnownPod[], { direction, traffic }: Rule): Refused | undefined {
    const others = this.firstOf(selector);
    // What a pod says to itself is asked of nobody.
    const pairs = others.flatMap((other) =>
      own.filter((one) => one.name !== other.name || one.pod.isTemplate === true).map((one) => [one, other] as const),
    );
    if (pairs.length === 0 || own.length * others.length > MOST_PAIRS) {
      return undefined;
    }
    const closing = others.map((other) => this.closingOf(other, opposite(direction)));
    const isClosed = closing.every((one) => one !== undefined && this.isSure(one));
    const isRefused = isClosed && pairs.every(([one, other]) => this.isAll(DEFAULT_DENY, other, one, opposite(direction), traffic));
    // What the own side denies is meant so.
    const isMeant = isRefused && pairs.some(([one, other]) => !this.isAll(DENY_RULE, one, other, direction, traffic));
    return isMeant ? { selector, direction, refusing: others[0], by: this.nameOf(closing[0]!) } : undefined;
  }

  /** One pod of each identity, as far as they are not too many. */
  private firstOf(selector: LabelSelector): readonly KnownPod[] {
    const found: KnownPod[] = [];
    for (const pods of this.cluster.podsOf(selector)) {
      const first = pods.find(({ name }) => !this.leftOut.has(name));
      if (first !== undefined && found.push(first) > MOST_PAIRS) {
        break;
      }
    }
    return found;
  }

  private closingOf(pod: KnownPod, direction: Direction): Entry | undefined {
    const engine = this.judged.engine();
    const self = engine.endpoint(writtenOf(pod));
    return self && engine.entriesFor(self).find(({ rule }) => rule.direction === direction && rule.defaultDeny);
  }

  /** Whether a policy is surely there, and of these pods. */
  private isSure({ policy }: Entry): boolean {
    return !this.judged.isLeftOut(policy.resource) && this.judged.folderOf(policy) === undefined;
  }

  /** Whether one pod decides the same about all of some traffic of another one. */
  private isAll(code: Code, pod: KnownPod, other: KnownPod, direction: Direction, traffic: Rule['traffic']): boolean {
    const engine = this.judged.engine();
    const [self, peer] = [pod, other].map((one) => engine.endpoint(writtenOf(one)));
    const decisions = self && peer && engine.decisions(direction, self, peer);
    if (decisions === undefined || decisions === 'ask' || decisions === 'none') {
      return false;
    }
    // Thousands of rules say the same of their ports, and many pods decide alike.
    const key = `${code} ${decisions.id} ${traffic === undefined ? '' : keyOf(traffic)}`;
    const answer = this.asked.get(key) ?? areAll(code, decisions.spans, traffic);
    this.asked.set(key, answer);
    return answer;
  }

  /** Its policy: what closes may be a rule about others. */
  private nameOf({ policy, rule }: Entry): string {
    return ruleName({ policy, rule: { ...rule, path: ['spec'] } }, undefined, this.given);
  }
}

const MOST_PAIRS = 400;

function opposite(direction: Direction): Direction {
  return direction === 'egress' ? 'ingress' : 'egress';
}

function writtenOf({ name }: KnownPod): WrittenEnd {
  return { is: 'pod', name };
}

function keyOf(traffic: readonly Traffic[]): string {
  const known =
    KEYS.get(traffic) ??
    traffic.map(({ protocol, port }) => `${protocol} ${port.is === 'number' ? port.number : port.name} ${port.end}`).join();
  KEYS.set(traffic, known);
  return known;
}

const KEYS = new WeakMap<readonly Traffic[], string>();

/** Whether all decisions about some traffic are one; false if there are none. */
function areAll(code: Code, spans: readonly Span[], traffic: Rule['traffic']): boolean {
  const about = traffic === undefined ? spans : traffic.flatMap((one) => spansOn(spans, one));
  return about.length > 0 && about.every((span) => span.code === code);
}

/** The spans, which are in order, that a piece of traffic meets. */
function spansOn(spans: readonly Span[], { protocol, port }: Traffic): readonly Span[] {
  const index = PROTOCOLS.indexOf(protocol);
  const [first, last] = port.is === 'name' || port.number === 0 ? [0, MAX_PORT] : [port.number, Math.max(port.number, port.end)];
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const span = spans[middle];
    [low, high] = span.protocol < index || (span.protocol === index && span.last < first) ? [middle + 1, high] : [low, middle];
  }
  const found: Span[] = [];
  for (let i = low; i < spans.length && spans[i].protocol === index && spans[i].first <= last; i++) {
    found.push(spans[i]);
  }
  return found;
}

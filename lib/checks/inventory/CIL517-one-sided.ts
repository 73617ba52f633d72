import { cnp, shownAs } from '../../admission/example';
import type { WrittenEnd } from '../../model/flow';
import { pathTo } from '../../model/path';
import { Direction, LabelSelector, Policy, PROTOCOLS, Rule, Traffic } from '../../model/policy';
import { DEFAULT_DENY } from '../../reach/code';
import type { FastEngine } from '../../reach/engine';
import type { ResolvedEnd } from '../../reach/resolved-end';
import { isPlaced } from '../../read/placeholders';
import type { Judged, SetCheck } from '../check';
import { ruleName } from '../set/rule-name';
import { asksForPods } from './asked';
import { KnownCluster, KnownPod } from './known-cluster';
import { nameOf } from './selects-nobody';
import { isVagueAt } from './written-at';

const PODS = ['web', 'db']
  .map(
    (name) => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels:
    app: ${name}
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
    - fromEndpoints:
        - matchLabels:
            app: ${client}
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
    'Only informative among manifests, because another repository may have the other half. Only what a default deny closes is reported: what is denied by a rule is meant. Silent if one of the pods accepts one of the ports, if values of a policy are filled in later, and for more than 400 pairs of kinds of pods.',
  source: 'Cilium documentation, "Network Policy": both directions are enforced independently',
  bad: example('api'),
  good: shownAs(WEB, example('web')),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    const judged = cluster && given.judged();
    if (judged === undefined || judged.vague.length > 0) {
      return;
    }
    for (const policy of cluster!.placed.filter(({ resource }) => !judged.isLeftOut(resource) && isPlaced(resource))) {
      for (const { selector, direction, refusing, by } of policy.rules.flatMap((rule) => refusedIn(rule, policy, cluster!, judged))) {
        const isSure = cluster!.isListed && judged.partOf(policy) === '';
        report(
          policy.resource,
          {
            message: `${by} ${direction === 'egress' ? 'lets none of these pods in' : 'does not let these pods out'} on any port of the rule, for example at ${nameOf(refusing)}`,
            help:
              direction === 'egress' ? 'allow them in the ingress of the other pods too' : 'allow it in the egress of the other pods too',
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
  /** The rule that closes it, in words. */
  readonly by: string;
}

/** The selectors of peers that refuse every connection of which a rule is about. */
function refusedIn(rule: Rule, { resource }: Policy, cluster: KnownCluster, { engine, isLeftOut }: Judged): readonly Refused[] {
  const { subject, direction, effect, level, peers, traffic } = rule;
  const isPlain = effect === 'allow' && level === undefined && subject.is === 'endpoints' && peers.is === 'selectors';
  if (!isPlain || !isKnown(subject.selector, cluster) || traffic?.some(({ port }) => port.is === 'name') === true) {
    return [];
  }
  const own = firstOf(subject.selector, cluster);
  return peers.selectors.flatMap((selector): readonly Refused[] => {
    if (
      selector.is !== 'labels' ||
      selector.at === undefined ||
      isVagueAt(resource, ...pathTo(selector.at)) ||
      !isKnown(selector, cluster)
    ) {
      return [];
    }
    const others = firstOf(selector, cluster);
    if (own.length * others.length === 0 || own.length * others.length > MOST_PAIRS) {
      return [];
    }
    const closing = others.map((other) => closingAt(other, own, direction === 'egress' ? 'ingress' : 'egress', traffic, engine()));
    const [first] = closing;
    // What a kustomization leaves out closes nothing.
    const isSure = closing.every((one) => one !== undefined && !isLeftOut(one.policy.resource));
    return first !== undefined && isSure ? [{ selector, direction, refusing: others[0], by: ruleName(first) }] : [];
  });
}

const MOST_PAIRS = 400;

function isKnown(selector: LabelSelector, cluster: KnownCluster): boolean {
  return asksForPods(selector, cluster.agent) && cluster.covers(selector);
}

/** One pod of each identity, as far as they are not too many. */
function firstOf(selector: LabelSelector, cluster: KnownCluster): readonly KnownPod[] {
  const found: KnownPod[] = [];
  for (const [first] of cluster.podsOf(selector)) {
    found.push(first);
    if (found.length > MOST_PAIRS) {
      break;
    }
  }
  return found;
}

/** The rule that closes a direction of a pod for all of some others and all traffic; `undefined` if something passes, or may. */
function closingAt(pod: KnownPod, others: readonly KnownPod[], direction: Direction, traffic: Rule['traffic'], engine: FastEngine) {
  const self = engine.endpoint(writtenOf(pod));
  const closing = self && engine.entriesFor(self).find(({ rule }) => rule.direction === direction && rule.defaultDeny);
  const refuses = (other: ResolvedEnd | undefined) => other !== undefined && isRefused(engine.decisions(direction, self!, other), traffic);
  return closing !== undefined && others.every((other) => refuses(engine.endpoint(writtenOf(other)))) ? closing : undefined;
}

function writtenOf({ name }: KnownPod): WrittenEnd {
  return { is: 'pod', name };
}

/** Whether no rule decides about any of the traffic, and the default denies it. */
function isRefused(decisions: ReturnType<FastEngine['decisions']>, traffic: Rule['traffic']): boolean {
  if (decisions === 'ask' || decisions === 'none') {
    return false;
  }
  const about = decisions.spans.filter((span) => traffic === undefined || traffic.some((one) => overlaps(span, one)));
  return about.every(({ code }) => code === DEFAULT_DENY);
}

function overlaps(
  { protocol, first, last }: { readonly protocol: number; readonly first: number; readonly last: number },
  one: Traffic,
): boolean {
  const { port } = one;
  if (PROTOCOLS[protocol] !== one.protocol || port.is === 'name') {
    return false;
  }
  return port.number === 0 || (first <= Math.max(port.number, port.end) && port.number <= last);
}

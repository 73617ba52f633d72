import { cnp } from '../../admission/example';
import { asObject, JsonObject, valueAt } from '../../model/json';
import { PathLink, pathTo } from '../../model/path';
import { NetworkRulePart, PortPart, RulePart, SECTIONS, SelectorPart } from '../../model/written';
import { parsePort } from '../../net/port';
import type { IntentCheck, IntentContext } from '../check';
import { isEmptySelector } from './selectors';

export const check: IntentCheck = {
  code: 'CIL314',
  name: 'extra-dash',
  severity: 'warning',
  stage: 'intent',
  summary: 'a rule with only peers beside a rule with only ports, as if a dash had split one rule',
  why: `Each item of a section is a rule of its own. The one with only peers is for every port, and the one with only ports is for everybody, also for the world. One rule with both is for these peers on these ports.`,
  limits:
    'Not reported, because it is often meant: rules of host policies; rules for every pod, for `cluster`, `host` and the like; ports of DNS, unless the peers are DNS servers; ports 80 and 443, unless the peers are the world, the API server or DNS names; ports with L7 rules, which are often for everybody to make requests visible; and sections with more rules of one of the two sorts. Of deny rules, every such pair is reported, except for ports with L7 rules.',
  source: 'cilium `pkg/policy/api/ingress.go`, comment on FromEndpoints; cilium issue 33525; cloudnative-pg issue 6025',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - kube-apiserver
      - toPorts:
          - ports:
              - port: "6443"
                protocol: TCP
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - kube-apiserver
        toPorts:
          - ports:
              - port: "6443"
                protocol: TCP
  `),
  inspect({ specs }, context) {
    for (const { rules } of specs.filter(({ isHost }) => !isHost)) {
      for (const section of SECTIONS) {
        const halves = rules.filter((rule) => rule.section === section).map((rule) => halfOfRule(rule, context.resource.value));
        reportPairs(halves, section.endsWith('Deny') ? 'denies' : 'allows', 'toPorts', context);
      }
    }
  },
  inspectKubernetes({ rules }, context) {
    for (const isIngress of [true, false]) {
      const halves = rules.filter((rule) => rule.isIngress === isIngress).map((rule) => halfOfNetworkRule(rule, context.resource.value));
      reportPairs(halves, 'allows', 'ports', context);
    }
  },
};

/** What a rule has: only peers, only ports, or anything else. */
interface Half {
  readonly has: 'peers' | 'ports' | 'else';
  /** Which peers: those that a wide rule for the web is not meant for, DNS servers, some pods or networks, or all of a kind. */
  readonly peers: 'outside' | 'resolver' | 'some' | 'many';
  readonly ports: readonly PortPart[];
  readonly at: PathLink;
}

function halfOfRule(rule: RulePart, given: JsonObject): Half {
  const { at, portRules } = rule;
  const fields = fieldsAt(given, at);
  const ports = portRules.flatMap((part) => part.ports);
  if (fields.length === 1 && rule.peers.length === 1) {
    return { has: 'peers', peers: peersOf(rule), ports, at };
  }
  const isForPorts = fields.join() === 'toPorts' && ports.length > 0 && !portRules.some(({ l7Rules }) => l7Rules > 0);
  return { has: isForPorts ? 'ports' : 'else', peers: 'many', ports, at };
}

function halfOfNetworkRule({ peers, ports, at }: NetworkRulePart, given: JsonObject): Half {
  const fields = fieldsAt(given, at);
  if (fields.length === 1 && peers.length > 0) {
    const selectors = peers.map(({ pods, namespaces }) => [pods, namespaces].filter((part) => part !== undefined));
    const isWide = selectors.some((parts) => parts.length > 0 && parts.every(isEmptySelector));
    return { has: 'peers', peers: isWide ? 'many' : selectors.flat().some(isResolver) ? 'resolver' : 'some', ports, at };
  }
  return { has: fields.join() === 'ports' && ports.length > 0 ? 'ports' : 'else', peers: 'many', ports, at };
}

function fieldsAt(given: JsonObject, at: PathLink): readonly string[] {
  return Object.keys(asObject(valueAt(given, pathTo(at))));
}

function peersOf({ endpoints = [], entities = [], nodes = [], fqdns }: RulePart): Half['peers'] {
  if (fqdns.length > 0 || (entities.length > 0 && entities.every(({ text }) => OUTSIDE.includes(text)))) {
    return 'outside';
  }
  if (nodes.length > 0 || entities.some(({ text }) => text !== 'ingress') || endpoints.some(isEmptySelector)) {
    return 'many';
  }
  return endpoints.some(isResolver) ? 'resolver' : 'some';
}

const OUTSIDE = ['world', 'kube-apiserver'];

function isResolver({ labels }: SelectorPart): boolean {
  return labels.some(([, value]) => RESOLVERS.includes(value));
}

const RESOLVERS = ['kube-dns', 'coredns', 'node-local-dns'];

function reportPairs(halves: readonly Half[], does: 'allows' | 'denies', field: string, { report }: IntentContext): void {
  const pairs = halves.flatMap((half, i) => (isPair(halves, i, does) ? [[half, halves[i + 1]] as const] : []));
  // Ports that are in no pair are for everybody, and then others may be too.
  if (pairs.length === 0 || halves.filter(({ has }) => has === 'ports').length > pairs.length) {
    return;
  }
  for (const [first, second] of pairs) {
    const [what, other] =
      first.has === 'peers'
        ? ['its ports for everybody', 'every port for its peers']
        : ['every port for its peers', 'its ports for everybody'];
    report(
      {
        message: `rule ${does} ${what}, and the rule before it ${does} ${other}`,
        help: `write \`${field}\` and the peers in one rule, without a dash between them`,
      },
      second.at,
    );
  }
}

function isPair(halves: readonly Half[], i: number, does: 'allows' | 'denies'): boolean {
  const [first, second] = [halves[i], halves.at(i + 1)];
  if (second === undefined || [first.has, second.has].sort().join() !== 'peers,ports') {
    return false;
  }
  const isInOrder = first.has === 'peers';
  // Of several rules with only peers, and of ports that come first, nobody knows what belongs together.
  if (isInOrder ? halves[i - 1]?.has === 'peers' : halves.length > 2) {
    return false;
  }
  const [{ peers }, { ports }] = isInOrder ? [first, second] : [second, first];
  return does === 'denies' || (peers !== 'many' && !ports.some((port) => isOftenOpen(port, peers)));
}

/** Whether a port is often open to everybody, beside peers that may use every port. */
function isOftenOpen({ port }: PortPart, peers: Half['peers']): boolean {
  const parsed = parsePort(port);
  const number =
    parsed.ok && parsed.value.is === 'number'
      ? parsed.value.number
      : parsed.ok && parsed.value.is === 'name'
        ? NAMED[parsed.value.name]
        : 0;
  return number === DNS ? peers !== 'resolver' : peers !== 'outside' && WEB.includes(number ?? 0);
}

const DNS = 53;
const WEB = [80, 443];
const NAMED: Readonly<Record<string, number | undefined>> = { dns: DNS, 'dns-tcp': DNS, http: 80, https: 443 };

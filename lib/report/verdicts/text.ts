/** A verdict, explained or not, as text. */
import type { Flow, OwnedRule, WrittenEnd, Side } from '../../model/flow';
import type { Direction, Effect, Tier } from '../../model/policy';
import { addressText } from '../../net/address';
import { groupedBy } from '../../net/grouped';
import { CLUSTER_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../../net/label-keys';
import { printable } from '../../net/printable';
import type { Taken } from '../../resolve/taken';
import { decisionOf } from '../../verdict/decision';
import type { EnvoyRefusal } from '../../verdict/envoy-refusal';
import type { Derivation, Match, TierStep } from '../../verdict/explain';
import type { Explanation, Way } from '../../verdict/judge';
import { Nearest, trafficText } from '../../verdict/nearest';
import { counted } from '../findings/words';
import { decidingOf, saidByTiers } from './explained';
import { shownDifferences, shownProblem, where } from './rule-view';

/**
 * `denied: shop/web → shop/db 5432/TCP` with both sides. Each side names the rules that decide it, or the steps that lead to it if they are asked
 * for.
 */
export function verdictText(flow: Flow, explanation: Explanation, isExplained: boolean): string {
  const { verdict, ways, taken } = explanation;
  const { egress, ingress, http, dns, sni } = verdict;
  const request = [
    ...(http === undefined ? [] : [`${flow.http!.method} ${flow.http!.path} ${http}`]),
    ...(dns === undefined ? [] : [`query for ${flow.dns!} ${dns}`]),
    ...(sni === undefined ? [] : [`server name ${flow.sni!} ${sni}`]),
  ];
  const head = `${[decisionOf(verdict), ...request].join(', ')}: ${endText(flow.from)} → ${endText(flow.to)} ${flowTraffic(flow)}`;
  const sides = [['egress', flow.from, egress] as const, ['ingress', flow.to, ingress] as const];
  const differs = verdict.differsIn ?? [];
  const lines = sides.flatMap(([direction, written, side]) => [
    `  ${direction} of ${endText(written)}: ${isExplained ? sideText(side) : `${sideText(side)}${decidedText(side)}`}`,
    ...(isExplained ? waysText(ways, direction) : []),
  ]);
  const ends = isExplained ? [...takenText(flow.from, taken.from), ...takenText(flow.to, taken.to)] : [];
  const except = differs.length === 0 ? [] : [`  an address in ${some(differs)} would have another decision`];
  return `${[head, ...ends, ...lines, ...except].map(printable).join('\n')}\n`;
}

/** `  fqdn:api.example.com: address 192.0.2.1, the first of 2`; nothing for an end that is written as what it is. */
function takenText(written: WrittenEnd, taken: readonly Taken[]): string[] {
  return taken.length === 0 ? [] : [`  ${endText(written)}: ${taken.map(takenFor).join('; ')}`];
}

function takenFor(taken: Taken): string {
  switch (taken.is) {
    case 'address':
      return `address ${taken.address}${taken.count === 1 ? '' : `, the first of ${taken.count}`}`;
    case 'pod':
    case 'node':
      return `${taken.is} ${taken.name}`;
    case 'service':
      return `Service ${taken.name}`;
    case 'backends':
      return `${taken.names.length === 1 ? 'backend' : 'backends'} ${some(taken.names)}`;
    case 'pods':
      return taken.names.length === 1 ? `pod ${taken.names[0]}` : `pods ${some(taken.names)}; the steps are those of ${taken.names[0]}`;
    case 'dropped':
      return `not in its identity: ${taken.labels.map((key) => `label \`${key}\``).join(', ')}`;
  }
}

/** The steps of one side, under the backends that they belong to; steps that are the same for all backends name none. */
function waysText(ways: readonly Way[], direction: Direction): string[] {
  const backends = new Map<string, string[]>();
  for (const { to, verdict, ...derivations } of ways) {
    const derivation = derivations[direction];
    const steps = derivation === undefined ? [] : stepsText(derivation);
    const text = [sideText(verdict[direction]), ...steps].join('\n');
    backends.set(text, [...(backends.get(text) ?? []), `${to.backend} port ${to.port}`]);
  }
  const paragraphs = [...backends].map(([text, names]) => ({ lines: text.split('\n'), names }));
  return paragraphs.length === 1
    ? paragraphs[0].lines.slice(1).map((step) => `    ${step}`)
    : paragraphs.flatMap(({ lines: [head, ...steps], names }) => [
        `    to ${some(names)}: ${head}`,
        ...steps.map((step) => `      ${step}`),
      ]);
}

function flowTraffic({ protocol, port, code }: Flow): string {
  const text = trafficText({ protocol, port: { is: 'number', number: port, end: 0 } });
  return code === undefined ? text : `${text} code ${code}`;
}

/** An end of a flow as users write it. */
export function endText(written: WrittenEnd): string {
  switch (written.is) {
    case 'pod':
      return written.name;
    case 'ip':
      return `ip:${addressText(written.address)}`;
    case 'labels': {
      const ofNamespace = Object.entries(written.moreNamespaceLabels ?? {}).map(([key, value]) => [
        `${NAMESPACE_LABELS_PREFIX}${key}`,
        value,
      ]);
      const account = written.serviceAccount === '' ? [] : [[SERVICE_ACCOUNT_KEY, written.serviceAccount]];
      const cluster = written.cluster === undefined ? [] : [[CLUSTER_KEY, written.cluster]];
      const labels = [...Object.entries(written.labels), ...ofNamespace, ...account, ...cluster].map(([key, value]) => `${key}=${value}`);
      return `labels:${labels.join(',')}@${written.namespace}`;
    }
    case 'node':
    case 'fqdn':
    case 'service':
    case 'entity':
      return `${written.is}:${written.name}`;
  }
}

const REASONS = {
  rule: 'a rule allows it',
  'not-enforced': 'no rule matches, and the direction is not default-deny',
  localhost: 'a node may always connect to its own pods',
  audited: 'the policy denies it, and the agent is in audit mode',
  'deny-rule': 'a rule denies it',
  'default-deny': 'no rule allows it, and the direction is default-deny',
  'not-learnable': 'a rule allows the name, and no look-up of it can pass the DNS proxy',
  'protocol-off': 'the agent drops the protocol, whatever policies say',
  'not-authenticated': 'a rule allows it after an authentication, which the agent does not do',
};

function sideText(side: Side): string {
  switch (side.decision) {
    case 'n/a':
      return 'no policy is evaluated on this side';
    case 'unknown':
      return `unknown: ${side.reason === 'unresolved' ? '' : 'it depends on '}${side.missing}${side.because.length === 0 ? '' : `: ${whereAll(side.because)}`}`;
    case 'denied':
      return `denied: ${REASONS[side.reason]}`;
    case 'allowed':
      return `allowed: ${REASONS[side.reason]}${side.redirect === undefined ? '' : `, through the ${side.redirect} proxy`}`;
  }
}

/** Remembered: among many flows few sides are different objects. */
const DECIDED = new WeakMap<Side, string>();

/** The policies that decide a side, each with the place of its first such rule, after the reason of the side. */
function decidedText(side: Side): string {
  const text = DECIDED.get(side) ?? decidersOf(side);
  DECIDED.set(side, text);
  return text;
}

function decidersOf(side: Side): string {
  const deciders = [...groupedBy(decidingOf(side), ({ policy }) => policy.resource).values()].map(([first]) => first);
  if (deciders.length === 0) {
    return '';
  }
  const isDefault = side.decision === 'denied' && side.reason === 'default-deny';
  const named = deciders.slice(0, MOST_DECIDING).map((owned) => where(owned));
  const more = deciders.length - named.length;
  return `${isDefault ? ' because of' : ':'} ${named.join(', ')}${more === 0 ? '' : ` and ${counted(more, 'more policy')}`}`;
}

const MOST_DECIDING = 3;

/** Each step names the very parts of the rules that match; a step that adds nothing is left out. */
function stepsText(derivation: Derivation): string[] {
  const { side, isDefaultDeny, selecting, isolating, ofPeer, opened, ofTraffic, request, refusal, lookUps, nearest, nearestPolicy } =
    derivation;
  const tiers = saidByTiers(derivation);
  const because = decidingOf(side);
  const decides = side.decision !== 'denied' || side.reason === 'deny-rule' ? because : [];
  const narrows = ofPeer.length > 0 && (!isSame(ofTraffic, ofPeer) || ofTraffic.some(({ traffic }) => traffic !== undefined));
  const those = decides.length === 1 ? 'that rule' : 'those rules';
  return [
    isolating.length > 0 ? `default-deny because of ${whereAll(isolating)}` : defaultText(selecting.length, isDefaultDeny),
    ...(selecting.length === 0 ? [] : [`rules for the peer: ${matchesText(ofPeer, 'peer')}`]),
    ...(opened.length === 0 ? [] : [`for every peer, because Cilium finds none of the Services: ${whereAll(opened)}`]),
    ...(narrows ? [`of these, for the traffic: ${matchesText(ofTraffic, 'traffic')}`] : []),
    ...tiers.map(tierText),
    ...(decides.length === 0 || tiers.length > 0 ? [] : [`${side.decision} by ${isSame(decides, ofTraffic) ? those : whereAll(decides)}`]),
    ...(side.decision === 'allowed' && request === 'denied' ? [deniedRequestText(tiers)] : []),
    ...(side.decision === 'allowed' && request === 'unknown' ? [`the request is unknown: ${openText(refusal)}`] : []),
    ...lookUps.map(({ name, query }) => `look-up of ${name}: ${LOOK_UPS[query]}`),
    ...(nearest === undefined ? [] : [`nearest rule: ${nearestText(nearest)}`]),
    ...(nearestPolicy === undefined ? [] : [`nearest policy: ${nearestText(nearestPolicy)}`]),
  ];
}

/** `Admin tier: passed on by x.yaml:7 (…)`. */
function tierText({ tier, effect, because }: TierStep): string {
  return `${TIER_NAMES[tier]}: ${effect === 'none' ? 'no rule matches' : `${EFFECTS[effect]} by ${whereAll(because)}`}`;
}

const TIER_NAMES: Readonly<Record<Tier, string>> = { admin: 'Admin tier', normal: 'normal tier', baseline: 'Baseline tier' };
const EFFECTS: Readonly<Record<Effect, string>> = { allow: 'allowed', deny: 'denied', pass: 'passed on' };

function deniedRequestText(tiers: readonly TierStep[]): string {
  const last = tiers.at(-1);
  return last?.effect === 'deny' ? `the request is denied by ${whereAll(last.because)}` : 'the request is denied: no rule allows it';
}

/** Why policies do not tell what a proxy says of a request. */
function openText(refusal: EnvoyRefusal | undefined): string {
  return refusal === undefined
    ? 'policies do not say how this proxy decides'
    : `Envoy rejects the policy of the endpoint: ${shownProblem(refusal)}, in ${where(refusal.because, refusal.at)}`;
}

const LOOK_UPS = {
  learnt: 'passes the DNS proxy',
  beside: 'passes beside the DNS proxy',
  denied: 'nothing lets it pass',
  unknown: 'not known',
};

function nearestText(nearest: Nearest): string {
  return `${where(nearest, nearest.at)}, but ${shownDifferences(nearest).join('; ')}`;
}

/** Without a rule that makes it so, a direction is default-deny by `enable-policy: always`, and while an endpoint has no identity yet. */
function defaultText(rules: number, isDefaultDeny: boolean): string {
  const selecting = rules === 0 ? 'no rule selects it' : rules === 1 ? '1 rule selects it' : `${rules} rules select it`;
  return isDefaultDeny
    ? `${selecting}; it is default-deny because \`enable-policy\` is \`always\`, or because the endpoint is \`init\``
    : `${selecting}, and the direction is not default-deny`;
}

function isSame(a: readonly OwnedRule[], b: readonly OwnedRule[]): boolean {
  const rules = new Set(b.map(({ rule }) => rule));
  return a.length === b.length && a.every(({ rule }) => rules.has(rule));
}

function matchesText(matches: readonly Match[], part: 'peer' | 'traffic'): string {
  return matches.length === 0 ? 'none' : some([...new Set(matches.map((match) => where(match, match[part])))]);
}

function whereAll(rules: readonly OwnedRule[]): string {
  return some([...new Set(rules.map((rule) => where(rule)))]);
}

function some(all: readonly string[]): string {
  return all.length <= MOST_NAMED ? all.join(', ') : `${all.slice(0, MOST_NAMED).join(', ')} and ${all.length - MOST_NAMED} more`;
}

const MOST_NAMED = 6;

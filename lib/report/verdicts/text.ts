/** An explained verdict, as data and as text. */
import type { Flow, OwnedRule, Place, Ruling, Side } from '../../model/flow';
import { placeOf } from '../../model/origin';
import { pointer } from '../../model/path';
import { Direction, policyName } from '../../model/policy';
import { addressText } from '../../net/address';
import { decisionOf } from '../../verdict/decision';
import type { Derivation } from '../../verdict/explain';
import type { Explanation, Way } from '../../verdict/judge';
import { trafficText } from '../../verdict/nearest';
import { printable } from '../shared/printable';
import { answerOf, FlowAnswer } from './answer';

/** A rule by where it is written. */
export interface RuleView {
  /** `Kind/namespace/name`. */
  readonly policy: string;
  readonly effect: 'allow' | 'deny';
  /** A JSON pointer into the object. */
  readonly path: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly constructPath: string | null;
}

/** The steps of one side; each list is a part of the one before, but for `isolating` and `opened`. */
export interface DerivationView {
  readonly selecting: readonly RuleView[];
  readonly isolating: readonly RuleView[];
  readonly ofPeer: readonly RuleView[];
  /** Those that mean everybody since they name services of which Cilium finds none. */
  readonly opened: readonly RuleView[];
  readonly ofTraffic: readonly RuleView[];
  readonly deciding: readonly RuleView[];
  /** What this end's proxy says of the request; null without one. */
  readonly request: Ruling | null;
  readonly nearest: (RuleView & { readonly differs: readonly string[] }) | null;
}

export interface ExplainedAnswer extends FlowAnswer {
  /** For each backend of a service, else one; null for a side where no policy is evaluated. */
  readonly explanation: readonly {
    /** Its address, or the pod; null where the flow is to no service. */
    readonly backend: string | null;
    /** At the backend, or of the flow. */
    readonly port: number;
    readonly egress: DerivationView | null;
    readonly ingress: DerivationView | null;
  }[];
}

export function explainedAnswer({ verdict, ways }: Explanation): ExplainedAnswer {
  const explanation = ways.map(({ to, egress, ingress }) => ({
    backend: to.backend ?? null,
    port: to.port,
    egress: egress === undefined ? null : derivationView(egress),
    ingress: ingress === undefined ? null : derivationView(ingress),
  }));
  return { ...answerOf(verdict), explanation };
}

function derivationView({ side, selecting, isolating, ofPeer, opened, ofTraffic, request, nearest }: Derivation): DerivationView {
  return {
    selecting: selecting.map(ruleView),
    isolating: isolating.map(ruleView),
    ofPeer: ofPeer.map(ruleView),
    opened: opened.map(ruleView),
    ofTraffic: ofTraffic.map(ruleView),
    deciding: decidingOf(side).map(ruleView),
    request: request ?? null,
    nearest: nearest === undefined ? null : { ...ruleView(nearest), differs: nearest.differs },
  };
}

function decidingOf(side: Side): readonly OwnedRule[] {
  return side.decision === 'allowed' || side.decision === 'denied' ? side.because : [];
}

function ruleView({ policy, rule }: OwnedRule): RuleView {
  const { resource } = policy;
  const place = placeOf({ document: resource.document, resource, path: rule.path });
  return {
    policy: policyName(policy),
    effect: rule.effect,
    path: pointer(rule.path),
    file: place === undefined ? null : resource.document.source.name,
    line: place?.line ?? null,
    constructPath: resource.constructPath ?? null,
  };
}

/** `denied  shop/web → shop/db 5432/TCP`, and where they are asked for the steps of each side. */
export function verdictText(flow: Flow, explanation: Explanation, isExplained: boolean): string {
  const { verdict, ways } = explanation;
  const { egress, ingress, http, dns, sni } = verdict;
  const request = [
    ...(http === undefined ? [] : [`${flow.http!.method} ${flow.http!.path} ${http}`]),
    ...(dns === undefined ? [] : [`query for ${flow.dns!} ${dns}`]),
    ...(sni === undefined ? [] : [`server name ${flow.sni!} ${sni}`]),
  ];
  const head = `${[decisionOf(verdict), ...request].join(', ')}: ${placeText(flow.from)} → ${placeText(flow.to)} ${flowTraffic(flow)}`;
  const sides = [['egress', flow.from, egress] as const, ['ingress', flow.to, ingress] as const];
  const lines = sides.flatMap(([direction, place, side]) => [
    `  ${direction} of ${placeText(place)}: ${sideText(side)}`,
    ...(isExplained ? waysText(ways, direction) : []),
  ]);
  return `${[head, ...lines].map(printable).join('\n')}\n`;
}

/** The steps of one side, under the backends that they are of; what is the same for all needs no names. */
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

function flowTraffic({ protocol, port }: Flow): string {
  return trafficText({ protocol, port: { is: 'number', number: port, end: 0 } });
}

/** An end as a person writes it. */
export function placeText(place: Place): string {
  switch (place.is) {
    case 'pod':
      return place.name;
    case 'ip':
      return `ip:${addressText(place.address)}`;
    case 'labels': {
      const labels = Object.entries(place.labels).map(([key, value]) => `${key}=${value}`);
      return `labels:${labels.join(',')}@${place.namespace}`;
    }
    case 'node':
    case 'fqdn':
    case 'service':
    case 'entity':
      return `${place.is}:${place.name}`;
  }
}

const REASONS = {
  rule: 'a rule allows it',
  'not-enforced': 'no rule matches it, and nothing is denied by default',
  localhost: 'the node may always enter its own pods',
  'deny-rule': 'a rule denies it',
  'default-deny': 'no rule allows it, and what no rule allows is denied',
};

function sideText(side: Side): string {
  switch (side.decision) {
    case 'n/a':
      return 'no policy is evaluated there';
    case 'unknown':
      return `unknown: ${side.reason === 'unresolved' ? '' : 'it depends on '}${side.missing}${side.because.length === 0 ? '' : `: ${whereAll(side.because)}`}`;
    case 'denied':
      return `denied: ${REASONS[side.reason]}`;
    case 'allowed':
      return `allowed: ${REASONS[side.reason]}${side.redirect === undefined ? '' : `, through the ${side.redirect} proxy`}`;
  }
}

/** What is the same as the step before is not told again. */
function stepsText({ side, isDefaultDeny, selecting, isolating, ofPeer, opened, ofTraffic, request, nearest }: Derivation): string[] {
  const because = decidingOf(side);
  const decides = side.decision !== 'denied' || side.reason === 'deny-rule' ? because : [];
  return [
    isolating.length > 0 ? `default-deny by ${whereAll(isolating)}` : defaultText(selecting.length, isDefaultDeny),
    ...(selecting.length === 0 ? [] : [`for the peer: ${whereAll(ofPeer)}`]),
    ...(opened.length === 0 ? [] : [`for everybody, since Cilium finds none of the services: ${whereAll(opened)}`]),
    ...(ofPeer.length === 0 || isSame(ofTraffic, ofPeer) ? [] : [`for the traffic too: ${whereAll(ofTraffic)}`]),
    ...(decides.length === 0 ? [] : [`${side.decision} by ${isSame(decides, ofPeer) ? 'that' : whereAll(decides)}`]),
    ...(side.decision === 'allowed' && request === 'denied' ? ['the request is denied: no rule takes it'] : []),
    ...(side.decision === 'allowed' && request === 'unknown'
      ? ['the request is unknown: policies do not tell what this proxy says of it']
      : []),
    ...(nearest === undefined ? [] : [`nearest: ${where(nearest)}, but ${nearest.differs.join('; ')}`]),
  ];
}

/** Without a rule that makes it so, a direction is default-deny by `enable-policy: always` or while an endpoint has no identity yet. */
function defaultText(rules: number, isDefaultDeny: boolean): string {
  const isAbout = `${count(rules)} about it`;
  return isDefaultDeny
    ? `${isAbout}; without one it is default-deny where \`enable-policy\` is \`always\`, and for \`init\``
    : `${isAbout}, and none makes it default-deny`;
}

function isSame(a: readonly OwnedRule[], b: readonly OwnedRule[]): boolean {
  const rules = new Set(b.map(({ rule }) => rule));
  return a.length === b.length && a.every(({ rule }) => rules.has(rule));
}

function count(rules: number): string {
  return rules === 0 ? 'no rule is' : rules === 1 ? '1 rule is' : `${rules} rules are`;
}

function whereAll(rules: readonly OwnedRule[]): string {
  return rules.length === 0 ? 'no rule' : some([...new Set(rules.map(where))]);
}

function some(all: readonly string[]): string {
  return all.length <= MOST_NAMED ? all.join(', ') : `${all.slice(0, MOST_NAMED).join(', ')} and ${all.length - MOST_NAMED} more`;
}

const MOST_NAMED = 6;

/** A file and line, or the entry of a construct or policy. */
function where(owned: OwnedRule): string {
  const { policy, path, file, line, constructPath } = ruleView(owned);
  const [kind, namespace, name] = policy.split('/');
  const owner = namespace === '' ? name : `${namespace}/${name}`;
  if (line !== null) {
    return `${file!}:${line} (${owner})`;
  }
  return constructPath === null ? `${kind} ${owner} ${path}` : `${constructPath} ${path} (${owner})`;
}

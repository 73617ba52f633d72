/**
 * A policy with which a property holds that fails: each flow that is against it asks for a rule, and the property is proved again with it, until it holds
 * or a flow asks for nothing that helps.
 */
import { isOn } from '../../model/config';
import { asList, JsonObject } from '../../model/json';
import { groupedBy } from '../../net/grouped';
import type { Settings } from '../../settings/settings';
import { MissingRule, missingRule } from './missing-rule';
import type { Proof } from './proof';

/** How many rules a policy may have that mends a property. */
const MOST_RULES = 12;

/** `proveWith`: the proof with a further policy; `undefined` if the agent would not take it. */
export function mendOf(
  failing: Proof,
  proveWith: (policy: JsonObject) => Proof | undefined,
  settings: Settings,
  taken: ReadonlySet<string>,
): JsonObject | undefined {
  const [minor] = settings.minors;
  if (!isOn(settings.configs[minor] ?? {}, 'enable-non-default-deny-policies', true)) {
    return undefined;
  }
  const name = nameFrom(failing.property.name, taken);
  const rules: MissingRule[] = [];
  let proof: Proof | undefined = failing;
  while (proof?.is === 'fails' && rules.length < MOST_RULES) {
    const rule = ruleFor(proof, settings);
    const isNew = rule !== undefined && rules.every((one) => JSON.stringify(one) !== JSON.stringify(rule));
    if (!isNew) {
      return undefined;
    }
    rules.push(rule);
    proof = proveWith(policyOf(name, rules));
  }
  return proof?.is === 'holds' ? policyOf(name, rules) : undefined;
}

function ruleFor({ demand, witness }: Proof, settings: Settings): MissingRule | undefined {
  return demand === undefined || demand.is === 'changes-only' || witness === undefined ? undefined : missingRule(demand, witness, settings);
}

/** A clusterwide policy with the rules, one part of it for each subject. */
function policyOf(name: string, rules: readonly MissingRule[]): JsonObject {
  const bySubject = [...groupedBy(rules, ({ subject, closes }) => JSON.stringify([subject, closes])).values()];
  const specs = bySubject.map((own): JsonObject => ({
    ...own[0].subject,
    ...Object.fromEntries([...groupedBy(own, ({ field }) => field)].map(([field, same]) => [field, joined(same.map(({ rule }) => rule))])),
    ...(!own[0].closes && { enableDefaultDeny: { ingress: false, egress: false } }),
  }));
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name },
    ...(specs.length === 1 ? { spec: specs[0] } : { specs }),
  };
}

/** A name that Kubernetes takes, and that no policy has: a policy of the same name would be replaced. */
function nameFrom(text: string, taken: ReadonlySet<string>): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words.reduce((name, word) => (name.length + word.length < MOST_IN_NAME ? `${name}-${word}` : name), 'mend');
  let number = 1;
  let free = name;
  while (taken.has(free)) {
    free = `${name}-${++number}`;
  }
  return free;
}

const MOST_IN_NAME = 60;

/** Rules for several lists of one kind of peers on the same ports are one. */
function joined(rules: readonly JsonObject[]): readonly JsonObject[] {
  const found: JsonObject[] = [];
  for (const rule of rules) {
    const at = found.findIndex((one) => isLike(one, rule));
    if (at < 0) {
      found.push(rule);
    } else {
      const [field] = Object.keys(rule);
      found[at] = { ...found[at], [field]: [...asList(found[at][field]), ...asList(rule[field])] };
    }
  }
  return found;
}

function isLike(a: JsonObject, b: JsonObject): boolean {
  const [[field], [other]] = [Object.keys(a), Object.keys(b)];
  return field === other && field !== undefined && JSON.stringify({ ...a, [field]: 0 }) === JSON.stringify({ ...b, [field]: 0 });
}

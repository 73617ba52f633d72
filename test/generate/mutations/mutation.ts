/** A mutation breaks a valid policy or makes it unusual, in one of several places. */
import fc from 'fast-check';
import { among } from '../choices';
import { isObject, JsonObject, listOf, objectOf, partAt, Path, without, withPart } from '../json';
import { Kind, Policy } from '../policies';

/** A change of a policy. */
export type Change = fc.Arbitrary<(policy: Policy) => Policy>;

export interface Mutation {
  /** The name of the resulting error. */
  readonly name: string;
  /** The rule for it: `B.3-23` is rule 23 in section B.3 of the language reference. A section without a number is a rule of the schema. */
  readonly rule: string;
  /** The kinds of policies that it applies to. */
  readonly kinds: readonly Kind[];
  readonly apply: Change;
  /** Keys of cilium-config that are needed for the rule to apply. */
  readonly config?: Readonly<Record<string, string>>;
  /** The namespace of an object that names none, if it is not the usual one. */
  readonly namespace?: string;
}

export const POLICIES = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;

export type Section = 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny';

export const SECTIONS: readonly Section[] = ['ingress', 'ingressDeny', 'egress', 'egressDeny'];

export const ALLOW: readonly Section[] = ['ingress', 'egress'];

export const DENY: readonly Section[] = ['ingressDeny', 'egressDeny'];

/** A mutation of a kind with rules, as most mutations are. */
export function mutation(name: string, rule: string, apply: Change, more: Partial<Mutation> = {}): Mutation {
  return { name, rule, apply, kinds: POLICIES, ...more };
}

/** Changes one of the rules of a policy. A policy without rules, because of another mutation, stays unchanged. */
export function onRule<T>(values: fc.Arbitrary<T>, change: (rule: JsonObject, value: T) => JsonObject): Change {
  return fc.tuple(fc.nat(1000), values).map(([pick, value]) => (policy) => {
    const paths = rulePaths(policy);
    if (paths.length === 0) {
      return policy;
    }
    const path = paths[pick % paths.length];
    return withPart<Policy>(policy, path, change(objectOf(partAt(policy, path)), value));
  });
}

function rulePaths({ spec, specs }: Policy): Path[] {
  return [...(isObject(spec) ? [['spec']] : []), ...listOf(specs).map((_, index) => ['specs', index])];
}

/** Changes one element of one of the sections, or adds one there. */
export function onElement<T>(
  sections: readonly Section[],
  values: fc.Arbitrary<T>,
  change: (element: JsonObject, value: T, prefix: 'from' | 'to') => JsonObject,
): Change {
  const choice = fc.record({ section: among(...sections), pick: fc.nat(1000), value: values });
  return onRule(choice, (rule, { section, pick, value }) => {
    const elements = listOf(rule[section]);
    const index = pick % (elements.length + 1);
    const changed = change(objectOf(elements[index]), value, section.startsWith('ingress') ? 'from' : 'to');
    return { ...rule, [section]: [...elements.slice(0, index), changed, ...elements.slice(index + 1)] };
  });
}

/** Replaces the peers of an element. `Endpoints` becomes `fromEndpoints` or `toEndpoints`, depending on the section. */
export function onPeers(sections: readonly Section[], values: fc.Arbitrary<JsonObject>): Change {
  return onElement(sections, values, (element, members, prefix) => {
    const names = Object.keys(element).filter((name) => /^(from|to)(?!Ports$)/.test(name));
    const renamed = Object.entries(members).map(([name, value]) => [/^[A-Z]/.test(name) ? `${prefix}${name}` : name, value]);
    return { ...without(element, ...names), ...(Object.fromEntries(renamed) as JsonObject) };
  });
}

/** Adds an item to the `toPorts` of an element. */
export function onPorts(sections: readonly Section[], values: fc.Arbitrary<JsonObject>): Change {
  return onElement(sections, values, (element, item) => ({
    ...without(element, 'icmps'),
    toPorts: [...listOf(element.toPorts), item],
  }));
}

/** Adds an entry to the `ports` of a new item of `toPorts`. */
export function onPort(sections: readonly Section[], values: fc.Arbitrary<JsonObject>): Change {
  return onPorts(
    sections,
    values.map((port) => ({ ports: [port] })),
  );
}

/** Adds an item to the `icmps` of an element. */
export function onIcmps(sections: readonly Section[], values: fc.Arbitrary<JsonObject>): Change {
  return onElement(sections, values, (element, item) => ({
    ...without(element, 'toPorts'),
    icmps: [...listOf(element.icmps), item],
  }));
}

/** Adds an HTTP rule on a port that may have one. */
export function onHttp(values: fc.Arbitrary<JsonObject>): Change {
  return onPorts(
    ALLOW,
    values.map((http) => ({ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [http] } })),
  );
}

/** Adds a DNS rule on a port that may have one. */
export function onDns(values: fc.Arbitrary<JsonObject>): Change {
  return onPorts(
    ['egress'],
    values.map((dns) => ({ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [dns] } })),
  );
}

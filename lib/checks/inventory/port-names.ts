/** The port names of rules, with the pods whose ports they mean. */
import { JsonObject, valueAt } from '../../model/json';
import type { Path } from '../../model/path';
import { pathTo, pointer } from '../../model/path';
import type { LabelSelector, Policy, Protocol, Rule, Traffic } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { isVagueAt } from './written-at';

/** A port name in a rule, with its protocols: without one, it means those of several. */
export interface PortName {
  readonly name: string;
  readonly protocols: readonly Protocol[];
  readonly rule: Rule;
  readonly path: Path;
}

/** The port names that a policy writes. A name of several protocols is one. */
export function portNamesIn({ rules, resource }: Policy): readonly PortName[] {
  const all = rules.flatMap((rule) => (rule.traffic ?? []).flatMap((traffic) => nameIn(traffic, rule, resource.value)));
  return [...groupedBy(all, ({ rule, path }) => `${pointer(rule.path)} ${pointer(path)}`).values()]
    .map((same) => ({ ...same[0], protocols: same.flatMap(({ protocols }) => protocols) }))
    .filter(({ path }) => !isVagueAt(resource, ...path.slice(0, -1)));
}

function nameIn({ port, protocol, at }: Traffic, rule: Rule, policy: JsonObject): readonly PortName[] {
  const path = at === undefined || port.is !== 'name' ? undefined : pathTo(at);
  return path === undefined || port.is !== 'name'
    ? []
    : [{ name: port.name, protocols: [protocol], rule, path: [...path, fieldAt(valueAt(policy, path))] }];
}

function fieldAt(value: unknown): string {
  return typeof value === 'object' && value !== null && 'destinationNamedPort' in value ? 'destinationNamedPort' : 'port';
}

/** The selectors of the pods whose port it is; `undefined` if not only pods are meant. */
export function holdersOf({ rule: { direction, subject, peers } }: Pick<PortName, 'rule'>): readonly LabelSelector[] | undefined {
  if (direction === 'ingress') {
    return subject.is === 'endpoints' ? [subject.selector] : undefined;
  }
  const selectors = peers.is === 'selectors' ? peers.selectors : [];
  const ofPods = selectors.flatMap((selector) => (selector.is === 'labels' && selector.ofEndpoints ? [selector] : []));
  return ofPods.length > 0 && ofPods.length === selectors.length ? ofPods : undefined;
}

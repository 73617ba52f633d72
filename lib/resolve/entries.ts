/** Rules with their peers resolved, as the agent keeps them. Source: cilium `pkg/policy/types/policyentry.go`. */
import { isSince } from '../crd/minor';
import { everyIdentity } from '../model/conditions';
import type { OwnedRule } from '../model/flow';
import type { Inventory, Service } from '../model/inventory';
import type { CloudGroup, Policy, Rule, Selector } from '../model/policy';
import { scopeOf } from '../model/scope';
import type { Agent } from './agent';
import { usableBackends } from './cluster';
import { isOfProxy } from './frontends';
import { serviceSelectors } from './services';

export interface Entry extends OwnedRule {
  /** The peers of the rule. An empty list selects no peer. */
  readonly selectors: readonly Selector[];
  /** Selectors of a rule that selects no peer. The agent of 1.18 still labels the prefixes in them. */
  readonly beside: readonly Selector[];
  /** Whether the rule selects every peer because none of the Services that it names exists. */
  readonly isOpened: boolean;
  /** The cloud groups whose addresses are not known. */
  readonly opaque?: string;
}

/**
 * The entries of all policies, in the order in which Cilium processes them.
 *
 * Source: cilium `pkg/policy/rules.go`, sort; in 1.18 `pkg/policy/repository.go`, computePolicyEnforcementAndRules.
 */
export function entriesOf(
  policies: readonly Policy[],
  inventory: Inventory,
  agent: Agent,
  known: KnownEntries = new WeakMap(),
): readonly Entry[] {
  const ordered = isSince(agent.minor, '1.19') ? inOrder(policies) : clusterwideFirst(policies);
  return ordered.flatMap((policy) => {
    const entries = known.get(policy) ?? policy.rules.map((rule) => distinctEntry(entryOf(rule, policy, inventory, agent)));
    known.set(policy, entries);
    return entries;
  });
}

/** The entries of policies over one cluster: they do not depend on other policies. */
export type KnownEntries = WeakMap<Policy, readonly Entry[]>;

/** How two lists of entries differ. */
export interface EntryChange {
  /** The entries that are in one of them only. */
  readonly changed: readonly Entry[];
  /** Whether those that are in both are in the same order. */
  readonly keepsOrder: boolean;
}

/** Compares two lists of entries. Mostly a few in the middle differ, so what is the same at both ends is left out first. */
export function changeBetween(before: readonly Entry[], after: readonly Entry[]): EntryChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) {
    end++;
  }
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const [wasThere, isThere] = [new Set(old), new Set(now)];
  const kept = now.filter((entry) => wasThere.has(entry));
  return {
    changed: [...old.filter((entry) => !isThere.has(entry)), ...now.filter((entry) => !wasThere.has(entry))],
    keepsOrder: old.filter((entry) => isThere.has(entry)).every((entry, i) => entry === kept[i]),
  };
}

function distinctEntry(entry: Entry): Entry {
  return { ...entry, selectors: distinct(entry.selectors) };
}

/**
 * The distinct selectors of a rule. Cilium keeps one cell for each, so a selector that is written twice is not merged with itself.
 *
 * Source: cilium `pkg/policy/l4.go`, L7DataMap.
 */
function distinct(selectors: readonly Selector[]): readonly Selector[] {
  return [...new Map(selectors.map((selector) => [selector.key, selector])).values()];
}

/** In 1.18 namespaced policies come last. Otherwise the order is random in Cilium. */
function clusterwideFirst(policies: readonly Policy[]): readonly Policy[] {
  return [...policies.filter(({ namespace }) => namespace === ''), ...policies.filter(({ namespace }) => namespace !== '')];
}

/** By kind, namespace and name; tiers are kept apart later. */
function inOrder(policies: readonly Policy[]): readonly Policy[] {
  const named = policies.map((policy): [string, Policy] => [orderOf(policy), policy]);
  return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, policy]) => policy);
}

/** The name that the agent gives the resource. */
function orderOf({ kind, namespace, name }: Policy): string {
  return `${KINDS[kind]}/${namespace}/${name}`;
}

const KINDS = { CiliumNetworkPolicy: 'cnp', CiliumClusterwideNetworkPolicy: 'ccnp', NetworkPolicy: 'netpol', ClusterNetworkPolicy: 'kcnp' };

function entryOf(rule: Rule, policy: Policy, inventory: Inventory, agent: Agent): Entry {
  const { peers } = rule;
  const owned = { policy, rule, beside: [], isOpened: false };
  switch (peers.is) {
    case 'none':
      return { ...owned, selectors: [], beside: peers.beside };
    case 'selectors':
      return { ...owned, selectors: peers.selectors };
    case 'any':
      return { ...owned, selectors: everyPeerIfPorts(rule, agent) };
    case 'groups':
      return { ...owned, ...groupSelectors(peers.groups, inventory, agent) };
    case 'services': {
      // Cilium resolves Services in `egress` only, not in `egressDeny`.
      const scope = scopeOf(policy.namespace, agent.minor, agent.config);
      const backendsOf = (service: Service) => (isOfProxy(service.proxy, agent) ? usableBackends(service, agent) : undefined);
      const found = rule.effect === 'allow' ? serviceSelectors(peers.refs, inventory, backendsOf, scope) : [];
      if (peers.emptied.some((kind) => !found.some(({ is }) => is === kind))) {
        return { ...owned, selectors: [], beside: found };
      }
      return found.length > 0 ? { ...owned, selectors: found } : { ...owned, selectors: everyPeerIfPorts(rule, agent), isOpened: true };
    }
  }
}

/**
 * From 1.20 on the operator keeps the addresses of a cloud group in a CiliumCIDRGroup. Earlier operators generate a derived policy. If neither is in
 * the inventory, the addresses of the group are unknown.
 */
function groupSelectors(
  groups: readonly CloudGroup[],
  { groups: known }: Inventory,
  { minor }: Agent,
): Pick<Entry, 'selectors' | 'opaque'> {
  const hasGroups = isSince(minor, '1.20');
  const isKnown = ({ selector }: CloudGroup) =>
    [...known.values()].some(({ labels }) => selector.requirements.every(({ key }) => Object.hasOwn(labels, key)));
  const unknown = groups.filter((group) => !hasGroups || !isKnown(group)).map(({ name }) => name);
  return { selectors: hasGroups ? groups.map(({ selector }) => selector) : [], ...(unknown.length > 0 && { opaque: unknown.join(', ') }) };
}

/** A rule without peers selects every peer on its ports, and no peer if it names no ports. The same applies if no Service of the rule exists. */
function everyPeerIfPorts({ traffic }: Rule, { minor }: Agent): readonly Selector[] {
  return traffic === undefined ? [] : [everyIdentity(minor)];
}

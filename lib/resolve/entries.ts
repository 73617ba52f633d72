/** Rules with their peers resolved: what an agent holds of the policies. Source: cilium `pkg/policy/types/policyentry.go`. */
import { isSince } from '../crd/minor';
import { everybody } from '../model/conditions';
import type { OwnedRule } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { CloudGroup, Policy, Rule, Selector } from '../model/policy';
import { scopeOf } from '../model/scope';
import type { Agent } from './agent';
import { usableBackends } from './cluster';
import { serviceSelectors } from './services';

export interface Entry extends OwnedRule {
  /** Whom it means, all at once; none is nobody. */
  readonly selectors: readonly Selector[];
  /** Of a rule that means nobody: whose blocks the agent of 1.18 knows all the same. Later ones do not, and it is the same to them. */
  readonly beside: readonly Selector[];
  /** Whether it means everybody since it names services of which there is none. */
  readonly isOpened: boolean;
  /** A cloud group that nobody can look into from here. */
  readonly opaque?: string;
}

/**
 * The entries of all policies, in the order in which Cilium goes through them.
 *
 * Source: cilium `pkg/policy/rules.go`, sort; in 1.18 `pkg/policy/repository.go`, computePolicyEnforcementAndRules.
 */
export function entriesOf(policies: readonly Policy[], inventory: Inventory, agent: Agent): readonly Entry[] {
  const ordered = isSince(agent.minor, '1.19') ? inOrder(policies) : clusterwideFirst(policies);
  const entries = ordered.flatMap((policy) => policy.rules.map((rule) => entryOf(rule, policy, inventory, agent)));
  return entries.map((entry) => ({ ...entry, selectors: distinct(entry.selectors) }));
}

/** What a rule says twice of a peer does not meet itself. Source: cilium `pkg/policy/l4.go`, L7DataMap. */
function distinct(selectors: readonly Selector[]): readonly Selector[] {
  return [...new Map(selectors.map((selector) => [selector.key, selector])).values()];
}

/** In 1.18 those of a namespace come last; else their order is random. */
function clusterwideFirst(policies: readonly Policy[]): readonly Policy[] {
  return [...policies.filter(({ namespace }) => namespace === ''), ...policies.filter(({ namespace }) => namespace !== '')];
}

/** By kind, namespace and name. */
function inOrder(policies: readonly Policy[]): readonly Policy[] {
  const named = policies.map((policy): [string, Policy] => [orderOf(policy), policy]);
  return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, policy]) => policy);
}

/** The name of the resource in the agent. */
function orderOf({ kind, namespace, name }: Policy): string {
  return `${KINDS[kind]}/${namespace}/${name}`;
}

const KINDS = { CiliumNetworkPolicy: 'cnp', CiliumClusterwideNetworkPolicy: 'ccnp', NetworkPolicy: 'netpol' };

function entryOf(rule: Rule, policy: Policy, inventory: Inventory, agent: Agent): Entry {
  const { peers } = rule;
  const owned = { policy, rule, beside: [], isOpened: false };
  switch (peers.is) {
    case 'none':
      return { ...owned, selectors: [], beside: peers.beside };
    case 'selectors':
      return { ...owned, selectors: peers.selectors };
    case 'any':
      return { ...owned, selectors: everybodyIfPorts(rule, agent) };
    case 'groups':
      return { ...owned, ...groupSelectors(peers.groups, inventory, agent) };
    case 'services': {
      // Services are resolved in `egress` only.
      const scope = scopeOf(policy.namespace, agent.minor, agent.config);
      const found =
        rule.effect === 'allow' ? serviceSelectors(peers.refs, inventory, (service) => usableBackends(service, agent), scope) : [];
      if (peers.emptied.some((kind) => !found.some(({ is }) => is === kind))) {
        return { ...owned, selectors: [], beside: found };
      }
      return found.length > 0 ? { ...owned, selectors: found } : { ...owned, selectors: everybodyIfPorts(rule, agent), isOpened: true };
    }
  }
}

/**
 * From 1.20 on the operator keeps the addresses of a cloud group in a CiliumCIDRGroup; before, it makes another policy of the whole. Where none of
 * that is in the inventory, nobody can look into the group from here.
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

/** No peers are everybody on the ports of the rule, and nobody if it names none: also where services come to nothing. */
function everybodyIfPorts({ traffic }: Rule, { minor }: Agent): readonly Selector[] {
  return traffic === undefined ? [] : [everybody(minor)];
}

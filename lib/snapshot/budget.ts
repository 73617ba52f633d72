/** What policies take of the policy maps of endpoints, and of the identities of agents. */
import { AgentConfig, isOn } from '../model/config';
import type { WrittenEnd } from '../model/flow';
import { identityKey } from '../model/label';
import { isPrivate } from '../model/origin';
import type { Direction, Policy, Selector } from '../model/policy';
import { groupedBy } from '../net/grouped';
import type { FastEngine } from '../reach/engine';
import { IdentityCounts, PeerIdentities, Peers } from '../reach/peer-identities';
import { MapEntries, mapEntries } from '../reach/policy-map';
import type { Conflict } from '../resolve/cells';
import { portsKey } from '../resolve/named-ports';
import type { LocalEndpoint, Resolved } from '../resolve/resolve';
import type { Verdicts } from './verdicts';

/** Endpoints whose policy maps have the same entries. */
export interface EndpointBudget {
  readonly is: 'pods' | 'nodes';
  /** By name, in order. */
  readonly names: readonly string[];
  readonly entries: Readonly<Record<Direction, MapEntries>> | undefined;
  /** Why the entries are not known. */
  readonly unknown: string | undefined;
}

/** How much there is room for. */
export interface BudgetLimits {
  /** In the policy map of an endpoint. */
  readonly entries: number;
  /** What `bpf-policy-map-max` says, if it is no number: then the default counts. */
  readonly malformed?: string;
  /** Whether the agent closes an endpoint whose entries do not fit; otherwise it leaves out some of them. */
  readonly closesFullEndpoints: boolean;
  /** Of pods, in the whole cluster. */
  readonly identities: number;
}

/** What a policy has of all policy maps. */
export interface PolicyBudget {
  readonly policy: Policy;
  /** In the map in which it has most. */
  readonly largest: number;
  /** In the maps of all endpoints that are listed. */
  readonly total: number;
  /** How many endpoints have entries of it. */
  readonly endpoints: number;
  /** Whether there may be fewer entries. */
  readonly isAtMost: boolean;
}

export interface Budget {
  readonly limits: BudgetLimits;
  /** Those with full maps come first, then those whose entries are not known, then those with the most entries. */
  readonly endpoints: readonly EndpointBudget[];
  /** What the agent of a node knows, by the name of the node: empty for an agent without pods that are on a node. */
  readonly identities: ReadonlyMap<string, IdentityCounts>;
  /** Those with the most entries in one map first. */
  readonly policies: readonly PolicyBudget[];
}

/** What the accepted policies take; where it depends on values that are filled in later, it is not known. */
export function budgetOf(verdicts: Pick<Verdicts, 'engines' | 'unread' | 'isAnyMissing' | 'missingOf'>): Budget {
  const [first, ...others] = verdicts.engines().map(budgetIn);
  const more = others.map(
    ({ endpoints }) => new Map(endpoints.flatMap((one) => one.names.map((name) => [`${one.is} ${name}`, sizeOf(one)]))),
  );
  const endpoints = first.endpoints.map((one): EndpointBudget => {
    const isSame = more.every((sizes) => one.names.every((name) => sizes.get(`${one.is} ${name}`) === sizeOf(one)));
    const missing = missingOf(one, verdicts) ?? (isSame ? undefined : 'values of its policies are filled in later');
    return missing === undefined ? one : { ...one, entries: undefined, unknown: missing };
  });
  return { ...first, endpoints: inOrder(endpoints, first.limits.entries), policies: policiesIn(endpoints) };
}

/** What is not read, or filled in later, and may decide which policies select an endpoint. */
function missingOf({ is, names }: EndpointBudget, verdicts: Pick<Verdicts, 'unread' | 'isAnyMissing' | 'missingOf'>): string | undefined {
  if (verdicts.unread !== undefined || !verdicts.isAnyMissing) {
    return verdicts.unread?.text;
  }
  for (const name of names) {
    const end: WrittenEnd = is === 'pods' ? { is: 'pod', name } : { is: 'node', name };
    const missing = verdicts.missingOf({ from: end, to: end, protocol: 'TCP', port: 80 });
    if (missing !== undefined) {
      return (missing.ingress ?? missing.egress)?.text;
    }
  }
  return undefined;
}

/** From here on a map is nearly full. */
export const NEARLY_FULL = 0.8;

/** Whether the entries fit into a map, or nearly do not; `undefined` if they are not known. */
export function fitOf(one: EndpointBudget, { entries: limit }: BudgetLimits): 'fits' | 'nearly-full' | 'does-not-fit' | undefined {
  const size = sizeOf(one);
  return one.entries === undefined ? undefined : size > limit ? 'does-not-fit' : size >= limit * NEARLY_FULL ? 'nearly-full' : 'fits';
}

/** Entries that are not known may be more than any number. */
function sizeOf({ entries }: EndpointBudget): number {
  return entries === undefined ? Infinity : entries.ingress.count + entries.egress.count;
}

/** First the maps that are full or nearly full, then those that are not known. */
function inOrder(endpoints: readonly EndpointBudget[], limit: number): readonly EndpointBudget[] {
  const rank = (one: EndpointBudget) => (one.entries === undefined ? 1 : sizeOf(one) >= limit * NEARLY_FULL ? 2 : 0);
  const size = (one: EndpointBudget) => (one.entries === undefined ? 0 : sizeOf(one));
  return [...endpoints].sort((a, b) => rank(b) - rank(a) || size(b) - size(a) || (a.names[0] < b.names[0] ? -1 : 1));
}

function budgetIn(engine: FastEngine): Budget {
  const { resolver } = engine;
  const { agent, cluster } = resolver;
  const known = new PeerIdentities(resolver, agent);
  const names = new Map([...cluster.inventory.pods].map(([name, pod]) => [pod, name]));
  const pods = resolver.pods.flatMap((pod) => {
    const endpoint = resolver.endpoint({ is: 'pod', pod }, resolver.view(pod.node));
    return endpoint === undefined ? [] : [{ is: 'pods' as const, name: names.get(pod)!, node: pod.node, endpoint }];
  });
  const nodes = [...cluster.inventory.nodes.keys()].flatMap((name) => {
    const endpoint = resolver.endpoint({ is: 'node', name }, resolver.view(name));
    return endpoint === undefined ? [] : [{ is: 'nodes' as const, name, node: name, endpoint }];
  });
  const maps = new Maps(engine);
  const groups = groupedBy([...pods, ...nodes], ({ endpoint, node }) => {
    return `${identityKey(endpoint.labels)} ${endpoint.isHost} ${portsKey(endpoint.ports)} ${known.of(node).id}`;
  });
  const endpoints = [...groups.values()].map((group): EndpointBudget => {
    const [{ is, endpoint, node }] = group;
    return { is, names: group.map(({ name }) => name).sort(), ...maps.of(endpoint, known.of(node)) };
  });
  return {
    limits: limitsOf(agent.config),
    policies: [],
    endpoints,
    identities: new Map([...new Set([...pods, ...nodes].map(({ node }) => node))].map((node) => [node, known.of(node).counts])),
  };
}

/** Source: cilium `pkg/maps/policymap/cell.go`, `pkg/identity/numericidentity.go` and `pkg/clustermesh/types/types.go`. */
function limitsOf(config: AgentConfig): BudgetLimits {
  const text = config['bpf-policy-map-max'] ?? '';
  const isNumber = /^[+-]?\d+$/.test(text);
  const entries = isNumber ? Number(text) : DEFAULT_ENTRIES;
  const isLargeMesh = config['max-connected-clusters'] === '511';
  return {
    entries: Math.min(MOST_ENTRIES, Math.max(FEWEST_ENTRIES, entries)),
    ...(!isNumber && text !== '' && { malformed: text }),
    closesFullEndpoints: isOn(config, 'enable-endpoint-lockdown-on-policy-overflow', false),
    // The numbers of clusters take one bit more of those of identities; the first 256 are reserved.
    identities: (isLargeMesh ? 2 ** 15 : 2 ** 16) - 256,
  };
}

const [FEWEST_ENTRIES, DEFAULT_ENTRIES, MOST_ENTRIES] = [256, 16_384, 65_536];

function policiesIn(endpoints: readonly EndpointBudget[]): readonly PolicyBudget[] {
  const found = new Map<Policy, Omit<PolicyBudget, 'policy'>>();
  for (const { names, entries } of endpoints) {
    const counts = new Map<Policy, number>();
    for (const { policies } of entries === undefined ? [] : [entries.ingress, entries.egress]) {
      policies.forEach((count, policy) => counts.set(policy, (counts.get(policy) ?? 0) + count));
    }
    for (const [policy, count] of counts) {
      const sum = found.get(policy) ?? { largest: 0, total: 0, endpoints: 0, isAtMost: false };
      found.set(policy, {
        largest: Math.max(sum.largest, count),
        total: sum.total + count * names.length,
        endpoints: sum.endpoints + (count === 0 ? 0 : names.length),
        isAtMost: sum.isAtMost || entries!.ingress.isAtMost || entries!.egress.isAtMost,
      });
    }
  }
  return [...found].map(([policy, sums]) => ({ policy, ...sums })).sort((a, b) => b.largest - a.largest || b.total - a.total);
}

/** The policy maps of endpoints: one for those that the same rules select. */
class Maps {
  private readonly made = new Map<string, MapEntries | undefined>();
  private readonly rules = new Map<object, number>();

  public constructor(private readonly engine: FastEngine) {}

  public of(endpoint: LocalEndpoint, peers: Peers): Pick<EndpointBudget, 'entries' | 'unknown'> {
    const { resolver } = this.engine;
    const [ingress, egress] = (['ingress', 'egress'] as const).map((direction) => resolver.policy(endpoint, direction));
    if (ingress.is === 'conflict' || egress.is === 'conflict') {
      const { message, between } = ingress.is === 'conflict' ? ingress : (egress as Conflict);
      const isQuoted = !between.some(({ policy }) => isPrivate(policy.resource));
      return { entries: undefined, unknown: `its policies do not resolve${isQuoted ? `: ${message}` : ''}` };
    }
    const opaque = [ingress, egress].flatMap(({ selecting }) => selecting).find((entry) => entry.opaque !== undefined);
    if (opaque !== undefined) {
      const group = isPrivate(opaque.policy.resource) ? 'a cloud group' : `cloud group ${opaque.opaque}`;
      return { entries: undefined, unknown: `the addresses of ${group}` };
    }
    if ([ingress, egress].some(({ selecting }) => selecting.some(({ selectors }) => selectors.some(isOfAllGroups)))) {
      return {
        entries: undefined,
        unknown: 'which of the selectors that Cilium takes for one it keeps: a `cidrGroupSelector` has no requirements',
      };
    }
    const entries = { ingress: this.entriesOf(ingress, endpoint, peers), egress: this.entriesOf(egress, endpoint, peers) };
    return entries.ingress === undefined || entries.egress === undefined
      ? { entries: undefined, unknown: 'what rules write that pass connections on to the next tier' }
      : { entries: { ingress: entries.ingress, egress: entries.egress }, unknown: undefined };
  }

  private entriesOf(resolved: Resolved, endpoint: LocalEndpoint, peers: Peers): MapEntries | undefined {
    const key = this.keyOf(resolved, endpoint, peers);
    if (!this.made.has(key)) {
      const { resolver } = this.engine;
      this.made.set(key, mapEntries(resolved, endpoint, { peers, namedPorts: resolver.namedPorts, agent: resolver.agent }));
    }
    return this.made.get(key);
  }

  private keyOf({ direction, isDefaultDeny, filters, selecting }: Resolved, { isHost, ports }: LocalEndpoint, { id }: Peers): string {
    const named = direction === 'ingress' ? portsKey(ports) : '';
    const rules = selecting.map(({ rule }) => {
      const number = this.rules.get(rule) ?? this.rules.size;
      this.rules.set(rule, number);
      return number;
    });
    // An endpoint may escape its rules, and the local node may be exempt: both show in the number of cells.
    const cells = filters.reduce((sum, filter) => sum + filter.cells.length, 0);
    return `${direction} ${isDefaultDeny} ${cells} ${isHost} ${named} ${id} ${rules.join()}`;
  }
}

/** Source: cilium 1.20 `pkg/policy/selectorcache.go`: the same text is the same selector, and the first one stays. */
function isOfAllGroups(selector: Selector): boolean {
  return selector.is === 'labels' && selector.isOfGroups === true;
}

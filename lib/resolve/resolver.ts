/** Policies over a cluster: the endpoints that they are evaluated for, and what they resolve to for each of them. */
import { isSince } from '../crd/minor';
import type { Inventory, Pod } from '../model/inventory';
import { identityKey } from '../model/label';
import type { Direction, Policy, Selector } from '../model/policy';
import type { Agent } from './agent';
import type { Conflict } from './cells';
import { Cluster } from './cluster';
import { DnsServers, dnsServersOf } from './dns-servers';
import type { End } from './ends';
import { changeBetween, entriesOf, Entry, KnownEntries } from './entries';
import { Known, labelsAddresses } from './known';
import { LabelIndex } from './label-index';
import { requiredLabels } from './matching';
import { NamedPorts } from './named-ports';
import { LocalEndpoint, resolve, Resolved } from './resolve';
import { View } from './view';

export class Resolver {
  public readonly cluster: Cluster;
  public readonly entries: readonly Entry[];
  /** The pods that are endpoints: those with a network of their own. */
  public readonly pods: readonly Pod[];
  public readonly namedPorts: NamedPorts;
  /**
   * Whether a `cidrGroupSelector` without requirements is the selector of every peer too: then the agent may not find the pods that have a port of
   * some name. Which of the two it keeps is random. Source: cilium 1.20 `pkg/policy/selectorcache.go`; `l4.go`, toMapState.
   */
  public readonly sharesSelectors: boolean;
  private readonly knownEntries: KnownEntries;
  /** The entries by number. */
  private index: LabelIndex<number> | undefined;
  private readonly known: Known;
  private readonly servers = new WeakMap<object, DnsServers>();
  private readonly views: Map<string, View>;
  private readonly resolved = new Map<string, Resolved | Conflict>();

  /** `policies` are those that the agent accepts. */
  public constructor(
    policies: readonly Policy[],
    inventory: Inventory,
    public readonly agent: Agent,
    /** Whether the DNS proxy must see a look-up before a name admits an address. */
    public readonly learns = false,
    /** One over the same cluster, of which everything is taken that other policies do not change. */
    earlier?: Resolver,
  ) {
    this.cluster = earlier?.cluster ?? new Cluster(inventory, agent, learns);
    this.knownEntries = earlier?.knownEntries ?? new WeakMap();
    this.entries = entriesOf(policies, inventory, agent, this.knownEntries);
    const isOfGroups = (selector: Selector) => selector.is === 'labels' && selector.isOfGroups === true;
    this.sharesSelectors = isSince(agent.minor, '1.20') && this.entries.some(({ selectors }) => selectors.some(isOfGroups));
    this.pods = earlier?.pods ?? [...inventory.pods.values()].filter(({ hostNetwork, isAbsent }) => !hostNetwork && isAbsent !== true);
    this.namedPorts = earlier?.namedPorts ?? new NamedPorts(this.pods);
    const isSame = earlier !== undefined && !changeBetween(earlier.entries, this.entries).changed.some(labelsAddresses);
    const sameAddresses = isSame ? earlier : undefined;
    this.known = sameAddresses?.known ?? new Known(this.cluster, this.entries, agent);
    this.views = sameAddresses?.views ?? new Map<string, View>();
  }

  /**
   * The same cluster with other policies. What does not depend on policies is shared, and so are the entries of those policy objects that stay.
   */
  public with(policies: readonly Policy[]): Resolver {
    return new Resolver(policies, this.cluster.inventory, this.agent, this.learns, this);
  }

  /** Whom an end asks for names: every end the same servers, unless traffic of nodes is redirected. */
  public dnsServers(from: End): DnsServers {
    const asking = this.agent.hasLocalRedirects && from.is === 'pod' ? from.pod : this;
    const servers = this.servers.get(asking) ?? dnsServersOf(from, this.cluster, this.agent);
    this.servers.set(asking, servers);
    return servers;
  }

  /** The cluster as the agent of a node sees it. */
  public view(node: string): View {
    const view = this.views.get(node) ?? new View(node, this.cluster, this.known, this.agent);
    this.views.set(node, view);
    return view;
  }

  /**
   * The endpoint that policy is evaluated for at an end.
   *
   * `undefined` outside of the cluster and in other clusters, on other nodes, and on a node without the host firewall.
   */
  public endpoint(end: End, view: View): LocalEndpoint | undefined {
    const node = view.entity('host');
    if (end.is === 'pod') {
      return end.pod.cluster !== undefined ? undefined : { ...view.pod(end.pod), isHost: false, node };
    }
    if (end.is === 'node' || (end.is === 'entity' && end.name === 'host')) {
      return this.agent.hasHostFirewall ? { ...view.hostEndpoint(), isHost: true, node } : undefined;
    }
    const isEndpoint = end.is === 'entity' && ['health', 'ingress', 'init'].includes(end.name);
    return isEndpoint ? { labels: view.entity(end.name), ports: [], isHost: false, node } : undefined;
  }

  /** The policy of one direction of an endpoint. Cilium resolves both at once, so a conflict in either is one of the endpoint. */
  public policy(endpoint: LocalEndpoint, direction: Direction): Resolved | Conflict {
    const own = this.resolvedIn(endpoint, direction);
    const other = this.resolvedIn(endpoint, direction === 'ingress' ? 'egress' : 'ingress');
    return other.is === 'conflict' ? other : own;
  }

  /** The entries that may select an endpoint, in order. */
  private entriesFor({ labels }: LocalEndpoint): readonly Entry[] {
    this.index ??= indexOf(this.entries);
    return [...this.index.mayBeFor(labels)].sort((a, b) => a - b).map((number) => this.entries[number]);
  }

  private resolvedIn(endpoint: LocalEndpoint, direction: Direction): Resolved | Conflict {
    const key = [direction, endpoint.isHost, identityKey(endpoint.labels), identityKey(endpoint.node)].join(' ');
    const resolved = this.resolved.get(key) ?? resolve(endpoint, direction, this.entriesFor(endpoint), this.agent);
    if (this.resolved.size >= MOST_RESOLVED) {
      this.resolved.clear();
    }
    this.resolved.set(key, resolved);
    return resolved;
  }
}

function indexOf(entries: readonly Entry[]): LabelIndex<number> {
  const index = new LabelIndex<number>();
  entries.forEach(({ rule }, number) => {
    index.add(number, requiredLabels(rule.subject.selector));
  });
  return index;
}

/** More than a cluster has: only flows between possible pods name more endpoints. */
export const MOST_RESOLVED = 20_000;

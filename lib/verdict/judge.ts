/**
 * The specification: what Cilium decides of a flow, on both sides, and why. It is written to be read; `reach/` computes the same, fast.
 *
 * Read this file first, then `side.ts` (one side of a connection), `tiers.ts` (the order of the rules), `datapath.ts` (what happens besides policy),
 * `requests.ts` (the L7 request on it), `backends.ts` (a Service), and for explanations `explain.ts` and `nearest.ts`. What the policies resolve to for an endpoint is `resolve/`'s.
 */
import type { Flow, OwnedRule, Redirect, Ruling, Side, Verdict } from '../model/flow';
import { identityKey } from '../model/label';
import type { Direction, Rule } from '../model/policy';
import { plainName } from '../net/dns-pattern';
import { accepted, Parsed } from '../net/parsed';
import { prefixText } from '../net/prefix';
import type { Agent } from '../resolve/agent';
import { aggregateOf } from '../resolve/aggregate';
import type { Filter } from '../resolve/cells';
import { Destination, Destinations, destinationsOf } from '../resolve/destinations';
import { End, endsOf, nodeOf } from '../resolve/ends';
import { selects } from '../resolve/matching';
import type { Resolved } from '../resolve/resolve';
import type { Resolver } from '../resolve/resolver';
import { Taken, takenFor, takenForDestination } from '../resolve/taken';
import type { Identity, View } from '../resolve/view';
import { REQUESTS, united } from './backends';
import { Candidates } from './candidates';
import { carriedOut, DROPPED, isFragmentationNeeded, isSwitchedOff, PASSED, staysLocal } from './datapath';
import { EnvoyRefusal, refusalOf } from './envoy-refusal';
import { derive, Derivation } from './explain';
import { asLearned, LookUp, Query } from './learning';
import { both, judgeDns, judgeHttp, judgeServerName } from './requests';
import { Answer, covers, decide, isAboutTraffic, proxyPorts, Question } from './side';

/** A verdict and how it comes about. */
export interface Explanation {
  readonly verdict: Verdict;
  /** One for each backend of a Service, else exactly one. */
  readonly ways: readonly Way[];
  /** What the ends were taken for, where they are not written as what policy is evaluated for. */
  readonly taken: { readonly from: readonly Taken[]; readonly to: readonly Taken[] };
}

export interface Way {
  readonly to: Destination;
  readonly verdict: Verdict;
  /** `undefined` if no policy is evaluated there, or if the policy does not resolve. */
  readonly egress?: Derivation;
  readonly ingress?: Derivation;
}

/** One way that a flow can take, judged on both sides. */
interface Judged {
  readonly to: Destination;
  readonly egress: JudgedSide;
  readonly ingress: JudgedSide;
  readonly verdict: Verdict;
}

interface Ways {
  readonly judged: readonly Judged[];
  /** What is missing to decide between several. */
  readonly missing: string;
}

/** What all ways have in common. */
function verdictOf({ judged, missing }: Ways): Verdict {
  return [...new Set(judged.map(({ verdict }) => verdict))].reduce((a, b) => united(a, b, missing));
}

interface JudgedSide extends Answer {
  /** What was asked of which policy, if policy was evaluated. */
  readonly asked?: { readonly question: Question; readonly resolved: Resolved; readonly view: View };
  /** What becomes of look-ups of the names of the destination. */
  readonly lookUps?: readonly LookUp[];
  /** What the proxy of this side says of the request on the flow. */
  readonly rulings: Pick<Verdict, 'http' | 'dns' | 'sni'>;
  /** Why Envoy does not enforce the policy that the request is ruled by. */
  readonly refusal?: EnvoyRefusal;
}

export class Judge {
  private readonly agent: Agent;
  /** The pods that filters select, as the agent sees them that was asked last. */
  private readonly selected = new WeakMap<Filter, { readonly view: View; readonly pods: readonly Identity[] }>();

  public constructor(private readonly resolver: Resolver) {
    this.agent = resolver.agent;
  }

  /** What policy says of a flow; refused if the flow cannot be judged. */
  public verdict(flow: Flow): Parsed<Verdict> {
    const ways = this.ways(flow);
    return ways.ok ? accepted(this.complete(ways.value)) : ways;
  }

  /** Whether the flow is allowed, without what else a verdict says; `undefined` if that is unknown, or if the flow cannot be judged. */
  public isAllowed(flow: Flow): boolean | undefined {
    const ways = this.ways(flow);
    return ways.ok ? verdictOf(ways.value).allowed : undefined;
  }

  /** A name without an address stands for one in no prefix that anybody names; here are the prefixes where the decision is another one. */
  private complete(ways: Ways): Verdict {
    const verdict = verdictOf(ways);
    const [{ to, egress }] = ways.judged;
    if (to.end.is !== 'name' || egress.asked === undefined) {
      return verdict;
    }
    const { question, resolved, view } = egress.asked;
    const ofName = view.labelsOfName(to.end.name);
    // The peers have the same ports, so the same filters cover the traffic for all of them.
    const candidates = new Candidates(resolved.filters.filter((filter) => covers(filter, question, this.agent)));
    const decisionOf = (peer: Identity) => {
      const filters = candidates.of(peer.labels, aggregateOf(peer, this.agent) ?? []);
      return decide({ ...question, peer }, { ...resolved, filters }, this.agent).side.decision;
    };
    const decision = decisionOf(question.peer);
    const differing = view.prefixes().filter(({ end }) => {
      const inPrefix = view.peer(end).labels.filter(({ source }) => source !== 'fqdn');
      return decisionOf({ ...question.peer, labels: [...inPrefix, ...ofName] }) !== decision;
    });
    return differing.length === 0 ? verdict : { ...verdict, differsIn: differing.map(({ prefix }) => prefixText(prefix)).sort() };
  }

  /** The verdict with the steps of each side, for each backend if the flow goes to a Service. */
  public explain(flow: Flow): Parsed<Explanation> {
    const ways = this.ways(flow);
    if (!ways.ok) {
      return ways;
    }
    const explained = ways.value.judged.map(({ to, verdict, egress, ingress }) => ({
      to,
      verdict,
      egress: this.derivation(egress, flow),
      ingress: this.derivation(ingress, flow),
    }));
    const { cluster } = this.resolver;
    const destinations = explained.map(({ to }) => to);
    const taken = { from: takenFor(flow.from, cluster), to: takenForDestination(flow.to, destinations, cluster) };
    return accepted({ verdict: this.complete(ways.value), ways: explained, taken });
  }

  /** Every way that the flow can take: several if it goes to a Service with several backends, or if an end may be several things. */
  private ways(flow: Flow): Parsed<Ways> {
    const { cluster } = this.resolver;
    const from = endsOf(flow.from, cluster, this.agent, true);
    if (!from.ok) {
      return { ...from, problem: `from: ${from.problem}` };
    }
    const ways: Ways[] = [];
    for (const end of from.value.ends) {
      const destinations = destinationsOf(flow, end, cluster, this.agent);
      if (!destinations.ok) {
        return { ...destinations, problem: `to: ${destinations.problem}` };
      }
      ways.push(this.waysFrom(end, destinations.value, flow));
    }
    const judged = ways.flatMap((one) => one.judged);
    return accepted({ judged, missing: from.value.missing || ways[0].missing });
  }

  /** The ways from one end. */
  private waysFrom(from: End, { all, missing }: Destinations, flow: Flow): Ways {
    const alike = new Map<string, Judged>();
    const judged = all.flatMap((to) =>
      [from, ...(to.mayComeFrom ?? [])].map((end, i) => {
        const key = all.length === 1 ? undefined : this.keyOutside(end, to);
        const known = key === undefined ? undefined : alike.get(`${i} ${key}`);
        const found = known === undefined ? this.judge(end, to, flow) : { ...known, to };
        if (key !== undefined) {
          alike.set(`${i} ${key}`, found);
        }
        return found;
      }),
    );
    const isHidden = all.some(({ mayComeFrom }) => mayComeFrom !== undefined);
    return { judged, missing: isHidden && all.length === 1 ? HIDDEN : missing };
  }

  /** What the verdict on a backend outside of the cluster depends on, of which there may be many; `undefined` for one to be judged by itself. */
  private keyOutside(from: End, { end, port, hidden = '' }: Destination): string | undefined {
    if (end.is !== 'address' || staysLocal(from, end) || this.resolver.cluster.hasName(end.address)) {
      return undefined;
    }
    const { labels } = this.resolver.view(nodeOf(from) ?? '').peer(end);
    return `${port} ${hidden} ${identityKey(labels)}`;
  }

  /** The source judges by its egress policy, the destination by its ingress policy; both must allow. */
  private judge(from: End, to: Destination, flow: Flow): Judged {
    const egress = this.side('egress', from, to.end, flow, to.port);
    const last = this.side('ingress', to.end, from, flow, to.port);
    const ingress = to.hidden === undefined ? last : hiddenSide(last, to.hidden, flow);
    const kinds = REQUESTS.filter((kind) => egress.rulings[kind] !== undefined);
    return {
      ...{ to, egress, ingress },
      verdict: {
        allowed: allowedBy(egress.side, ingress.side),
        egress: egress.side,
        ingress: ingress.side,
        ...Object.fromEntries(kinds.map((kind) => [kind, both(egress.rulings[kind]!, ingress.rulings[kind]!)])),
      },
    };
  }

  private side(direction: Direction, self: End, other: End, flow: Flow, port: number): JudgedSide {
    const connection = this.connection(direction, self, other, flow, port);
    const answer = direction === 'egress' && this.resolver.learns ? this.learned(connection, self, other, flow) : connection;
    const enforced = { ...answer, side: carriedOut(answer.side, this.agent) };
    const refusal = flow.http === undefined && flow.sni === undefined ? undefined : this.refusal(enforced);
    return { ...enforced, rulings: this.rulings(enforced, flow, refusal), ...(refusal && { refusal }) };
  }

  /** Why Envoy refuses the policy of an endpoint, if the connection is redirected to it. */
  private refusal({ side, asked }: Omit<JudgedSide, 'rulings'>): EnvoyRefusal | undefined {
    if (asked === undefined || side.decision !== 'allowed' || !['http', 'tls', 'crd'].includes(side.redirect ?? '')) {
      return undefined;
    }
    const { endpoint } = asked.question;
    const [ingress, egress] = [this.resolver.policy(endpoint, 'ingress'), this.resolver.policy(endpoint, 'egress')];
    return ingress.is === 'conflict' || egress.is === 'conflict' ? undefined : refusalOf(ingress, egress, this.agent.minor);
  }

  /** What one side says of the connection. */
  private connection(direction: Direction, self: End, other: End, flow: Flow, port: number): Omit<JudgedSide, 'rulings'> {
    if (direction === 'egress' ? staysLocal(self, other) : staysLocal(other, self)) {
      return { side: { decision: 'n/a' }, steps: [] };
    }
    // The entities host, health, ingress and init are those of the other end's node.
    const view = this.resolver.view(nodeOf(self) ?? nodeOf(other) ?? '');
    const endpoint = this.resolver.endpoint(self, view);
    if (endpoint === undefined) {
      return { side: { decision: 'n/a' }, steps: [] };
    }
    const { protocol } = flow;
    if (isSwitchedOff(protocol, this.agent)) {
      return { side: DROPPED, steps: [] };
    }
    if (isFragmentationNeeded(flow, this.agent)) {
      return { side: PASSED, steps: [] };
    }
    const policy = this.resolver.policy(endpoint, direction);
    if (policy.is === 'conflict') {
      const missing = `the policy does not resolve: ${policy.message}`;
      return { side: { decision: 'unknown', reason: 'unresolved', missing, because: policy.between }, steps: [] };
    }
    const question = { direction, endpoint, peer: view.peer(other), protocol, port, namedPorts: this.resolver.namedPorts };
    const answer = decide(question, policy, this.agent);
    const asked = { question, resolved: policy, view };
    const shared = this.resolver.sharesSelectors && direction === 'egress' ? ofEveryPeerByName(question, policy, this.agent) : [];
    if (shared.length > 0) {
      return { side: { decision: 'unknown', reason: 'opaque', missing: SHARED, because: shared }, steps: [], asked };
    }
    return { ...answer, side: withOpaque(answer.side, question, policy, this.agent), asked };
  }

  /** What the look-ups of names make of a connection to an address that has names. */
  private learned(answer: Omit<JudgedSide, 'rulings'>, self: End, other: End, { to }: Flow): Omit<JudgedSide, 'rulings'> {
    const known = other.is === 'address' ? this.resolver.cluster.namesOf(other.address) : other.is === 'name' ? [other.name] : [];
    const { asked } = answer;
    if (asked === undefined || known.length === 0) {
      return answer;
    }
    const names = to.is === 'fqdn' ? [plainName(to.name)] : known;
    const labelsOf = (name: string) => asked.view.labelsOfName(name);
    const query = (server: Destination, name: string) => this.query(self, server, name);
    const asking = { servers: this.resolver.dnsServers(self), query, labelsOf: ({ end }: Destination) => asked.view.peer(end).labels };
    return { ...answer, ...asLearned({ ...asked, answer, names, isAsked: to.is === 'fqdn', labelsOf }, asking, this.agent) };
  }

  /** What becomes of a query for a name to a DNS server: both sides must let it pass. Source: cilium `pkg/fqdn/dnsproxy/proxy.go`. */
  private query(self: End, { end, port }: Destination, dns: string): Query {
    const flow: Flow = { from: NOBODY, to: NOBODY, protocol: 'UDP', port, dns };
    const answer = this.connection('egress', self, end, flow, port);
    const { side } = answer;
    if (side.decision !== 'allowed') {
      return side.decision === 'denied' ? 'denied' : 'unknown';
    }
    // In transparent mode, the default, the proxy asks a server of the cluster with the address of the pod.
    const { side: ofServer } = this.connection('ingress', end, self, flow, port);
    if (!this.agent.isAuditing && (ofServer.decision === 'denied' || ofServer.decision === 'unknown')) {
      return this.agent.hasTransparentDns && ofServer.decision === 'denied' ? 'denied' : 'unknown';
    }
    const ruling = rulingOn(answer, 'dns', () => this.dnsRuling(answer.asked!, dns));
    return side.redirect === undefined ? 'beside' : ruling === 'allowed' ? 'learnt' : ruling;
  }

  private rulings(answer: Omit<JudgedSide, 'rulings'>, { http, dns, sni }: Flow, refusal?: EnvoyRefusal): JudgedSide['rulings'] {
    // What Envoy would say of a request if it had the policy.
    const byEnvoy = (ruling: () => Ruling) => (refusal === undefined ? ruling : () => 'unknown' as const);
    return {
      ...(http !== undefined && {
        http: rulingOn(
          answer,
          'http',
          byEnvoy(() => judgeHttp(answer.steps, http, this.agent)),
        ),
      }),
      ...(dns !== undefined && { dns: rulingOn(answer, 'dns', () => this.dnsRuling(answer.asked!, dns)) }),
      ...(sni !== undefined && {
        sni: rulingOn(
          answer,
          'tls',
          byEnvoy(() => judgeServerName(answer.steps, sni, this.agent)),
        ),
      }),
    };
  }

  /** The DNS proxy sees the filters of the port, whichever peers their cells select. */
  private dnsRuling({ question, resolved, view }: NonNullable<JudgedSide['asked']>, query: string): Ruling {
    // Only a port name depends on peers, and there may be many pods.
    const selected = (filter: Filter) =>
      filter.port.is === 'number' ? [] : [...selectedBy(filter, [question.peer], this.agent), ...this.selectedPods(filter, view)];
    const filters = resolved.filters.filter(
      (filter) =>
        filter.protocol === question.protocol && proxyPorts(filter.port, question, selected(filter), this.agent).includes(question.port),
    );
    return judgeDns(filters, question.peer.labels, query, this.agent);
  }

  /** The pods that a filter selects, one for each list of ports: what is asked of them is what a port name means. */
  private selectedPods(filter: Filter, view: View): readonly Identity[] {
    const known = this.selected.get(filter);
    if (known?.view === view) {
      return known.pods;
    }
    const identities = this.resolver.pods.map((pod) => view.pod(pod));
    const pods = [...new Map(selectedBy(filter, identities, this.agent).map((pod) => [JSON.stringify(pod.ports), pod])).values()];
    this.selected.set(filter, { view, pods });
    return pods;
  }

  private derivation({ side, asked, rulings, refusal, lookUps }: JudgedSide, flow: Flow): Derivation | undefined {
    if (asked === undefined) {
      return undefined;
    }
    const given = Object.values(rulings);
    const request = given.length === 0 ? undefined : given.reduce(both);
    return derive({ ...asked, side, request, refusal, lookUps }, this.resolver.entries, flow, this.agent);
  }
}

/** The ends of a query are given, not written. */
const NOBODY: Flow['from'] = { is: 'entity', name: 'unmanaged' };

const HIDDEN = 'whether the node that receives the packet puts its own address in the place of the source';

/** A side of which it is not known whose it is; the agent drops some protocols everywhere. */
function hiddenSide({ side }: JudgedSide, missing: string, flow: Flow): JudgedSide {
  if (side === DROPPED) {
    return { side, steps: [], rulings: {} };
  }
  const rulings = Object.fromEntries(REQUESTS.filter((kind) => flow[kind] !== undefined).map((kind) => [kind, 'unknown' as const]));
  return { side: { decision: 'unknown', reason: 'backends', missing, because: [] }, steps: [], rulings };
}

/** One side that denies is enough; one that is unknown leaves the verdict open. */
export function allowedBy(egress: Side, ingress: Side): boolean | undefined {
  const decisions = [egress.decision, ingress.decision];
  if (decisions.includes('denied')) {
    return false;
  }
  return decisions.includes('unknown') ? undefined : true;
}

/** What one side says of a request: `unknown` if its proxy does not speak the protocol of the request. */
function rulingOn({ side }: Answer, redirect: Redirect, rule: () => Ruling): Ruling {
  if (side.decision !== 'allowed') {
    return side.decision === 'denied' ? 'denied' : side.decision === 'unknown' ? 'unknown' : 'allowed';
  }
  if (side.redirect === undefined) {
    return 'allowed';
  }
  return side.redirect === redirect ? rule() : 'unknown';
}

/** The rules for every peer on a port that they name and that the question is about. */
function ofEveryPeerByName(question: Question, { filters }: Resolved, agent: Agent): readonly OwnedRule[] {
  const named = filters.filter((filter) => filter.port.is === 'name' && covers(filter, question, agent));
  return named
    .flatMap(({ cells }) => cells.filter(({ selector }) => selector.is === 'labels' && selector.requirements.length === 0))
    .flatMap(({ because }) => because);
}

const SHARED = 'which pods have the port: a `cidrGroupSelector` without requirements shares its selector with the rule';

/** A cloud group may contain a peer outside of the cluster: where its rule could change the decision, the decision is unknown. */
function withOpaque(side: Side, question: Question, { selecting }: Resolved, agent: Agent): Side {
  const isOutside = question.peer.labels.some(({ source, key }) => source === 'reserved' && key.startsWith('world'));
  const changing = effectThatChanges(side);
  const found = selecting.find(
    ({ opaque, rule }) => opaque !== undefined && rule.effect === changing && isAboutTraffic(rule.traffic, question, agent),
  );
  return isOutside && found !== undefined
    ? { decision: 'unknown', reason: 'opaque', missing: `what the cloud group ${found.opaque!} holds`, because: [found] }
    : side;
}

/** A deny changes an allow, an allow changes a default deny, and nothing changes a deny by rule, or what an earlier tier decides. */
function effectThatChanges(side: Side): Rule['effect'] | undefined {
  const tier = side.decision === 'n/a' ? undefined : side.because.at(0)?.rule.level?.tier;
  if (side.decision === 'allowed') {
    return tier === 'admin' ? undefined : 'deny';
  }
  return side.decision === 'denied' && (side.reason === 'default-deny' || tier === 'baseline') ? 'allow' : undefined;
}

function selectedBy({ cells }: Filter, peers: readonly Identity[], agent: Agent): readonly Identity[] {
  return peers.filter(({ labels }) => cells.some(({ selector }) => selects(selector, labels, agent)));
}

/** The specification: what Cilium decides of a flow, by both ends. The slow and obvious way; `reach/` is the fast one. */
import type { Flow, OwnedRule, Redirect, Ruling, Side, Verdict } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import { identityKey } from '../model/label';
import type { Direction, Policy, Protocol, Rule } from '../model/policy';
import { accepted, Parsed } from '../net/parsed';
import type { Agent } from './agent';
import { Cell, Conflict } from './cells';
import { Cluster } from './cluster';
import { Destination, destinationsOf, End, endOf, nodeOf } from './ends';
import { entriesOf, Entry } from './entries';
import { derive, Derivation } from './explain';
import { Known } from './known';
import { selects } from './matching';
import { both, judgeDns, judgeHttp, judgeServerName } from './requests';
import { resolve, Resolved, Subject } from './resolve';
import { Answer, decide, isAboutTraffic, PortTable, proxyPorts, Question } from './side';
import { Identity, View } from './view';

/** A verdict and how it comes about. */
export interface Explanation {
  readonly verdict: Verdict;
  /** One for each backend of a service, else one. */
  readonly ways: readonly Way[];
}

export interface Way {
  readonly to: Destination;
  readonly verdict: Verdict;
  /** Nothing where no policy is evaluated, or where it does not resolve. */
  readonly egress?: Derivation;
  readonly ingress?: Derivation;
}

interface Route {
  readonly from: End;
  readonly to: Destination;
}

/** Policies over a cluster. */
export class Judge {
  public readonly cluster: Cluster;
  public readonly entries: readonly Entry[];
  public readonly namedPorts: PortTable;
  private readonly known: Known;
  private readonly views = new Map<string, View>();
  private readonly resolved = new Map<string, Resolved | Conflict>();

  /** Policies are those that the agent takes. */
  public constructor(
    policies: readonly Policy[],
    private readonly inventory: Inventory,
    private readonly agent: Agent,
  ) {
    this.cluster = new Cluster(inventory, agent);
    this.entries = entriesOf(policies, inventory, agent);
    this.namedPorts = new PortTable(this.pods());
    this.known = new Known(this.cluster, this.entries, agent);
  }

  /** What policy says of a flow; refused is a flow that cannot be judged. */
  public verdict(flow: Flow): Parsed<Verdict> {
    const routes = this.routes(flow);
    return routes.ok ? accepted(routes.value.map(({ from, to }) => this.between(from, to, flow)).reduce(united)) : routes;
  }

  /** How the verdict comes about: the steps of each side, for each backend where the flow goes to a service. */
  public explain(flow: Flow): Parsed<Explanation> {
    const routes = this.routes(flow);
    if (!routes.ok) {
      return routes;
    }
    const ways = routes.value.map(({ from, to }) => ({
      to,
      verdict: this.between(from, to, flow),
      egress: this.derivation(this.side('egress', from, to.end, flow.protocol, to.port), flow),
      ingress: this.derivation(this.side('ingress', to.end, from, flow.protocol, to.port), flow),
    }));
    return accepted({ verdict: ways.map(({ verdict }) => verdict).reduce(united), ways });
  }

  private derivation(answer: Asked, flow: Flow): Derivation | undefined {
    const { side, asked } = answer;
    if (asked === undefined) {
      return undefined;
    }
    const rulings = Object.values(this.rulings(answer, flow));
    return derive({ ...asked, side, request: rulings.length === 0 ? undefined : rulings.reduce(both) }, flow, this.agent);
  }

  /** The ways that a flow can take: several where it goes to a service. */
  private routes(flow: Flow): Parsed<readonly Route[]> {
    const from = endOf(flow.from, this.cluster);
    if (!from.ok) {
      return { ...from, problem: `from: ${from.problem}` };
    }
    const destinations = destinationsOf(flow, this.cluster, this.agent);
    return destinations.ok
      ? accepted(destinations.value.map((to) => ({ from: from.value, to })))
      : { ...destinations, problem: `to: ${destinations.problem}` };
  }

  private between(from: End, to: Destination, flow: Flow): Verdict {
    const sides = {
      egress: this.side('egress', from, to.end, flow.protocol, to.port),
      ingress: this.side('ingress', to.end, from, flow.protocol, to.port),
    };
    const { egress, ingress } = sides;
    const [ofEgress, ofIngress] = [this.rulings(egress, flow), this.rulings(ingress, flow)];
    const kinds = REQUESTS.filter((kind) => ofEgress[kind] !== undefined);
    return {
      allowed: allowedBy(egress.side, ingress.side),
      egress: egress.side,
      ingress: ingress.side,
      ...Object.fromEntries(kinds.map((kind) => [kind, both(ofEgress[kind]!, ofIngress[kind]!)])),
    };
  }

  /** What the proxy of one end says of the request on a flow. */
  private rulings(asked: Asked, { http, dns, sni }: Flow): Rulings {
    return {
      ...(http !== undefined && { http: rulingOn(asked, 'http', ({ allowing }) => judgeHttp(allowing, http)) }),
      ...(dns !== undefined && { dns: rulingOn(asked, 'dns', () => this.dnsRuling(asked, dns)) }),
      ...(sni !== undefined && { sni: rulingOn(asked, 'tls', ({ allowing }) => judgeServerName(allowing, sni, this.agent)) }),
    };
  }

  private side(direction: Direction, self: End, other: End, protocol: Protocol, port: number): Asked {
    // The host, health, ingress and init are those of the other end's node.
    const view = this.view(nodeOf(self) ?? nodeOf(other) ?? '');
    const subject = this.subject(self, view);
    if (subject === undefined) {
      return { side: { decision: 'n/a' }, allowing: [] };
    }
    const peer = view.peer(other);
    const question: Question = { direction, subject, peer, protocol, port, table: this.namedPorts };
    const resolved = this.resolvedFor(subject, direction);
    if (resolved instanceof Conflict) {
      return {
        side: {
          decision: 'unknown',
          reason: 'unresolved',
          missing: `the policy does not resolve: ${resolved.message}`,
          because: resolved.between,
        },
        allowing: [],
      };
    }
    const answer = decide(question, resolved, this.agent);
    return { ...answer, side: withOpaque(answer.side, question, resolved, this.agent), asked: { question, resolved, view } };
  }

  /** Whom policy is evaluated for at an end; nobody outside of the cluster, on other nodes, and on a node without its firewall. */
  public subject(end: End, view: View): Subject | undefined {
    const node = view.entity('host');
    if (end.is === 'pod') {
      return { ...view.pod(end.pod), isHost: false, node };
    }
    if (end.is === 'node' || (end.is === 'entity' && end.name === 'host')) {
      return this.agent.hasHostFirewall ? { ...view.hostSubject(), isHost: true, node } : undefined;
    }
    const isEndpoint = end.is === 'entity' && ['health', 'ingress', 'init'].includes(end.name);
    return isEndpoint ? { labels: view.entity(end.name), ports: [], isHost: false, node } : undefined;
  }

  /** The cluster as the agent of a node sees it. */
  public view(node: string): View {
    const view = this.views.get(node) ?? new View(node, this.cluster, this.known, this.agent);
    this.views.set(node, view);
    return view;
  }

  /** Both directions are resolved at once: a conflict in one is one of the whole endpoint. */
  private resolvedFor(subject: Subject, direction: Direction): Resolved | Conflict {
    const [own, other] = direction === 'ingress' ? (['ingress', 'egress'] as const) : (['egress', 'ingress'] as const);
    const resolved = this.resolvedIn(subject, own);
    const beside = this.resolvedIn(subject, other);
    return beside instanceof Conflict ? beside : resolved;
  }

  private resolvedIn(subject: Subject, direction: Direction): Resolved | Conflict {
    const key = [direction, subject.isHost, identityKey(subject.labels), identityKey(subject.node)].join(' ');
    let resolved = this.resolved.get(key);
    if (resolved === undefined) {
      resolved = this.resolveOrConflict(subject, direction);
      this.resolved.set(key, resolved);
    }
    return resolved;
  }

  private resolveOrConflict(subject: Subject, direction: Direction): Resolved | Conflict {
    try {
      return resolve(subject, direction, this.entries, this.agent);
    } catch (error) {
      if (error instanceof Conflict) {
        return error;
      }
      throw error;
    }
  }

  private dnsRuling({ asked }: Asked, query: string): Ruling {
    const { question, resolved, view } = asked!;
    const peers = [question.peer, ...this.pods().map((pod) => view.pod(pod))];
    const filters = resolved.filters.filter(
      ({ protocol, port, cells }) =>
        protocol === question.protocol &&
        proxyPorts(port, question, selectedBy(cells, peers, this.agent), this.agent).includes(question.port),
    );
    return judgeDns(filters, question.peer.labels, query, this.agent);
  }

  /** Those that are endpoints. */
  private pods(): readonly Pod[] {
    return [...this.inventory.pods.values()].filter(({ hostNetwork }) => !hostNetwork);
  }
}

/** An answer with what it was made of, where a policy was evaluated. */
interface Asked extends Answer {
  readonly asked?: { readonly question: Question; readonly resolved: Resolved; readonly view: View };
}

type Rulings = Pick<Verdict, 'http' | 'dns' | 'sni'>;

/** A cloud group may hold a peer that is outside of the cluster: what such a rule could turn is unknown. */
function withOpaque(side: Side, question: Question, { selecting }: Resolved, agent: Agent): Side {
  const isOutside = question.peer.labels.some(({ source, key }) => source === 'reserved' && key.startsWith('world'));
  const turning = effectThatTurns(side);
  const found = selecting.find(
    ({ opaque, rule }) => opaque !== undefined && rule.effect === turning && isAboutTraffic(rule.traffic, question, agent),
  );
  return isOutside && found !== undefined
    ? { decision: 'unknown', reason: 'opaque', missing: `what the cloud group ${found.opaque!} holds`, because: [found] }
    : side;
}

/** A deny turns an allow, an allow what is denied by default, and nothing what a rule denies. */
function effectThatTurns(side: Side): Rule['effect'] | undefined {
  if (side.decision === 'allowed') {
    return 'deny';
  }
  return side.decision === 'denied' && side.reason === 'default-deny' ? 'allow' : undefined;
}

function selectedBy(cells: readonly Cell[], peers: readonly Identity[], agent: Agent): readonly Identity[] {
  return peers.filter(({ labels }) => cells.some(({ selector }) => selects(selector, labels, agent)));
}

/** What one side says of a request: a proxy that does not speak its protocol leaves it unclear. */
function rulingOn(asked: Asked, redirect: Redirect, rule: (asked: Asked) => Ruling): Ruling {
  const { side } = asked;
  if (side.decision !== 'allowed') {
    return side.decision === 'denied' ? 'denied' : side.decision === 'unknown' ? 'unknown' : 'allowed';
  }
  if (side.redirect === undefined) {
    return 'allowed';
  }
  return side.redirect === redirect ? rule(asked) : 'unknown';
}

/** One end that denies is enough, and one that is unknown leaves it open. */
export function allowedBy(egress: Side, ingress: Side): boolean | undefined {
  const decisions = [egress.decision, ingress.decision];
  if (decisions.includes('denied')) {
    return false;
  }
  return decisions.includes('unknown') ? undefined : true;
}

/** The verdict for all backends of a service: what they share, and unknown where they differ. */
function united(a: Verdict, b: Verdict): Verdict {
  const rulings = REQUESTS.filter((request) => a[request] !== undefined).map((request): [string, Ruling] => [
    request,
    a[request] === b[request] ? a[request]! : 'unknown',
  ]);
  return {
    allowed: a.allowed === b.allowed ? a.allowed : undefined,
    egress: unitedSide(a.egress, b.egress),
    ingress: unitedSide(a.ingress, b.ingress),
    ...Object.fromEntries(rulings),
  };
}

const REQUESTS = ['http', 'dns', 'sni'] as const;

/** The decision that both have, of the reason that says more if they have different ones; a redirect is one of both. */
function unitedSide(a: Side, b: Side): Side {
  // Where no policy is evaluated for one, nothing stands in its way.
  if (a.decision === 'n/a' && (b.decision === 'n/a' || b.decision === 'allowed')) {
    return b;
  }
  if (b.decision === 'n/a' && a.decision === 'allowed') {
    return a;
  }
  if (a.decision === 'allowed' && b.decision === 'allowed') {
    const reason = ALLOW_REASONS.find((one) => one === a.reason || one === b.reason)!;
    const redirect = a.redirect === b.redirect ? a.redirect : undefined;
    return { decision: 'allowed', reason, redirect, because: joined(a.because, b.because) };
  }
  if (a.decision === 'denied' && b.decision === 'denied') {
    const reason = a.reason === b.reason ? a.reason : 'deny-rule';
    return { decision: 'denied', reason, because: joined(a.because, b.because) };
  }
  const [unknown] = [a, b].filter(({ decision }) => decision === 'unknown');
  return unknown ?? { decision: 'unknown', reason: 'backends', missing: 'which backend: they differ', because: [] };
}

const ALLOW_REASONS = ['rule', 'localhost', 'not-enforced'] as const;

function joined(a: readonly OwnedRule[], b: readonly OwnedRule[]): readonly OwnedRule[] {
  return [...new Set([...a, ...b])];
}

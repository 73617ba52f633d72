/**
 * The rule that a flow against a property asks for: one that denies it where it must not pass, one that allows it where it must, and for a pod that no
 * policy closes, one that does.
 */
import type { Flow, WrittenEnd } from '../../model/flow';
import type { JsonObject } from '../../model/json';
import type { Direction } from '../../model/policy';
import type { Ends, EndSet, NodeDemand, PassingDemand, PortSpan, StateDemand } from '../../model/property';
import { NAMESPACE_KEY } from '../../net/label-keys';
import type { Settings } from '../../settings/settings';
import { asEgress, EndSets, podSelector, ruleOf, setsOf, toPortsOf } from './end-sets';
import { ofEntity, othersLike } from './others';
import type { Witness } from './proof';

/** A rule with its subject. */
export interface MissingRule {
  readonly subject: JsonObject;
  readonly field: Direction | 'ingressDeny' | 'egressDeny';
  readonly rule: JsonObject;
  /** Whether it also closes the direction. */
  readonly closes: boolean;
}

/** `undefined` if no rule helps that is added to the others. */
export function missingRule(demand: StateDemand, witness: Witness, settings: Settings): MissingRule | undefined {
  const sets = EndSets.over(setsOf(demand), witness.verdicts.engines()[0], settings);
  return sets.ok ? new Asking(sets.value).ruleFor(demand, witness) : undefined;
}

class Asking {
  public constructor(private readonly sets: EndSets) {}

  public ruleFor(demand: StateDemand, witness: Witness): MissingRule | undefined {
    if (witness.is === 'open') {
      const subject = demand.is === 'closed' ? this.podsIn(demand.of, witness.pod) : undefined;
      return subject && { subject, field: witness.direction, rule: {}, closes: true };
    }
    switch (demand.is) {
      case 'closed':
        return undefined;
      case 'nothing':
        return this.denying(demand, witness.flow);
      case 'everything':
        return this.allowing(demand, witness);
      case 'nodes-open':
        return this.opening(demand, witness);
    }
  }

  /** At the destination if pods of a set are meant, otherwise at the source. */
  private denying({ from, to, ports }: PassingDemand, flow: Flow): MissingRule | undefined {
    const [source, destination] = [this.podsAmong(from, flow.from), this.podsAmong(to, flow.to)];
    return destination === undefined
      ? ruleOn(source, 'egressDeny', this.peersAmong(to, flow.to), ports)
      : ruleOn(destination, 'ingressDeny', this.peersAmong(from, flow.from), ports);
  }

  private allowing({ from, to, ports }: PassingDemand, witness: FlowWitness): MissingRule | undefined {
    const { flow } = witness;
    const closed = closedSide(witness);
    if (closed?.reason === 'not-learnable') {
      return ruleOn(this.podsAmong(from, flow.from), 'egress', { ...KUBE_DNS, ...lookUps(to.set) }, undefined);
    }
    if (closed?.reason !== 'default-deny') {
      return undefined;
    }
    return closed.direction === 'egress'
      ? ruleOn(this.podsAmong(from, flow.from), 'egress', this.peersAmong(to, flow.to), ports)
      : ruleOn(this.podsAmong(to, flow.to), 'ingress', this.peersAmong(from, flow.from), ports);
  }

  private opening(demand: NodeDemand, witness: FlowWitness): MissingRule | undefined {
    const { from, to, protocol, port } = witness.flow;
    const closed = closedSide(witness);
    if (closed?.reason !== 'default-deny') {
      return undefined;
    }
    const other = closed.direction === 'egress' ? to : from;
    const given = setsOf(demand).map((set) => this.peersAmong({ set }, other));
    const peers = other.is === 'node' || other.is === 'entity' ? ofEntity(other) : given.find((one) => one !== undefined);
    const isApiServer = closed.direction === 'egress' && other.is === 'entity' && other.name === 'kube-apiserver';
    const all = isApiServer && demand.apiserver === undefined ? API_SERVER_PORTS : [port];
    const ports = all.map((one) => ({ protocol, first: one, last: one }));
    return ruleOn({ nodeSelector: { ...demand.nodes } }, closed.direction, peers, ports);
  }

  /** The pods of a set that an end is one of, as a subject. */
  private podsAmong({ set, isOthers = false }: Ends, written: WrittenEnd): JsonObject | undefined {
    return isOthers ? undefined : this.podsIn(set, written);
  }

  private podsIn(set: EndSet, written: WrittenEnd): JsonObject | undefined {
    const part = this.sets
      .partsOf(set, { written })
      .map((k) => set[k])
      .find(({ is }) => is === 'pods');
    return part?.is === 'pods' ? { endpointSelector: podSelector(part) } : undefined;
  }

  /** Peers that an end is one of, and that are in the set, or all not in it. */
  private peersAmong({ set, isOthers = false }: Ends, written: WrittenEnd): JsonObject | undefined {
    if (isOthers) {
      return othersLike(written, set);
    }
    const [part] = this.sets.partsOf(set, { written }).map((k) => set[k]);
    return part && ruleOf(part);
  }
}

type FlowWitness = Extract<Witness, { is: 'flow' }>;

/** The first side that denies a flow, and why. */
function closedSide({ verdicts, flow }: FlowWitness): { readonly direction: Direction; readonly reason: string } | undefined {
  const verdict = verdicts.verdict(flow);
  const sides = verdict.ok ? (['egress', 'ingress'] as const).map((direction) => ({ direction, side: verdict.value[direction] })) : [];
  const denied = sides.flatMap(({ direction, side }) => (side.decision === 'denied' ? [{ direction, reason: side.reason }] : []));
  return denied[0];
}

/** `peers` as those of a rule for ingress. */
function ruleOn(
  subject: JsonObject | undefined,
  field: MissingRule['field'],
  peers: JsonObject | undefined,
  ports: readonly PortSpan[] | undefined,
): MissingRule | undefined {
  const toPorts = toPortsOf(ports);
  const isDeny = field.endsWith('Deny');
  // Names cannot be denied: others may have the same address.
  const canBe = subject !== undefined && peers !== undefined && toPorts !== undefined && !(isDeny && Object.hasOwn(peers, 'fromFQDNs'));
  const rule = canBe && { ...(field.startsWith('egress') ? asEgress(peers) : peers), ...toPorts };
  return rule ? { subject, field, rule, closes: false } : undefined;
}

const API_SERVER_PORTS = [6443, 443];

const KUBE_DNS: JsonObject = {
  fromEndpoints: [{ matchLabels: { [`k8s:${NAMESPACE_KEY}`]: 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
};

/** A DNS rule with which the names of a set are learnt. */
function lookUps(set: EndSet): JsonObject {
  const patterns = set.flatMap((part) => (part.is === 'names' ? part.patterns : []));
  const dns = patterns.map((text) => (text.includes('*') ? { matchPattern: text } : { matchName: text }));
  return { toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns } }] };
}

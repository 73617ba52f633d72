/** The one policy of a workload. */
import { ApiObject, ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { groupedBy } from '../../../net/grouped';
import { fail } from '../../../props/errors';
import { Cluster } from '../../cluster';
import { DnsResolver } from '../../patterns/dns-resolver';
import { EgressPeer, Peer } from '../../peer';
import { CiliumPolicy } from '../../policy';
import { PolicySpec } from '../../policy-spec';
import { Section } from '../../private/manifest';
import { conflictsAmong } from '../../private/rule-conflicts';
import { addValidation } from '../../private/validation';
import { makeApiObject } from '../../render/policy-manifest';
import { Selector } from '../../selector';
import { EgressTraffic } from '../../traffic';
import { Connectable, ConnectionTarget } from '../connectable';
import { Workloads } from '../workloads';
import { Connection, connectionsAbout, connectionsOf } from './connections-of';
import { mustHaveOwnPods } from './own-pods';
import { inOneLook } from './pods';
import { asWorkload, WorkloadSide } from './sides';
import { nearTraffic, trafficText } from './traffic-of-side';

/** A rule before it is merged with others. */
interface Line {
  readonly section: 'ingress' | 'egress';
  readonly peer: EgressPeer;
  readonly traffic: EgressTraffic;
}

/**
 * Its rules are made from the connections of the app whenever they are asked for: connections can be added until the app is synthesized.
 */
export class WorkloadPolicy extends CiliumPolicy {
  public readonly apiObject: ApiObject;
  private readonly added: (readonly [section: Section, peer: EgressPeer, traffic: readonly EgressTraffic[]])[] = [];
  private bulkDescription?: string;
  /** What was built last, and what it was built from. */
  private last?: { readonly state: string; readonly spec: PolicySpec };

  public constructor(
    scope: Construct,
    id: string,
    private readonly workload: WorkloadSide,
    metadata: ApiObjectMetadata,
  ) {
    super(scope, id);
    this.apiObject = makeApiObject(this, { kind: 'CiliumNetworkPolicy', metadata }, { spec: () => this.rendered() });
    addValidation(
      this,
      () => this.problems(),
      () => connectionsOf(this).length + this.added.length,
    );
    mustHaveOwnPods(this);
  }

  /** @internal */
  protected override get _specs(): PolicySpec[] {
    return inOneLook(() => {
      const connections = connectionsAbout(this, this.workload);
      const sides = new Set<ConnectionTarget>([this.workload, ...connections.flatMap(({ client, server }) => [client, server])]);
      const pods = [...sides].map((side) => asWorkload(side)?._pods());
      const state = JSON.stringify([connections.length, this.added.length, this.bulkDescription, pods]);
      if (this.last?.state !== state) {
        this.last = { state, spec: this.build(connections) };
      }
      return [this.last.spec];
    });
  }

  /** @internal */
  public override _describe(description: string): void {
    this.bulkDescription = description;
  }

  /** Rules that are written to the policy itself stay, whatever connections come later. */
  protected override _addRule(section: Section, peer: EgressPeer, traffic: readonly EgressTraffic[]): void {
    this._specs[0]._add(section, peer, traffic);
    this.added.push([section, peer, traffic]);
    // Whether the direction is closed depends on what is added.
    this.last = undefined;
  }

  private build(connections: readonly Connection[]): PolicySpec {
    const lines = connections.flatMap((one) => this.linesOf(one));
    const own = connections.filter(({ client, server }) => client === this.workload || server === this.workload);
    const isOpen = (section: 'ingress' | 'egress') => {
      const side = section === 'ingress' ? 'server' : 'client';
      const isAdded = this.added.some(([where]) => where.startsWith(section));
      // A connection with all pods of some labels adds to what these pods allow, but does not close them.
      const closes = isAdded || own.some((connection) => connection[side] === this.workload);
      const hasRules = isAdded || lines.some((line) => line.section === section);
      return hasRules && (this.workload._observes || !closes) ? false : undefined;
    };
    const spec = PolicySpec._of(
      this,
      'namespaced',
      { endpointSelector: Selector.labels({ ...this.workload._pods().labels })._render() },
      {
        description: this.reasons(connections) ?? this.bulkDescription,
        defaultDenyIngress: isOpen('ingress'),
        defaultDenyEgress: isOpen('egress'),
      },
    );
    if (this.workload._observes) {
      spec._observe();
    }
    merged(lines).forEach(({ section, peer, traffic }) => spec._add(section, peer, [traffic]));
    const hasNames = lines.some(({ peer }) => peer._section.field === 'FQDNs');
    const opensOthers = lines.some(({ section }) => section === 'egress');
    if (hasNames || (opensOthers && this.workload._resolvesNames)) {
      (Cluster.ofConstruct(this)?.dns ?? DnsResolver.kubeDns())._open(spec);
    }
    this.added.forEach(([section, peer, traffic]) => spec._add(section, peer, traffic));
    return spec;
  }

  /** What a connection says of this workload, on each of its sides. */
  private linesOf(connection: Connection, isWhole = false): Line[] {
    const { client, server } = connection;
    const inNamespace = this.workload._namespace;
    const lines: Line[] = [];
    if (client === this.workload || this.isIn(client)) {
      const peer = server instanceof Connectable ? server._peer(inNamespace, isWhole) : server._target(inNamespace);
      lines.push({ section: 'egress', peer, traffic: nearTraffic(connection, 'client', this.workload) });
    }
    if (server === this.workload || this.isIn(server)) {
      lines.push({
        section: 'ingress',
        peer: client._peer(inNamespace, isWhole),
        traffic: nearTraffic(connection, 'server', this.workload),
      });
    }
    return lines;
  }

  /** One line for each reason, in an order that does not depend on the program's. */
  private reasons(connections: readonly Connection[]): string | undefined {
    const lines = connections.flatMap((connection) => {
      const { client, server, traffic, because } = connection;
      return because === undefined
        ? []
        : this.linesOf(connection).map(({ section }) => {
            const other = section === 'egress' ? `to ${server.name}` : `from ${client.name}`;
            return `${other} on ${trafficText(traffic)}: ${because}`;
          });
    });
    return lines.length === 0 ? undefined : [...new Set(lines)].sort().join('\n');
  }

  private isIn(side: unknown): boolean {
    return side instanceof Workloads && side._includes(this.workload._pods().allLabels, this.workload._namespace);
  }

  /** Manifests can change after a validation, so they are looked at again. */
  private rendered(): object {
    return inOneLook(() => {
      const problems = this.problems();
      return problems.length === 0 ? this._specs[0]._render() : fail(problems.join('\n'), undefined, this);
    });
  }

  /** What only the whole app knows: ports that no pod listens on, and rules that open what others exclude. */
  private problems(): string[] {
    try {
      return inOneLook(() => {
        const own = this._specs[0]._validate(this.workload._namespace);
        return [...new Set([...own, ...this.deafPorts(), ...this.conflicts()])];
      });
    } catch (error) {
      return [(error as Error).message];
    }
  }

  private deafPorts(): string[] {
    const pods = this.workload._pods();
    const mine = connectionsAbout(this, this.workload).filter(({ server }) => server === this.workload);
    return mine.flatMap(({ traffic }) => {
      try {
        this.workload._mustListen(traffic, pods);
        return [];
      } catch (error) {
        return [(error as Error).message];
      }
    });
  }

  /** A workload is selected by few of its labels, but it may be among all pods of some labels by others. */
  private conflicts(): string[] {
    const connections = connectionsAbout(this, this.workload);
    if (connections.length < 2) {
      return [];
    }
    const lines = connections.flatMap((one) => this.linesOf(one, true));
    const statements = lines.map(({ section, peer, traffic }) => ({ section, peer: peer._section, parts: traffic._parts() }));
    return conflictsAmong(statements, this.workload._namespace);
  }
}

/** Rules with the same traffic share their endpoints. The result does not depend on the order of the program. */
function merged(lines: readonly Line[]): Line[] {
  const keyOf = ({ section, peer: { _section: peer }, traffic }: Line) =>
    JSON.stringify([section, peer.field, peer.field === 'Endpoints' ? '' : peer.items, traffic._parts()]);
  return [...groupedBy(lines, keyOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, [first, ...rest]]) => (rest.length === 0 ? first : { ...first, peer: united([first, ...rest]) }));
}

function united(lines: readonly Line[]): EgressPeer {
  const selectors = lines.flatMap(({ peer }) => (peer instanceof Peer ? (peer._selectors ?? []) : []));
  if (selectors.length === 0) {
    return lines[0].peer;
  }
  const byText = new Map(selectors.map((selector) => [selector._key(), selector]));
  return Peer.endpoints(...[...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, selector]) => selector));
}

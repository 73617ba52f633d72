import { IConstruct } from 'constructs';
import { fail, mustBeConstruct, mustBeText, shown } from '../../props/errors';
import { mustFit, Shape, text } from '../../props/shape';
import { EgressTraffic, Traffic } from '../traffic';
import { Connectable, ConnectionTarget } from './connectable';
import { ConnectionRequirement } from './connection-requirement';
import { addConnection, Connection, connectionsOf, workloadsOf } from './private/connections-of';
import { requirementsOf } from './private/requirements-of';
import { asWorkload, WorkloadSide } from './private/sides';

/** Options of a connection. */
export interface ConnectionOptions {
  /**
   * What the connection is for. It becomes a line of the policy's description.
   *
   * @default - nothing is said
   */
  readonly because?: string;
}

const OPTIONS: Shape<ConnectionOptions> = { because: { optional: text } };

/**
 * What a workload may connect to, and who may connect to it.
 *
 * Each connection is written on both sides: egress of the client and ingress of the server, in the policy of each. HTTP rules, server names and
 * TLS are written once, at the server, or at the client if the server's policy is not written here or only observes.
 */
export class Connections {
  /**
   * Returns the sides of connections that the app does not write, because the workloads are imported or only known by labels.
   *
   * A test can ask each of them of the other team's policies: `source`, `destination`, `port` and `protocol` are those of a `PolicyFlow`.
   *
   * @param scope the app, a chart or a construct: the requirements of the workloads in it and its descendants
   */
  public static requirementsIn(scope: IConstruct): ConnectionRequirement[] {
    mustBeConstruct('scope', scope);
    return connectionsOf(scope)
      .filter(({ client, server }) => [client, server].some((side) => isBelow(asWorkload(side)?._scope, scope)))
      .flatMap(requirementsOf);
  }

  /** @internal */
  public static _of(workload: WorkloadSide): Connections {
    return new Connections(workload);
  }

  private constructor(private readonly workload: WorkloadSide) {}

  /**
   * Allows the workload to open connections.
   *
   * @param target the other side
   * @param traffic one port, or `Ports.of()` for several
   * @param options what it is for
   */
  public allowTo(target: ConnectionTarget, traffic: EgressTraffic, options: ConnectionOptions = {}): void {
    this.add({ client: this.workload, server: target, traffic, ...options }, target, options);
  }

  /**
   * Allows others to open connections to the workload.
   *
   * @param client the other side
   * @param traffic one port, or `Ports.of()` for several
   * @param options what it is for
   */
  public allowFrom(client: Connectable, traffic: Traffic, options: ConnectionOptions = {}): void {
    this.add({ client, server: this.workload, traffic, ...options }, client, options);
  }

  private add(connection: Connection, other: ConnectionTarget, options: ConnectionOptions): void {
    const { client, server, traffic, because } = connection;
    const scope = asWorkload(other)?._scope;
    const at = this.workload._scope ?? scope;
    if (!(server instanceof ConnectionTarget) || !(client instanceof Connectable)) {
      const help = 'create it with a factory method of Workload, Workloads, External or Gateway';
      fail(`other side of a connection of ${this.workload.name} is ${shown(other)}`, help, at);
    }
    if (!(traffic instanceof (server === this.workload ? Traffic : EgressTraffic))) {
      fail(`traffic of a connection is ${shown(traffic)}`, 'give a port, or Port.everything() for all traffic', at);
    }
    if (traffic._parts().every(({ is }) => is === 'authentication')) {
      fail('traffic of a connection names no port', 'give a port, or Port.everything() for all traffic', at);
    }
    mustFit('ConnectionOptions', OPTIONS, options, { at });
    if (because !== undefined) {
      mustBeLine(because, at);
    }
    if (at === undefined) {
      fail(`neither ${client.name} nor ${server.name} belongs to this program`, 'use Workload.of() or Workload.labels() for one of them');
    }
    if (scope !== undefined && scope.node.root !== at.node.root) {
      fail(`${client.name} and ${server.name} belong to different apps`, 'use Workload.imported() for what another app makes', at);
    }
    asWorkload(server)?._mustListen(traffic);
    addConnection(at, connection);
    [client, server].forEach((side) => asWorkload(side)?._write());
    workloadsOf(at).forEach((workload) => workload._writeIfAmong([client, server]));
  }
}

function isBelow(one: IConstruct | undefined, scope: IConstruct): boolean {
  return one?.node.scopes.includes(scope) === true;
}

function mustBeLine(because: string, at?: IConstruct): void {
  mustBeText('because', because, at);
  if (because.trim() === '' || /[\r\n]/.test(because)) {
    fail('because is empty, or has several lines', 'write one line', at);
  }
}

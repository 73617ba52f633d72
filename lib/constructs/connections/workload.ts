import { ApiObjectMetadata, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { closest } from '../../net/did-you-mean';
import { parseNamespaceName } from '../../net/label';
import { fail, must, mustBeConstruct, mustBeText, shown } from '../../props/errors';
import { a, flag, mapping, mustFit, Shape, TypeCheck } from '../../props/shape';
import { Peer } from '../peer';
import { Port } from '../port';
import { PortProtocol } from '../private/manifest';
import { mustSelectPeers } from '../private/selector-scope';
import { METADATA } from '../render/shapes';
import { Selector } from '../selector';
import { EgressTraffic } from '../traffic';
import { Connectable, ConnectionTarget } from './connectable';
import { Connections } from './connections';
import { connectionsOf, workloadsOf } from './private/connections-of';
import { ContainerPort, Pods, podsOf, serviceBehind, workloadObject } from './private/pods';
import { WorkloadPolicy } from './private/workload-policy';
import { labelText, Workloads } from './workloads';

/** What is known of every workload. */
export interface WorkloadPorts {
  /**
   * The ports that the pods listen on, by name, in addition to those of their containers. A connection to another port throws.
   *
   * @default - the ports of the containers; any port if there are none
   */
  readonly ports?: { readonly [name: string]: Port };
}

/** Options of a workload whose policy is written here. */
export interface WorkloadOptions extends WorkloadPorts {
  /**
   * Whether the pods look up names of the cluster, such as Services, so that DNS is opened with their first connection to others.
   *
   * @default false - DNS is opened only if a connection goes to a name outside the cluster
   */
  readonly resolvesNames?: boolean;
  /**
   * Whether the policy only observes: it is rendered without closing anything, as the first step of a safe rollout. Its rules only add to what
   * other policies allow.
   *
   * @default false
   */
  readonly observe?: boolean;
  /**
   * Name, labels and annotations of the policy.
   *
   * @default - named after the workload, `NAME-connections`
   */
  readonly metadata?: ApiObjectMetadata;
}

const ports: TypeCheck = (value, what, at) => {
  mapping(value, what, at);
  Object.entries(value as object).forEach(([name, port]) => a(Port)(port, `value of \`${name}\` in ${what}`, at));
};

const PORTS: Shape<WorkloadPorts> = { ports: { optional: ports } };
const OPTIONS: Shape<WorkloadOptions> = {
  ...PORTS,
  resolvesNames: { optional: flag },
  observe: { optional: flag },
  metadata: { optional: METADATA },
};

/**
 * Some pods, and the connections that they have.
 *
 * A workload with connections has one policy. It closes every direction in which the workload has a connection of its own, for everything that is
 * not allowed, also by other policies. Without connections there is no policy, and nothing is closed.
 *
 * It does not protect against processes on the pods' own node, which Cilium always allows. Any other policy can open more.
 *
 * @example
 *
 * const web = Workload.labels(chart, 'Web', { app: 'web' });
 * const db = Workload.labels(chart, 'Db', { app: 'db' }, { ports: { sql: Port.tcp(5432) } });
 * web.connections.allowTo(db, db.port('sql'), { because: 'orders' });
 * web.connections.allowTo(External.domains('api.stripe.example'), Port.tcp(443));
 * web.connections.allowFrom(Gateway.ciliumIngress(), Port.tcp(8080));
 */
export class Workload extends Connectable {
  /**
   * Returns the pods of a workload of the app: an ApiObject with a pod template, or a construct with one below it, such as a Deployment of
   * cdk8s-plus. Labels, namespace and container ports are read when the app is synthesized.
   *
   * @param workload the workload
   * @param options more about it; only when the workload is first named
   */
  public static of(workload: IConstruct, options: WorkloadOptions = {}): Workload {
    if (!Construct.isConstruct(workload)) {
      fail(`workload is ${shown(workload)}, not a construct`, 'write Workload.labels() for pods that the app does not make');
    }
    mustFit('Workload.of', OPTIONS, options, { at: workload });
    const known = workloads.get(workload);
    if (known !== undefined) {
      if (Object.keys(options).length > 0) {
        fail(`workload ${known.name} is already known`, 'give its options where it is first named', workload);
      }
      return known;
    }
    const object = workloadObject(workload);
    const space = object.metadata.namespace;
    const made = new Workload(object.name, space, () => podsOf(object), { scope: workload, options });
    workloads.set(workload, made);
    return made;
  }

  /**
   * Returns pods by their labels, in the namespace of `metadata` or of the chart.
   *
   * @param scope the chart or construct that the policy belongs to
   * @param id the id of the policy's construct; the policy is called after it, unless `metadata` names it
   * @param labels keys and values, at least one
   * @param options more about it
   */
  public static labels(scope: Construct, id: string, labels: { [key: string]: string }, options: WorkloadOptions = {}): Workload {
    mustBeConstruct('scope', scope);
    mustBeText('id of a workload', id, scope);
    if (kebab(id) === '') {
      fail(`id of a workload \`${id}\` has no letter and no digit`, 'give an id, for example `Web`: the policy is named after it', scope);
    }
    const holder = new Construct(scope, id);
    mustFit('Workload.labels', OPTIONS, options, { at: holder });
    mustSelectPeers(Selector.labels(labels));
    const space = options.metadata?.namespace ?? Chart.of(scope).namespace;
    return new Workload(kebab(id), space, () => ({ labels, allLabels: labels, ports: [] }), { scope: holder, options });
  }

  /**
   * Returns pods whose policy another program writes. Connections with them write only the near side; the far side is a requirement
   * (`Connections.requirementsIn()`).
   *
   * @param inNamespace the namespace of the pods
   * @param labels keys and values, at least one
   * @param options more about it
   */
  public static imported(inNamespace: string, labels: { [key: string]: string }, options: WorkloadPorts = {}): Workload {
    must('namespace', inNamespace, parseNamespaceName);
    mustFit('Workload.imported', PORTS, options);
    mustSelectPeers(Selector.labels(labels));
    return new Workload(labelText(labels), inNamespace, () => ({ labels, allLabels: labels, ports: [] }), { options });
  }

  /** What the workload may connect to, and who may connect to it. */
  public readonly connections: Connections;

  /** How it is called in descriptions, for example `shop/web`. */
  public readonly name: string;

  /**
   * The construct whose child the policy is; none if the policy is not written here.
   *
   * @internal
   */
  public readonly _scope?: Construct;

  private readonly options: WorkloadOptions;
  private isWritten = false;

  private constructor(
    private readonly shortName: string,
    private readonly space: string | undefined,
    private readonly read: () => Pods,
    { scope, options }: { scope?: IConstruct; options: WorkloadOptions },
  ) {
    super();
    this.name = `${space ?? ''}/${shortName}`;
    this.options = options;
    if (scope !== undefined) {
      this._scope = scope;
      if (space === undefined) {
        fail(`workload ${shortName} has no namespace`, 'set the namespace of its chart, or of its metadata', scope);
      }
      workloadsOf(scope).push(this);
      this._writeIfAmong(connectionsOf(scope).flatMap(({ client, server }) => [client, server]));
    }
    this.connections = Connections._of(this);
  }

  /**
   * Returns a port by its name: of `ports`, or of the containers.
   *
   * @param name the name of the port
   */
  public port(name: string): Port {
    const given = this.options.ports ?? {};
    if (Object.hasOwn(given, name)) {
      return given[name];
    }
    const containers = this.read().ports;
    const found = containers.find((one) => one.name === name);
    if (found === undefined) {
      const names = [...Object.keys(given), ...containers.flatMap((one) => one.name ?? [])];
      const guess = typeof name === 'string' ? closest(name, names) : undefined;
      const help = guess === undefined ? `its ports are ${names.join(', ') || 'not named'}` : `did you mean \`${guess}\`?`;
      fail(`${this.name} has no port ${shown(name)}`, help, this._scope);
    }
    return found.protocol === 'UDP' ? Port.udp(found.number) : found.protocol === 'SCTP' ? Port.sctp(found.number) : Port.tcp(found.number);
  }

  /** @internal */
  public get _namespace(): string {
    return this.space ?? '';
  }

  /** @internal */
  public get _labels(): { readonly [key: string]: string } {
    return this.read().labels;
  }

  /** @internal */
  public override _peer(inNamespace: string): Peer {
    const selector = Selector.labels({ ...this._labels });
    return Peer.endpoints(inNamespace === this.space ? selector : selector.inNamespace(this._namespace));
  }

  /** @internal */
  public _end(): string {
    return `labels:${labelText(this._labels)}@${this._namespace}`;
  }

  /** @internal */
  public get _resolvesNames(): boolean {
    return this.options.resolvesNames ?? false;
  }

  /** @internal */
  public get _observes(): boolean {
    return this.options.observe ?? false;
  }

  /**
   * Creates the policy with the first connection.
   *
   * @internal
   */
  public _write(): void {
    if (this._scope !== undefined && !this.isWritten) {
      this.isWritten = true;
      const metadata = { name: `${this.shortName}-connections`, ...this.options.metadata, namespace: this.space };
      new WorkloadPolicy(this._scope, 'Connections', this, metadata);
    }
  }

  /**
   * Creates the policy if a connection is with all pods of some labels, and this workload has them: it gets its side without a connection of its
   * own.
   *
   * @internal
   */
  public _writeIfAmong(sides: readonly ConnectionTarget[]): void {
    const isAmong = (side: ConnectionTarget) => side instanceof Workloads && side._includes(this.labelsNow, this._namespace);
    if (!this.isWritten && sides.some(isAmong)) {
      this._write();
    }
  }

  /** All labels of the pods; none if the manifest does not have them yet. */
  private get labelsNow(): Pods['allLabels'] {
    try {
      return this.read().allLabels;
    } catch {
      return {};
    }
  }

  /**
   * Throws if the pods do not listen on the port. What the containers say is known only when the app is synthesized.
   *
   * @internal
   */
  public _mustListen(traffic: EgressTraffic, pods?: Pods): void {
    const given = Object.values(this.options.ports ?? {}).map(({ _port }) => _port);
    if (pods === undefined && (given.length === 0 || this.isRead)) {
      return;
    }
    const containers = pods?.ports ?? [];
    const known = [...given, ...containers.map(({ number, protocol }): PortProtocol => ({ port: String(number), protocol }))];
    for (const port of portsOf(traffic)) {
      if (known.length > 0 && isOne(port) && !known.some((one) => isAmong(port, one)) && !isNamed(port, containers, this.options.ports)) {
        const service =
          this._scope === undefined || pods === undefined
            ? undefined
            : serviceBehind(this._scope.node.root, pods, this._namespace, Number(port.port));
        const listens = known.map((one) => `${one.port}/${one.protocol}`).join(', ');
        fail(
          `${this.name} does not listen on ${port.port}/${port.protocol}${service === undefined ? '' : `: ${service}`}`,
          `it listens on ${listens}; write the port of the container, or add it with the option ports`,
          this._scope,
        );
      }
    }
  }

  /** Whether the manifest of the workload says more than the options. */
  private get isRead(): boolean {
    return this._scope !== undefined && workloads.get(this._scope) === this;
  }

  /** @internal */
  public _pods(): Pods {
    return this.read();
  }

  /**
   * The number of a named port, where it is known, so that both sides say the same.
   *
   * @internal
   */
  public _numberOf(port: PortProtocol): PortProtocol {
    const given = this.options.ports ?? {};
    const name = Object.keys(given).find((one) => one.toLowerCase() === port.port.toLowerCase());
    const found = this.read().ports.find((one) => one.name === port.port.toLowerCase());
    if (name !== undefined) {
      return { ...given[name]._port, protocol: port.protocol };
    }
    return found === undefined ? port : { port: String(found.number), protocol: port.protocol };
  }
}

/** The workloads by the constructs that make them. */
const workloads = new WeakMap<IConstruct, Workload>();

function portsOf(traffic: EgressTraffic): readonly PortProtocol[] {
  return traffic._parts().flatMap((part) => (part.is === 'port' ? [part.port] : part.is === 'port-rule' ? part.rule.ports : []));
}

/** Whether it is a single port, by number or name. */
function isOne({ port, endPort }: PortProtocol): boolean {
  return port !== '0' && endPort === undefined;
}

function isAmong(port: PortProtocol, known: PortProtocol): boolean {
  const first = Number(known.port);
  const number = Number(port.port);
  const sameProtocol = port.protocol === known.protocol || port.protocol === 'ANY' || known.protocol === 'ANY';
  const inRange = first === 0 || (number >= first && number <= (known.endPort ?? first));
  return sameProtocol && (inRange || port.port.toLowerCase() === known.port.toLowerCase());
}

function isNamed({ port }: PortProtocol, containers: readonly ContainerPort[], given: WorkloadPorts['ports'] = {}): boolean {
  return (
    containers.some(({ name }) => name === port.toLowerCase()) ||
    Object.keys(given).some((name) => name.toLowerCase() === port.toLowerCase())
  );
}

/** `WebApi` becomes `web-api`. */
function kebab(id: string): string {
  return id
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]/)
    .filter((word) => word !== '')
    .join('-');
}

import { ApiObjectMetadata, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { closest } from '../../net/did-you-mean';
import { parseNamespaceName } from '../../net/label';
import { fail, must, mustBeConstruct, mustBeText, shown, within } from '../../props/errors';
import { a, flag, mapping, mustFit, Shape, some, TypeCheck } from '../../props/shape';
import { Peer } from '../peer';
import { Port } from '../port';
import { PortProtocol } from '../private/manifest';
import { mustBePodLabels } from '../private/selector-scope';
import { portsOf, portText } from '../private/traffic-text';
import { METADATA } from '../render/shapes';
import { Selector } from '../selector';
import { EgressTraffic } from '../traffic';
import { Connectable, ConnectionTarget } from './connectable';
import { Connections } from './connections';
import { connectionsAbout, workloadsOf } from './private/connections-of';
import { deafTo, knownPorts, KnownPort, numbersOf } from './private/listening';
import { Pods, podsOf, workloadObject } from './private/pods';
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

const PORTS: Shape<WorkloadPorts> = { ports: { optional: some(ports, 'leave ports out if they are not known') } };
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
    const object = workloadObject(workload);
    const known = workloads.get(object);
    if (known !== undefined) {
      if (Object.values(options).some((value) => value !== undefined)) {
        fail(`workload ${known.name} is already known`, 'give its options where it is first named', workload);
      }
      return known;
    }
    const space = object.metadata.namespace;
    const other = options.metadata?.namespace ?? space;
    if (other !== space) {
      fail(`the policy would be in namespace \`${other}\`, and the workload is in \`${space}\``, 'leave the namespace out', workload);
    }
    const made = new Workload(object.name, space, () => podsOf(object), { scope: workload, options, hasManifest: true });
    workloads.set(object, made);
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
    mustFit('Workload.labels', OPTIONS, options, { at: scope });
    const pods = podsLabeled(labels, scope);
    const space = options.metadata?.namespace ?? Chart.of(scope).namespace;
    return new Workload(kebab(id), space, () => pods, { scope: new Construct(scope, id), options });
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
    const pods = podsLabeled(labels);
    return new Workload(labelText(labels), inNamespace, () => pods, { options });
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
  /** Whether a manifest says more than the options, but only when the app is synthesized. */
  private readonly hasManifest: boolean;

  private constructor(
    private readonly shortName: string,
    private readonly space: string | undefined,
    private readonly read: () => Pods,
    { scope, options, hasManifest = false }: { scope?: IConstruct; options: WorkloadOptions; hasManifest?: boolean },
  ) {
    super();
    this.hasManifest = hasManifest;
    this.name = `${space ?? ''}/${shortName}`;
    this.options = { ...options, ports: options.ports && { ...options.ports } };
    if (scope !== undefined) {
      this._scope = scope;
      if (space === undefined) {
        fail(`workload ${shortName} has no namespace`, 'set the namespace of its chart, or of its metadata', scope);
      }
      workloadsOf(scope).push(this);
      this._writeIfAmong(connectionsAbout(scope, this).flatMap(({ client, server }) => [client, server]));
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
  public override _peer(inNamespace: string, isWhole = false): Peer {
    const { labels, allLabels } = this.read();
    const selector = Selector.labels(isWhole ? allLabels : labels);
    return Peer.endpoints(inNamespace === this.space ? selector : selector.inNamespace(this._namespace));
  }

  /** @internal */
  public _end(): string {
    return `labels:${labelText(this.read().labels)}@${this._namespace}`;
  }

  /** @internal */
  public get _resolvesNames(): boolean {
    return this.options.resolvesNames ?? false;
  }

  /** @internal */
  public get _observes(): boolean {
    return this.options.observe ?? false;
  }

  /** @internal */
  public get _isWritten(): boolean {
    return this.isWritten;
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
    if (!this.isWritten && this._isAmong(sides)) {
      this._write();
    }
  }

  /**
   * Whether a side is all pods of some labels, and these are among them.
   *
   * @internal
   */
  public _isAmong(sides: readonly ConnectionTarget[]): boolean {
    return sides.some((side) => side instanceof Workloads && side._includes(this.labelsNow, this._namespace));
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
    if (pods === undefined && this.hasManifest) {
      return;
    }
    const known = knownPorts(this.givenPorts, pods ?? { ports: [] });
    const at = this._scope === undefined ? undefined : { root: this._scope.node.root, inNamespace: this._namespace };
    const problem = portsOf(traffic._parts())
      .map((port) => deafTo(port, known, pods, at))
      .find((one) => one !== undefined);
    if (problem !== undefined) {
      const listens = known.length === 0 ? '' : `it listens on ${known.map(({ port }) => portText(port)).join(', ')}; `;
      fail(`${this.name} ${problem}`, `${listens}write the port of the container, or add it with the option ports`, this._scope);
    }
  }

  private get givenPorts(): readonly KnownPort[] {
    return Object.entries(this.options.ports ?? {}).map(([name, { _port }]) => ({ name, port: _port }));
  }

  /** @internal */
  public _pods(): Pods {
    return this.read();
  }

  /**
   * The numbers of a named port, where they are known, so that both sides say the same.
   *
   * @internal
   */
  public _numbersOf(port: PortProtocol): readonly PortProtocol[] {
    return numbersOf(port, knownPorts(this.givenPorts, this.read()));
  }
}

/** The workloads by their manifests. */
const workloads = new WeakMap<IConstruct, Workload>();

/** Pods of which only the labels are known. */
function podsLabeled(labels: { [key: string]: string }, at?: IConstruct): Pods {
  within(at, () => mustBePodLabels(Selector.labels(labels)));
  const own = { ...labels };
  return { labels: own, allLabels: own, ports: [] };
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

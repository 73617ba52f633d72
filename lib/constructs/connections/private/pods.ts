/** What a workload says of its pods, recognized by its shape: cdk8s-plus is not loaded. */
import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isIdentityRelevant } from '../../../net/identity-labels';
import { fail, shown } from '../../../props/errors';
import { PortProtocol } from '../../private/manifest';

/** The pods of a workload, as its manifest describes them. */
export interface Pods {
  /** The labels that select them. */
  readonly labels: Readonly<Record<string, string>>;
  /** All of their labels. */
  readonly allLabels: Readonly<Record<string, string>>;
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
  readonly protocol: string;
}

/** The manifest of a workload, which is the construct itself or the only workload below it. Throws if there is none, or several. */
export function workloadObject(construct: IConstruct): ApiObject {
  const found = construct.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one) && hasPods(one));
  if (found.length !== 1) {
    const what = found.length === 0 ? `${shown(construct)} has no pod template` : `${shown(construct)} has ${found.length} pod templates`;
    fail(what, 'pass a Pod, or an object with a pod template such as a Deployment, or write Workload.labels()', construct);
  }
  return found[0];
}

/** Objects of the usual kinds need not have their template yet; others are recognized by it. */
function hasPods(object: ApiObject): boolean {
  return KINDS.includes(object.kind) || (object.toJson() as Manifest).spec?.template?.spec?.containers !== undefined;
}

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', 'Pod'];

/**
 * Runs something during which no manifest changes, so that each is rendered once. A manifest can change whenever the program runs, and rendering
 * it is expensive.
 */
export function inOneLook<T>(run: () => T): T {
  const outer = look;
  look ??= { pods: new Map(), services: new Map() };
  try {
    return run();
  } finally {
    look = outer;
  }
}

let look: { readonly pods: Map<ApiObject, Pods>; readonly services: Map<IConstruct, readonly Service[]> } | undefined;

/** Reads the manifest as it is now. Throws if no policy could select the pods. */
export function podsOf(object: ApiObject): Pods {
  const pods = look?.pods.get(object) ?? read(object);
  look?.pods.set(object, pods);
  return pods;
}

function read(object: ApiObject): Pods {
  const manifest = object.toJson() as Manifest;
  const template = templateOf(manifest);
  if (template.spec?.hostNetwork === true) {
    fail(
      'pods in the network of their node have no policy of their own',
      'write a CiliumClusterwideNetworkPolicy with nodeSelector',
      object,
    );
  }
  const allLabels = relevant(template.metadata?.labels);
  // The selector of a workload never changes, while other labels of its pods come and go.
  const selected = relevant(manifest.spec?.selector?.matchLabels);
  const labels = Object.keys(selected).length === 0 ? allLabels : selected;
  if (Object.keys(labels).length === 0) {
    fail('the pods have no labels that Cilium makes part of their identity', 'give them a label, such as `app`', object);
  }
  return {
    labels,
    allLabels: { ...allLabels, ...labels },
    ports: containersOf(template).flatMap(({ ports }) => (Array.isArray(ports) ? (ports as WrittenPort[]).map(portOf) : [])),
  };
}

/** The containers that serve: a sidecar may be an init container that is restarted always. */
function containersOf({ spec = {} }: Template): readonly WrittenContainer[] {
  const { containers, initContainers } = spec;
  const listed = (value: unknown) => (Array.isArray(value) ? (value as WrittenContainer[]) : []);
  return [...listed(containers), ...listed(initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always')];
}

interface WrittenContainer {
  readonly ports?: unknown;
  readonly restartPolicy?: string;
}

interface WrittenPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

/** The labels that are part of identities. */
function relevant(labels: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => isIdentityRelevant(key)));
}

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: unknown;
    readonly initContainers?: unknown;
  };
}

interface Manifest extends Template {
  readonly kind: string;
  readonly spec?: Template['spec'] & {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: Template;
    readonly jobTemplate?: { readonly spec?: { readonly template?: Template } };
  };
}

function templateOf(manifest: Manifest): Template {
  return manifest.spec?.jobTemplate?.spec?.template ?? manifest.spec?.template ?? manifest;
}

function portOf({ name, containerPort, protocol = 'TCP' }: WrittenPort): ContainerPort {
  return { name, number: containerPort, protocol };
}

/** The Services of the app that send a port to other ports of these pods: a connection meets the policy behind them. */
export function serviceBehind(root: IConstruct, { allLabels }: Pods, inNamespace: string, written: PortProtocol): string | undefined {
  const port = Number(written.port);
  const isMeant = ({ protocol = 'TCP' }: { protocol?: string }) => protocol === written.protocol || written.protocol === 'ANY';
  for (const { metadata, spec } of servicesIn(root)) {
    const { selector = {}, ports = [] } = spec ?? {};
    const selects = Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => allLabels[key] === value);
    const meant = ports.filter((given) => given.port === port && isMeant(given));
    const sent = meant.every(({ targetPort = port }) => targetPort !== port) ? meant[0] : undefined;
    if (selects && sent !== undefined && (metadata.namespace ?? inNamespace) === inNamespace) {
      return `${port} is a port of the Service \`${metadata.name}\`, which sends it to ${sent.targetPort}`;
    }
  }
  return undefined;
}

function servicesIn(root: IConstruct): readonly Service[] {
  const known = look?.services.get(root);
  const services =
    known ?? root.node.findAll().flatMap((one) => (ApiObject.isApiObject(one) && one.kind === 'Service' ? [one.toJson() as Service] : []));
  look?.services.set(root, services);
  return services;
}

interface Service {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string; readonly protocol?: string }[];
  };
}

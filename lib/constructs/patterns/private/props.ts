/** What the properties of intents have in common. */
import { IConstruct } from 'constructs';
import { NAMESPACE_NAME_KEY } from '../../../net/label-keys';
import { mustHaveItems, within } from '../../../props/errors';
import { flag, listOf, number, Shape, some, texts, TypeCheck } from '../../../props/shape';
import { Cluster } from '../../cluster';
import { CiliumPolicy } from '../../policy';
import { Port } from '../../port';
import { METADATA, POLICY_OPTIONS } from '../../render/shapes';
import { Selector } from '../../selector';
import { EgressTraffic, PlainTraffic } from '../../traffic';
import { DnsResolver } from '../dns-resolver';
import type { IntentProps } from '../intent';

/** The types of the properties of every intent. */
export const INTENT: Shape<IntentProps> = {
  metadata: { optional: METADATA },
  description: POLICY_OPTIONS.description,
  observe: { optional: flag },
  labels: POLICY_OPTIONS.labels,
  log: POLICY_OPTIONS.log,
};

/** The type of `apiserverPorts`. */
export const APISERVER_PORTS: TypeCheck = some(
  listOf(number),
  'leave them out to open every port, or give the port that the API server listens on, often 6443',
);

/** The type of `exceptNamespacesLabeled`. */
export const ONE_LABEL: TypeCheck = some(texts, 'give one label, or leave it out to except no namespace by a label');

/** What an intent passes to its policy. */
export function head({ metadata, description, labels, log }: IntentProps): Omit<IntentProps, 'observe'> {
  return { metadata, description, labels, log };
}

/** The `defaultDeny…` of an intent: off if it observes, otherwise what its rules imply. */
export function defaultDeny({ observe }: IntentProps): false | undefined {
  return observe === true ? false : undefined;
}

/** Lets a policy refuse deny rules if the intent only observes, because these would take effect. */
export function watched<T extends CiliumPolicy>(policy: T, { observe }: IntentProps): T {
  if (observe === true) {
    policy._observe();
  }
  return policy;
}

/** Which namespaces a policy for the whole cluster leaves alone. */
export interface Exceptions {
  readonly names: readonly string[];
  readonly labels?: { readonly [key: string]: string };
  /** Whether endpoints without a namespace (health, ingress, init) are left alone too. */
  readonly reserved: boolean;
}

/** Selects all namespaces except the given ones. */
export function everywhereBut({ names, labels, reserved }: Exceptions): Selector {
  const all = reserved ? Selector.all().inAnyNamespace() : Selector.all();
  const named = names.length === 0 ? all : all.outsideNamespaces(...names);
  return labels === undefined ? named : named.outsideNamespacesLabeled(labels);
}

/** Whether the labels are those of one namespace, by its name. */
export function isNamed(labels: { readonly [key: string]: string } | undefined, namespaces: readonly string[]): boolean {
  return labels !== undefined && namespaces.includes(labels[NAMESPACE_NAME_KEY]);
}

/** Throws if the list of ports is given but empty: the intent would open every port. */
export function mustSayPorts(ports: readonly EgressTraffic[] | undefined, at: IConstruct): void {
  if (ports !== undefined) {
    mustHaveItems('list of ports', ports, 'leave ports out to open every port', at);
  }
}

/** The resolver of an intent: its own, the cluster's, or CoreDNS. */
export function resolverOf(given: DnsResolver | undefined, at: IConstruct): DnsResolver {
  return given ?? Cluster.ofConstruct(at)?.dns ?? DnsResolver.kubeDns();
}

/** The ports of the API server: those given, the cluster's, or every port. */
export function apiserverTraffic(given: readonly number[] | undefined, at: IConstruct): PlainTraffic[] {
  const ports = given ?? Cluster.ofConstruct(at)?.apiserverPorts;
  return ports === undefined ? [] : within(at, () => ports.map((port) => Port.tcp(port)));
}

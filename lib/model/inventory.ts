/** What policies are judged against: the objects of a cluster, and what DNS answers. */
import type { Address } from '../net/address';
import type { Prefix } from '../net/prefix';

export interface Inventory {
  /** The labels of namespaces, by their names. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Pods, and what workloads make pods of, by `namespace/name`. */
  readonly pods: ReadonlyMap<string, Pod>;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, Service>;
  readonly groups: ReadonlyMap<string, CidrGroup>;
  /** What DNS answers, by names in lower case without a last dot. */
  readonly names: ReadonlyMap<string, readonly Address[]>;
}

/** A pod, the template of a workload's pods, or a pod that could exist. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty for the default one. */
  readonly serviceAccount: string;
  /** Empty for none. */
  readonly node: string;
  /** Whether it is its node to everybody. */
  readonly hostNetwork: boolean;
  readonly ports: readonly NamedPort[];
  readonly addresses: readonly Address[];
  /** In the place of those of its namespace, for a pod that could exist. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/** A port of a container that has a name. */
export interface NamedPort {
  /** In lower case. */
  readonly name: string;
  readonly number: number;
  /** `TCP`, `UDP` or `SCTP`. */
  readonly protocol: string;
}

export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly Address[];
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty where its backends are listed by hand. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  readonly backends: readonly Backend[];
  /** All addresses of its EndpointSlices, also of those without a port. */
  readonly listed: readonly Address[];
  /** Whether an EndpointSlice names it. */
  readonly isListed: boolean;
  /** Those inside the cluster, which are translated before policy sees a connection. */
  readonly clusterIps: readonly Address[];
  /** Whether there is a Service, and not only slices that name it. */
  readonly exists: boolean;
}

export interface ServicePort {
  readonly name: string;
  readonly number: number;
  /** At the pods: a number, or the name of a container's port in lower case. */
  readonly target: number | string;
  readonly protocol: string;
}

/** An address of an EndpointSlice, at one of its ports. */
export interface Backend {
  readonly address: Address;
  /** Of the port in the slice. */
  readonly portName: string;
  readonly port: number;
  readonly protocol: string;
  readonly isReady: boolean;
  /** Terminating, and serving still. */
  readonly isServing: boolean;
}

export interface CidrGroup {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly blocks: readonly Prefix[];
}

/** What DNS answers: addresses, by name. */
export type Names = Readonly<Record<string, readonly string[]>>;

/** The inventory that policies are judged against: the objects of a cluster, and the addresses that DNS returns. */
import type { Address } from '../net/address';
import type { Prefix } from '../net/prefix';

export interface Inventory {
  /** The labels of namespaces, by name. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Pods, and the pod templates of workloads, by `namespace/name`. */
  readonly pods: ReadonlyMap<string, Pod>;
  /**
   * The pods that a name means which is not the name of a pod, as keys of `pods`: those that an object of this name owns, or the templates of
   * workloads of several kinds that have the name in common.
   */
  readonly owned: ReadonlyMap<string, readonly string[]>;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, Service>;
  readonly groups: ReadonlyMap<string, CidrGroup>;
  readonly redirects: readonly LocalRedirect[];
  /** The addresses that DNS returns, by name in lower case without a final dot. */
  readonly names: ReadonlyMap<string, readonly Address[]>;
}

/** A pod, the pod template of a workload, or a hypothetical pod. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty for the default service account. */
  readonly serviceAccount: string;
  /** Empty if the pod is on no node. */
  readonly node: string;
  /** Whether the pod uses its node's network, and so has the identity of the node. */
  readonly hostNetwork: boolean;
  readonly ports: readonly NamedPort[];
  /** The numbers of its container ports that have no name. @default - none */
  readonly unnamedPorts?: readonly number[];
  /** The ports of its node that lead to it. @default - none */
  readonly hostPorts?: readonly HostPort[];
  readonly addresses: readonly Address[];
  /** Whether it stands for the pods of a workload, which may be several. @default false */
  readonly isTemplate?: true;
  /** Whether one of its pods is on every node. @default false */
  readonly isOnEveryNode?: true;
  /** Whether it stands for no running pod beside those that are listed, and so counts only where it is named. @default false */
  readonly isAbsent?: true;
  /** The other cluster of a mesh that it is in. @default - it is in the cluster that is judged */
  readonly cluster?: string;
  /** For a hypothetical pod, these labels replace the labels of its namespace. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/** A port of a node that leads to a pod. */
export interface HostPort {
  readonly number: number;
  readonly protocol: string;
  /** The port of the pod. */
  readonly target: number;
  /** The only address of the node that has the port; `undefined` for all of them. */
  readonly address: Address | undefined;
}

/** A named port of a container. */
export interface NamedPort {
  /** In lower case. */
  readonly name: string;
  readonly number: number;
  /** `TCP`, `UDP` or `SCTP`. */
  readonly protocol: string;
}

/** A node, from its Node and its CiliumNode. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly NodeAddress[];
  /** The addresses of the node's own endpoints. */
  readonly health: readonly Address[];
  readonly ingress: readonly Address[];
}

export interface NodeAddress extends Address {
  /** For example `InternalIP`, `ExternalIP` or `CiliumInternalIP`. */
  readonly type: string;
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty if the backends are listed by hand. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  readonly backends: readonly Backend[];
  /** All addresses of its EndpointSlices, including slices without a port. */
  readonly listed: readonly Address[];
  /** Whether an EndpointSlice names the Service. */
  readonly isListed: boolean;
  /** The addresses that are translated to backends, by Cilium or by kube-proxy. */
  readonly addresses: readonly ServiceAddress[];
  /** How clients outside of the cluster reach it; as a `ClusterIP` they do not. */
  readonly exposure: ServiceAddress['type'] | 'NodePort';
  /** Whether its name stands for its pods, and nothing is translated. */
  readonly isHeadless: boolean;
  /** Whether its name stands for another DNS name, and it has no backends. */
  readonly isAlias: boolean;
  /** Whether only the agents of some nodes know it, by an annotation. */
  readonly isOnSomeNodes: boolean;
  /** The program that translates its addresses, if it is not the default one. */
  readonly proxy: string | undefined;
  /** Whether only backends on the node of the client are asked: from inside of the cluster, and from outside on the node that receives a packet. */
  readonly isLocalInside: boolean;
  readonly isLocalOutside: boolean;
  /** Whether a load balancer's address is open to some sources only. */
  readonly hasSourceRanges: boolean;
  /** Whether other clusters of a mesh add backends. */
  readonly isGlobal: boolean;
  /** Whether the Service itself exists, and not only slices that name it. */
  readonly exists: boolean;
}

export interface ServiceAddress extends Address {
  readonly type: 'ClusterIP' | 'ExternalIP' | 'LoadBalancer';
}

export interface ServicePort {
  readonly name: string;
  readonly number: number;
  /** The port of the pods: a number, or the name of a container port in lower case. */
  readonly target: number | string;
  readonly protocol: string;
  /** The port of all nodes that is translated too. */
  readonly nodePort: number | undefined;
}

/** An address of an EndpointSlice, at one of its ports. */
export interface Backend {
  readonly address: Address;
  /** The name of the port in the slice. */
  readonly portName: string;
  readonly port: number;
  readonly protocol: string;
  readonly isReady: boolean;
  /** Whether the endpoint is terminating but still serving. */
  readonly isServing: boolean;
  /** The node that it is on; empty if that is not known. */
  readonly node: string;
}

/** Traffic that goes to pods on the node of the client instead. */
export interface LocalRedirect {
  /** The namespace of its pods. */
  readonly namespace: string;
  /** The address, or the Service as `namespace/name`, that it takes over. */
  readonly address: Address | undefined;
  readonly service: string | undefined;
  /** The ports that it takes over; empty for every port of a Service. */
  readonly ports: readonly RedirectPort[];
  /** The ports of the pods. Of several, the name decides. */
  readonly targets: readonly RedirectPort[];
  readonly selector: Readonly<Record<string, string>>;
  /** Whether the pods themselves reach the original destination. */
  readonly skipsOwn: boolean;
}

export interface RedirectPort {
  readonly number: number;
  readonly protocol: string;
  readonly name: string;
}

export interface CidrGroup {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly blocks: readonly Prefix[];
  /** Whether some of its CIDRs are filled in later. */
  readonly isVague: boolean;
}

/** The addresses that DNS returns, by name. */
export type Names = Readonly<Record<string, readonly string[]>>;

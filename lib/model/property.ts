/** What must hold of a set of policies, whatever pods there are. */
import type { JsonObject } from './json';
import type { Direction, Protocol } from './policy';

/** Ends of flows: those that one of the parts describes. */
export type EndSet = readonly EndPart[];

export type EndPart =
  | {
      readonly is: 'pods';
      /** By name. @default - pods of all namespaces */
      readonly namespaces?: readonly string[];
      /** @default - pods of all namespaces */
      readonly namespaceSelector?: LabelsWanted;
      /** @default - all pods of the namespaces */
      readonly podSelector?: LabelsWanted;
    }
  /** Cilium's entities. */
  | { readonly is: 'entities'; readonly names: readonly string[] }
  /** Addresses outside of the cluster. */
  | { readonly is: 'cidrs'; readonly texts: readonly string[] }
  /** DNS names and patterns of them; only as destinations. */
  | { readonly is: 'names'; readonly patterns: readonly string[] };

/** A label selector, as Kubernetes writes it. */
export interface LabelsWanted {
  readonly matchLabels: JsonObject;
  readonly matchExpressions: readonly JsonObject[];
}

/** Ports from `first` to `last`, 1–65535. */
export interface PortSpan {
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
}

/** All ends of a set, or all others. */
export interface Ends {
  readonly set: EndSet;
  /** The others: without the node that a pod is on, which always reaches its own pods. */
  readonly isOthers?: boolean;
}

/** What is demanded of policies: a property makes one or several demands. */
export type Demand = StateDemand | ChangeDemand;

/** What is demanded of the policies that are given. */
export type StateDemand =
  | PassingDemand
  /** That a policy closes the direction of every pod. */
  | { readonly is: 'closed'; readonly of: EndSet; readonly direction: Direction }
  | NodeDemand;

/** What is demanded of the flows between two sets. */
export type PassingDemand =
  /** That nothing passes, on the ports that are given or on all of them. */
  | { readonly is: 'nothing'; readonly from: Ends; readonly to: Ends; readonly ports?: readonly PortSpan[] }
  /** That every connection passes, on all the ports. */
  | { readonly is: 'everything'; readonly from: Ends; readonly to: Ends; readonly ports: readonly PortSpan[] };

/** That a change of policies opens, or closes, nothing but flows that are listed. */
export interface ChangeDemand {
  readonly is: 'changes-only';
  readonly kind: 'opened' | 'closed';
  /** The flows that may change; none if nothing may. */
  readonly flows: readonly FlowSet[];
}

/** The flows between two sets. */
export interface FlowSet {
  readonly from: EndSet;
  readonly to: EndSet;
  /** @default - all ports and protocols */
  readonly ports?: readonly PortSpan[];
}

/** That nodes reach the API server and each other, and are reached, on what a cluster needs. */
export interface NodeDemand {
  readonly is: 'nodes-open';
  /** The nodes that must be reached. @default - all that are listed */
  readonly nodes?: LabelsWanted;
  /** The port of the API server, of TCP. @default - it must be open whether it is 6443 or 443 */
  readonly apiserver?: number;
  /** Who must reach port 22 of each of them. @default - nobody must */
  readonly sshFrom?: EndSet;
  /** What each of them must reach on port 53. @default - nothing */
  readonly dns?: EndSet;
}

export interface Property {
  readonly name: string;
  /** Why it must hold. */
  readonly because?: string;
  /** What it is called in a file, for example `only-from`. */
  readonly kind: string;
  readonly demands: readonly Demand[];
  /** The pods whose owners may add policies of any content to their namespaces. @default - nobody adds any */
  readonly whoever?: EndSet;
  /** Where it is written, for example `apart.yaml:3`. */
  readonly place?: string;
}

/** Pods that do not exist, for example because an admission controller rejects them. */
export interface Assumption {
  readonly never: EndSet;
  readonly because?: string;
}

export interface Properties {
  readonly assumptions: readonly Assumption[];
  readonly properties: readonly Property[];
}

/** Properties as users write them, in YAML or as an object. */
export interface WrittenProperties {
  /** Sets by name, for several properties. @default - none */
  readonly sets?: Readonly<Record<string, WrittenSet>>;
  /** Pods that do not exist, for example because an admission controller rejects them. @default - every pod could exist */
  readonly assume?: readonly { readonly never: WrittenSet; readonly because?: string }[];
  readonly properties: readonly WrittenProperty[];
}

/** The name of a set, or what is in it. */
export type WrittenSet = string | WrittenPart | readonly (string | WrittenPart)[];

/** Pods, entities, CIDRs or names: one of these kinds. */
export interface WrittenPart {
  /** Pods of one namespace, or of several. */
  readonly namespace?: string | readonly string[];
  /** Pods of the namespaces with these labels, as Kubernetes writes a selector. */
  readonly namespaceSelector?: object;
  /** Pods with these labels, as Kubernetes writes a selector. */
  readonly podSelector?: object;
  /** Cilium's entities, for example `world`. */
  readonly entities?: string | readonly string[];
  readonly cidrs?: string | readonly string[];
  /** DNS names and patterns; only as destinations. */
  readonly names?: string | readonly string[];
}

/** A port such as `5432/TCP`, `53/UDP` or `8000-8010/TCP`; TCP if no protocol is written. */
export type WrittenPorts = string | number | readonly (string | number)[];

/** One of the properties, with its name and its reason. */
export interface WrittenProperty {
  /** @default - the kind of the property */
  readonly name?: string;
  /** Why it must hold. */
  readonly because?: string;
  /** The namespaces to which somebody may add policies of any content. @default - nobody adds any */
  readonly 'whoever-writes-in'?: WrittenSet;
  /** Nothing passes between two sets, in neither direction. */
  readonly isolated?: { readonly between: readonly [WrittenSet, WrittenSet]; readonly ports?: WrittenPorts };
  /** Only the listed ends reach a set; the node that a pod is on always does. */
  readonly 'only-from'?: { readonly to: WrittenSet; readonly from: WrittenSet; readonly ports?: WrittenPorts };
  /** A set reaches only the listed ends. */
  readonly 'no-egress-except'?: { readonly from: WrittenSet; readonly to: WrittenSet; readonly ports?: WrittenPorts };
  /** No address outside of the cluster reaches a set. */
  readonly 'unreachable-from-world'?: { readonly to: WrittenSet; readonly ports?: WrittenPorts };
  /** Every connection passes, on all of the ports. */
  readonly reachable?: { readonly from: WrittenSet; readonly to: WrittenSet; readonly ports: WrittenPorts };
  /** Nothing passes, whatever policies anybody adds to any namespace: a deny rule stands in the way. @default all ports */
  readonly 'deny-holds'?: { readonly from: WrittenSet; readonly to: WrittenSet; readonly ports?: WrittenPorts };
  /** A set reaches the API server. @default ports 6443/TCP */
  readonly 'apiserver-reachable'?: { readonly from: WrittenSet; readonly ports?: WrittenPorts };
  /** A set can look names up and reach them. @default ports 443/TCP */
  readonly 'names-learnable'?: { readonly from: WrittenSet; readonly names: string | readonly string[]; readonly ports?: WrittenPorts };
  /** A policy closes a direction of every pod of a set. @default direction both */
  readonly 'default-denied'?: { readonly of: WrittenSet; readonly direction?: 'ingress' | 'egress' | 'both' };
  /** What the cluster needs of the nodes that are listed passes. @default all nodes; the ports 6443/TCP and 443/TCP; no SSH and no DNS */
  readonly 'nodes-not-locked-out'?: {
    readonly nodes?: { readonly matchLabels?: object; readonly matchExpressions?: readonly object[] };
    readonly apiserver?: string | number;
    readonly 'ssh-from'?: WrittenSet;
    readonly dns?: WrittenSet;
  };
  /** A change of policies opens nothing but the flows that are listed; an empty list if it must open nothing. */
  readonly 'opens-only'?: readonly WrittenFlowSet[];
  /** A change of policies closes nothing but the flows that are listed; an empty list if it must close nothing. */
  readonly 'closes-only'?: readonly WrittenFlowSet[];
}

/** The flows between two sets. @default ports all */
export interface WrittenFlowSet {
  readonly from: WrittenSet;
  readonly to: WrittenSet;
  readonly ports?: WrittenPorts;
}

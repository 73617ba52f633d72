/**
 * The parts of a policy that the agent's rules are about, each with its place.
 *
 * They are those of the object as it is stored: unknown fields and nulls are gone, defaults are filled in. What has a wrong type is no part of it;
 * CIL240 says so.
 */
import type { Json, JsonObject } from '../../model/json';
import type { Path } from '../../model/path';

/** A place, made into a path only where something is wrong there. */
export interface Place {
  readonly step: string | number;
  readonly above?: Place;
}

export function pathTo(place: Place | undefined): Path {
  return place === undefined ? [] : [...pathTo(place.above), place.step];
}

/** A place below another one. */
export function below(above: Place | undefined, step: string | number, ...more: readonly (string | number)[]): Place {
  const place = { step, above };
  return more.length === 0 ? place : more.reduce<Place>((inner, next) => ({ step: next, above: inner }), place);
}

/** The whole object. */
export interface PolicyPart {
  readonly kind: string;
  readonly name: string;
  /** Empty where it is in none. */
  readonly namespace: string;
  readonly hasSpec: boolean;
  readonly hasSpecs: boolean;
  readonly place: undefined;
}

/** `spec`, or one of `specs`. */
export interface RulePart {
  readonly value: JsonObject;
  readonly policy: PolicyPart;
  /** Whether it is about nodes. */
  readonly isHost: boolean;
  readonly place: Place;
}

export type Section = 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny';

/** An entry of a section. */
export interface ElementPart {
  readonly section: Section;
  readonly isIngress: boolean;
  readonly isDeny: boolean;
  readonly rule: RulePart;
  /** The lists of peers that are not empty. */
  readonly peers: readonly PeerList[];
  readonly portRules: readonly PortRulePart[];
  /** How many entries `icmps` has. */
  readonly icmps: number;
  readonly place: Place;
}

export interface PeerList {
  readonly field: string;
  readonly place: Place;
}

/** What a selector chooses from. */
export type Selects = 'subject' | 'node' | 'endpoint' | 'cidrGroup' | 'service';

export interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export interface SelectorPart {
  /** The labels that it asks for; a null is an empty text to the agent. */
  readonly labels: readonly (readonly [string, string])[];
  readonly expressions: readonly Expression[];
  readonly selects: Selects;
  /** What the agent writes before each key before it looks at it. */
  readonly prefix: string;
  readonly place: Place;
}

/** A text that stands alone: a block, an entity, a server's name. */
export interface TextPart {
  readonly text: string;
  readonly place: Place;
}

/** An entry of `fromCIDRSet` or `toCIDRSet`. */
export interface CidrRulePart {
  readonly cidr: string;
  readonly group: string;
  readonly hasSelector: boolean;
  readonly except: readonly TextPart[];
  readonly place: Place;
}

/** An entry of `toPorts`. */
export interface PortRulePart {
  readonly value: JsonObject;
  readonly isIngress: boolean;
  readonly isDeny: boolean;
  readonly isHost: boolean;
  readonly ports: readonly PortPart[];
  /** How many rules of each kind there are; a kind that is not there is absent. */
  readonly l7: Readonly<Partial<Record<L7Kind, number>>>;
  /** How many rules there are of any kind. */
  readonly l7Rules: number;
  readonly place: Place;
}

export type L7Kind = 'http' | 'dns' | 'kafka' | 'l7';

/** An entry of `ports`. */
export interface PortPart {
  readonly port: string;
  readonly endPort: number;
  readonly protocol: string;
  readonly hasDnsRules: boolean;
  readonly place: Place;
}

/** A rule of HTTP, DNS or Kafka, or an FQDN. */
export interface ObjectPart {
  readonly value: JsonObject;
  readonly place: Place;
}

/** An entry of `icmps`. */
export interface IcmpPart {
  readonly fields: readonly IcmpFieldPart[];
  readonly place: Place;
}

export interface IcmpFieldPart {
  readonly family: string;
  /** Absent where there is none. */
  readonly type?: number | string;
  readonly place: Place;
}

/** A value of a type that the agent cannot decode. */
export interface MisfitPart {
  /** What would fit. */
  readonly expected: string;
  readonly place: Place;
}

/** The block of a NetworkPolicy. */
export interface IpBlockPart {
  readonly cidr: string;
  readonly except: readonly TextPart[];
  readonly place: Place;
}

/** A label that a rule carries. */
export interface RuleLabelPart {
  readonly value: Json;
  readonly place: Place;
}

/** All of them by name. */
export interface Parts {
  readonly policy: PolicyPart;
  readonly rule: RulePart;
  readonly element: ElementPart;
  readonly selector: SelectorPart;
  readonly cidr: TextPart;
  readonly cidrRule: CidrRulePart;
  readonly entity: TextPart;
  readonly portRule: PortRulePart;
  readonly port: PortPart;
  readonly serverName: TextPart;
  readonly http: ObjectPart;
  readonly dns: ObjectPart;
  readonly kafka: ObjectPart;
  readonly l7: ObjectPart;
  readonly fqdn: ObjectPart;
  readonly icmp: IcmpPart;
  readonly icmpField: IcmpFieldPart;
  readonly misfit: MisfitPart;
  readonly ipBlock: IpBlockPart;
  /** The protocol of a NetworkPolicy. */
  readonly protocol: TextPart;
  readonly ruleLabel: RuleLabelPart;
}

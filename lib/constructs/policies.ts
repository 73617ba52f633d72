import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { parseKubernetesKey, parseLabelValue } from '../net/label';
import { fail, must, mustBeConstruct, mustBeMember, mustBeText, shown } from '../props/errors';
import { ClusterNetworkPolicy } from './cluster-network-policy';
import { Entity } from './entity';
import { CiliumPolicy } from './policy';
import { containsEntity } from './private/peer-cover';
import { trafficTexts } from './private/traffic-text';
import { ViewedStatement } from './private/viewed-policy';
import { Tier } from './tier';

/** One rule of a policy, as it was written: what one call of a verb says. */
export interface PolicyRule {
  /** `ingress` or `egress`. */
  readonly direction: string;
  /** `allow` or `deny`; in a ClusterNetworkPolicy, an Accept is `allow`, and a Pass is `pass`. */
  readonly effect: string;
  /**
   * The kind of the peers: `any`, `endpoints`, `entities`, `cidrs`, `cidr-sets`, `nodes`, `groups`, `fqdns` or `services`.
   */
  readonly peerKind: string;
  /** The peers: names of entities, CIDRs, or the JSON of selectors and other items as the manifest has them. */
  readonly peers: string[];
  /**
   * The ports and ICMP types, for example `443/TCP`, `8000–8100/TCP`, `http/TCP`, `every UDP port` or `ICMP EchoRequest`. Empty for all
   * traffic.
   */
  readonly traffic: string[];
  /** Whether Cilium's proxy sees the connections, for HTTP rules, DNS names, server names, TLS or a listener. */
  readonly isInspected: boolean;
  /**
   * The mode of authentication.
   *
   * @default - the rule says nothing about authentication
   */
  readonly authentication?: string;
}

/** Visits policies one by one. */
export interface IPolicyVisitor {
  /**
   * Called for each policy.
   *
   * @param policy the policy
   */
  visitPolicy(policy: PolicyView): void;
}

/** One policy with its rules as data. */
export class PolicyView {
  /** @internal */
  public static _of(viewed: CiliumPolicy | ClusterNetworkPolicy): PolicyView {
    return new PolicyView(viewed);
  }

  private constructor(private readonly viewed: CiliumPolicy | ClusterNetworkPolicy) {}

  /** The construct. */
  public get construct(): IConstruct {
    return this.viewed;
  }

  /** The construct with its verbs, if it is of one of Cilium's kinds; nothing for a ClusterNetworkPolicy. */
  public get ciliumPolicy(): CiliumPolicy | undefined {
    return this.viewed instanceof CiliumPolicy ? this.viewed : undefined;
  }

  /** The path of the construct. */
  public get path(): string {
    return this.construct.node.path;
  }

  /** `CiliumNetworkPolicy`, `CiliumClusterwideNetworkPolicy` or `ClusterNetworkPolicy`. */
  public get kind(): string {
    return this.viewed.apiObject.kind;
  }

  /** The name in the cluster. */
  public get name(): string {
    return this.viewed.name;
  }

  /** The namespace; nothing for a clusterwide policy. */
  public get inNamespace(): string | undefined {
    return this.kind === 'CiliumNetworkPolicy' ? this.viewed.apiObject.metadata.namespace : undefined;
  }

  /** The tier of a ClusterNetworkPolicy; nothing for the other kinds, which stand between both tiers. */
  public get tier(): Tier | undefined {
    return this.viewed instanceof ClusterNetworkPolicy ? this.viewed.tier : undefined;
  }

  /** Whether every spec applies to nodes, and not to endpoints. */
  public get isForNodes(): boolean {
    return this.viewed._viewed().isForNodes;
  }

  /** What the policy is for; nothing if it does not say it, in its first spec if it has several. */
  public get description(): string | undefined {
    return this.viewed._viewed().description;
  }

  /** The labels of the manifest. */
  public get labels(): { [key: string]: string } {
    return { ...labelsOf(this.viewed.apiObject) };
  }

  /** The rules of all specs. */
  public get rules(): PolicyRule[] {
    return this.viewed._viewed().statements.map(ruleOf);
  }

  /**
   * Whether a rule allows connections from or to the entity, on any port. This is what rules say, not what flows come to: rules that deny or pass are
   * not counted, and neither are other policies.
   *
   * @param entity the entity. CIDRs with at least half of all addresses count as the world, with or without exceptions, and so do
   * names of stars alone; other CIDRs and names do not. Nodes without a condition count as all other nodes
   */
  public opens(entity: Entity): boolean {
    mustBeMember('entity', entity, Entity);
    return this.viewed._viewed().statements.some(({ effect, peer }) => effect === 'allow' && containsEntity(peer, entity));
  }

  /**
   * Says what the policy is for, if it does not say it itself.
   *
   * @param description the description
   */
  public describe(description: string): void {
    mustSay(description, this.viewed);
    this.viewed._viewed().describe(description);
  }

  /**
   * Adds a label to the manifest, unless it has one of that key.
   *
   * @param key the key
   * @param value the value
   */
  public addLabel(key: string, value: string): void {
    must('label key', key, parseKubernetesKey, this.viewed);
    must(`value of label \`${key}\``, value, parseLabelValue, this.viewed);
    if (!Object.hasOwn(this.labels, key)) {
      this.viewed.apiObject.metadata.addLabel(key, value);
    }
  }
}

/**
 * The policies of a construct and its descendants, as they are now, with their rules as data.
 *
 * @example
 *
 * const first = Policies.of(app).all[0];
 * const isOpen = first.opens(Entity.WORLD);
 * Policies.of(chart).addLabel('owner', 'shop');
 */
export class Policies {
  /**
   * Returns the policies of this library in a construct and its descendants. Policies of other libraries and of `cdk8s import` are not among them.
   *
   * @param scope the app, a chart or a construct
   */
  public static of(scope: IConstruct): Policies {
    mustBeConstruct('scope', scope);
    return new Policies(
      scope.node
        .findAll()
        .flatMap((one) => (one instanceof CiliumPolicy || one instanceof ClusterNetworkPolicy ? PolicyView._of(one) : [])),
    );
  }

  private constructor(
    /** The policies, in the order of the tree. */
    public readonly all: PolicyView[],
  ) {}

  /**
   * Visits every policy.
   *
   * @param visitor the visitor
   */
  public visit(visitor: IPolicyVisitor): void {
    if (typeof (visitor as Partial<IPolicyVisitor> | null | undefined)?.visitPolicy !== 'function') {
      fail(`visitor is ${shown(visitor)}, not a visitor`, 'give an object with the method visitPolicy');
    }
    this.all.forEach((policy) => visitor.visitPolicy(policy));
  }

  /**
   * Whether a rule of a policy allows connections from or to the entity; see `PolicyView.opens`.
   *
   * @param entity the entity
   */
  public opens(entity: Entity): boolean {
    mustBeMember('entity', entity, Entity);
    return this.all.some((policy) => policy.opens(entity));
  }

  /**
   * Says what the policies are for that do not say it themselves.
   *
   * @param description the description
   */
  public describe(description: string): void {
    mustSay(description);
    this.all.forEach((policy) => policy.describe(description));
  }

  /**
   * Adds a label to the manifests, unless they have one of that key.
   *
   * @param key the key
   * @param value the value
   */
  public addLabel(key: string, value: string): void {
    must('label key', key, parseKubernetesKey);
    must(`value of label \`${key}\``, value, parseLabelValue);
    this.all.forEach((policy) => policy.addLabel(key, value));
  }
}

function mustSay(description: string, at?: IConstruct): void {
  mustBeText('description', description, at);
  if (description.trim() === '') {
    fail('description is empty', 'say what the policies are for', at);
  }
}

function labelsOf({ metadata }: ApiObject): { readonly [key: string]: string } {
  return ((metadata.toJson() ?? {}) as { labels?: { [key: string]: string } }).labels ?? {};
}

function ruleOf({ direction, effect, peer, parts }: ViewedStatement): PolicyRule {
  return {
    direction,
    effect,
    peerKind: PEER_KINDS[peer.field],
    peers: peer.items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))),
    traffic: parts.flatMap(trafficTexts),
    isInspected: parts.some(({ is }) => is === 'port-rule'),
    authentication: parts.find((part) => part.is === 'authentication')?.mode,
  };
}

const PEER_KINDS = {
  any: 'any',
  Endpoints: 'endpoints',
  Entities: 'entities',
  CIDR: 'cidrs',
  CIDRSet: 'cidr-sets',
  Nodes: 'nodes',
  Groups: 'groups',
  FQDNs: 'fqdns',
  Services: 'services',
} as const;

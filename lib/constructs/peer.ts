import { parseNamespaceName, parseObjectName } from '../net/label';
import { containsFirst, parsePrefix } from '../net/prefix';
import { renderDnsName } from './private/dns-name';
import { Entity } from './entity';
import { fail, must, mustBeMember, mustHaveItems } from './private/errors';
import { PeerSection } from './private/parts';
import { Selector } from './selector';
import { mustNotNameNamespaces, NODES_HELP } from './private/selector-scope';

/**
 * Somebody whom an endpoint may open a connection to.
 *
 * Made by the factories of `Peer`. Those peers that can also open a connection themselves, or be denied, are `Peer`s.
 */
export abstract class EgressPeer {
  /** @internal */
  public get _use(): 'egress' | 'both' {
    return 'egress';
  }

  /** @internal */
  public abstract readonly _section: PeerSection;
}

/**
 * The other side of a rule: who may open a connection to the subject, or be opened one by it.
 *
 * A rule has one kind of peer; for two kinds, write two rules. Peers of one rule are alternatives.
 */
export class Peer extends EgressPeer {
  private static readonly CORE_DNS = Peer.endpoints(Selector.labels({ 'k8s-app': 'kube-dns' }).inNamespace('kube-system'));

  /** Anybody, inside the cluster or outside. */
  public static any(): Peer {
    return new Peer('any', []);
  }

  /**
   * Endpoints that carry all of these labels. Short for `Peer.endpoints(Selector.labels(labels))`.
   *
   * In a namespaced policy those of its own namespace, in a clusterwide policy those of every namespace.
   *
   * @param labels keys and values, at least one
   */
  public static labels(labels: { [key: string]: string }): Peer {
    return Peer.endpoints(Selector.labels(labels));
  }

  /**
   * Endpoints that any of the selectors matches.
   *
   * @param selectors at least one
   */
  public static endpoints(...selectors: Selector[]): Peer {
    mustHaveItems('list of selectors', selectors, 'an empty list would match nobody: give at least one selector');
    return new Peer(
      'Endpoints',
      selectors.map((selector) => selector._render()),
    );
  }

  /** Every endpoint in the policy's own namespace. Not for clusterwide policies, which have none. */
  public static sameNamespace(): Peer {
    return new Peer('Endpoints', [Selector.all()._render()], true);
  }

  /** The pods of CoreDNS, as kubeadm and most distributions label them. Where that does not hold, see `DnsResolver`. */
  public static kubeDns(): Peer {
    return Peer.CORE_DNS;
  }

  /**
   * Peers that Cilium knows by name.
   *
   * @param entities at least one
   */
  public static entities(...entities: Entity[]): Peer {
    mustHaveItems('list of entities', entities, 'an empty list would match nobody: give at least one entity');
    entities.forEach((entity) => mustBeMember('entity', entity, Entity));
    return new Peer('Entities', entities);
  }

  /** Addresses outside the cluster. Short for `Peer.entities(Entity.WORLD)`. */
  public static world(): Peer {
    return Peer.entities(Entity.WORLD);
  }

  /** Everything inside the cluster. Short for `Peer.entities(Entity.CLUSTER)`. */
  public static cluster(): Peer {
    return Peer.entities(Entity.CLUSTER);
  }

  /** The node that the endpoint runs on. Short for `Peer.entities(Entity.HOST)`. */
  public static host(): Peer {
    return Peer.entities(Entity.HOST);
  }

  /** All nodes but the one that the endpoint runs on. Short for `Peer.entities(Entity.REMOTE_NODE)`. */
  public static remoteNodes(): Peer {
    return Peer.entities(Entity.REMOTE_NODE);
  }

  /** All nodes, the endpoint's own included. Short for `Peer.entities(Entity.HOST, Entity.REMOTE_NODE)`. */
  public static allNodes(): Peer {
    return Peer.entities(Entity.HOST, Entity.REMOTE_NODE);
  }

  /** The Kubernetes API server. Short for `Peer.entities(Entity.KUBE_APISERVER)`. */
  public static kubeApiserver(): Peer {
    return Peer.entities(Entity.KUBE_APISERVER);
  }

  /** The proxy behind Cilium's Ingress and Gateway API. Short for `Peer.entities(Entity.INGRESS)`. */
  public static ingress(): Peer {
    return Peer.entities(Entity.INGRESS);
  }

  /** The endpoints of Cilium's health checks. Short for `Peer.entities(Entity.HEALTH)`. */
  public static health(): Peer {
    return Peer.entities(Entity.HEALTH);
  }

  /**
   * Addresses outside the cluster, by block. A block never matches pods or nodes, unless the agent's `policy-cidr-match-mode` says so.
   *
   * @param blocks CIDR notation, such as `192.0.2.0/24`, at least one
   */
  public static cidrs(...blocks: string[]): Peer {
    mustHaveItems('list of CIDRs', blocks, 'an empty list would match nobody: give at least one block');
    blocks.forEach((block) => must(parsePrefix(block)));
    return new Peer('CIDR', blocks);
  }

  /**
   * The addresses of a block, less those of the holes. The holes are not denied: another rule may still allow them.
   *
   * @param block CIDR notation
   * @param holes CIDR notation, inside the block, at least one
   */
  public static cidrExcept(block: string, ...holes: string[]): Peer {
    const outer = must(parsePrefix(block));
    mustHaveItems('list of excepted CIDRs', holes, 'write Peer.cidrs() for a block without holes');
    for (const hole of holes) {
      if (!containsFirst(outer, must(parsePrefix(hole)))) {
        fail(`excepted CIDR \`${hole}\` is not inside \`${block}\``, 'an exception carves addresses out of its block');
      }
    }
    return new Peer('CIDRSet', [{ cidr: block, except: holes }]);
  }

  /**
   * The addresses of `CiliumCidrGroup`s, by the groups' names. A group that does not exist has no addresses.
   *
   * @param names at least one
   */
  public static cidrGroups(...names: string[]): Peer {
    mustHaveItems('list of CIDR groups', names, 'an empty list would match nobody: give at least one name');
    names.forEach((name) => must(parseObjectName(name)));
    return new Peer(
      'CIDRSet',
      names.map((cidrGroupRef) => ({ cidrGroupRef })),
    );
  }

  /**
   * The addresses of the `CiliumCidrGroup`s that the selector matches.
   *
   * With only excluding requirements (`whereNotIn`, `whereAbsent`) it matches every address outside the cluster, also those of no group.
   *
   * @param selector about the labels of the groups
   */
  public static cidrGroupsLabeled(selector: Selector): Peer {
    mustNotNameNamespaces(selector, 'a selector of CIDR groups', 'CIDR groups have no namespace: select them by their own labels');
    return new Peer('CIDRSet', [{ cidrGroupSelector: selector._render() }]);
  }

  /**
   * Other nodes, by their labels; never the node that the endpoint runs on. Needs the agent's `enable-node-selector-labels`.
   *
   * @param selectors about the labels of nodes, at least one
   */
  public static nodes(...selectors: Selector[]): Peer {
    mustHaveItems('list of node selectors', selectors, 'an empty list would match nobody: give at least one selector');
    selectors.forEach((selector) => mustNotNameNamespaces(selector, 'a node selector', NODES_HELP));
    return new Peer(
      'Nodes',
      selectors.map((selector) => selector._render()),
    );
  }

  /**
   * Addresses that the Cilium operator looks up in AWS.
   *
   * @param groups at least one
   */
  public static awsGroups(...groups: AwsGroup[]): Peer {
    mustHaveItems('list of AWS groups', groups, 'an empty list would match everybody: give at least one group');
    groups.forEach(mustSayAnything);
    return new Peer(
      'Groups',
      groups.map((group) => ({ aws: group })),
    );
  }

  /**
   * Names, as resolved by the endpoint itself. Only as a destination.
   *
   * Cilium learns the addresses from the endpoint's own DNS look-ups, so these must pass its DNS proxy: allow the resolver with
   * `Port.dnsProxy()`, in this policy or in another that selects the endpoint. Names never match pods or nodes.
   *
   * @param names at least one: a name, or a pattern. `*` stands for any characters inside one label; `**.` in front for one label or more
   * since Cilium 1.19, for one before.
   */
  public static fqdns(...names: string[]): EgressPeer {
    mustHaveItems('list of names', names, 'an empty list would match everybody: give at least one name');
    return new Destination('FQDNs', names.map(renderDnsName));
  }

  /**
   * The backends of one Service. Only as a destination.
   *
   * With ports, a Service that Cilium does not find opens these ports to everybody; prefer `Peer.endpoints()` where the pods are known.
   * Ports are those of the backends, not of the Service.
   *
   * @param name the Service's name
   * @param inNamespace the Service's namespace
   */
  public static service(name: string, inNamespace: string): EgressPeer {
    must(parseObjectName(name));
    must(parseNamespaceName(inNamespace));
    return new Destination('Services', [{ k8sService: { serviceName: name, namespace: inNamespace } }]);
  }

  /**
   * The backends of all Services that the selector matches. Only as a destination.
   *
   * With ports, a selector that matches no Service opens these ports to everybody; prefer `Peer.endpoints()` where the pods are known.
   * Ports are those of the backends, not of the Service.
   *
   * @param selector about the labels of Services
   * @param inNamespace the Services' namespace
   */
  public static services(selector: Selector, inNamespace: string): EgressPeer {
    mustNotNameNamespaces(selector, 'a selector of Services', 'name the namespace in the second argument');
    must(parseNamespaceName(inNamespace));
    return new Destination('Services', [{ k8sServiceSelector: { selector: selector._render(), namespace: inNamespace } }]);
  }

  /** @internal */
  public override get _use(): 'both' {
    return 'both';
  }

  /** @internal */
  public readonly _section: PeerSection;

  private constructor(field: PeerSection['field'], items: readonly unknown[], ownNamespace?: boolean) {
    super();
    this._section = { field, items, ownNamespace };
  }
}

/** A peer that can only be connected to. */
class Destination extends EgressPeer {
  public readonly _section: PeerSection;

  public constructor(field: 'FQDNs' | 'Services', items: readonly unknown[]) {
    super();
    this._section = { field, items };
  }
}

/** Addresses that the Cilium operator looks up in AWS; all that is given must hold. */
export interface AwsGroup {
  /**
   * Tags of the instances.
   *
   * @default - instances with whatever tags
   */
  readonly labels?: { [key: string]: string };
  /**
   * Ids of security groups that the instances are in.
   *
   * @default - instances in whatever groups
   */
  readonly securityGroupsIds?: string[];
  /**
   * Names of security groups that the instances are in.
   *
   * @default - instances in whatever groups
   */
  readonly securityGroupsNames?: string[];
  /**
   * The AWS region. Cilium 1.20 ignores it.
   *
   * @default - the operator's own region
   */
  readonly region?: string;
}

function mustSayAnything(group: AwsGroup): void {
  const lists = [Object.keys(group.labels ?? {}), group.securityGroupsIds ?? [], group.securityGroupsNames ?? []];
  if (lists.every((list) => list.length === 0)) {
    fail('AWS group is empty', 'give labels, securityGroupsIds or securityGroupsNames');
  }
}

import { parseNamespaceName, parseObjectName } from '../net/label';
import { contains, parsePrefix } from '../net/prefix';
import { Entity } from './entity';
import { renderDnsName } from './private/dns-name';
import { fail, must, mustBeA, mustBeMember, mustHaveItems } from './private/errors';
import { LabelSelector } from './private/manifest';
import { PeerSection } from './private/parts';
import { mustSelectNodes, mustSelectObjects } from './private/selector-scope';
import { Selector } from './selector';

/**
 * Somebody whom an endpoint may open a connection to.
 *
 * Made by the factories of `Peer`; not to be extended. Those peers that can also open a connection themselves, or be denied, are `Peer`s.
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
    selectors.forEach((selector) => mustBeA(Selector, 'selector', selector));
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
    blocks.forEach((block) => must('CIDR', block, parsePrefix));
    return new Peer('CIDR', blocks);
  }

  /**
   * The addresses of a block, less those of the holes. The holes are not denied: another rule may still allow them.
   *
   * @param block CIDR notation
   * @param holes CIDR notation, inside the block, at least one
   */
  public static cidrExcept(block: string, ...holes: string[]): Peer {
    const outer = must('CIDR', block, parsePrefix);
    for (const hole of renderHoles(holes)) {
      if (!contains(outer, must('CIDR', hole, parsePrefix))) {
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
    names.forEach((name) => must('name of a CIDR group', name, parseObjectName));
    return new Peer(
      'CIDRSet',
      names.map((cidrGroupRef) => ({ cidrGroupRef })),
    );
  }

  /**
   * The addresses of a `CiliumCidrGroup`, less those of the holes. The holes are not denied: another rule may still allow them.
   *
   * @param name the group's name
   * @param holes CIDR notation, at least one
   */
  public static cidrGroupExcept(name: string, ...holes: string[]): Peer {
    must('name of a CIDR group', name, parseObjectName);
    return new Peer('CIDRSet', [{ cidrGroupRef: name, except: renderHoles(holes) }]);
  }

  /**
   * The addresses of the `CiliumCidrGroup`s that the selector matches.
   *
   * @param selector about the labels of the groups, with a requirement that they have some
   */
  public static cidrGroupsLabeled(selector: Selector): Peer {
    return new Peer('CIDRSet', [{ cidrGroupSelector: renderGroupSelector(selector) }]);
  }

  /**
   * The addresses of the `CiliumCidrGroup`s that the selector matches, less those of the holes.
   *
   * @param selector about the labels of the groups, with a requirement that they have some
   * @param holes CIDR notation, at least one
   */
  public static cidrGroupsLabeledExcept(selector: Selector, ...holes: string[]): Peer {
    return new Peer('CIDRSet', [{ cidrGroupSelector: renderGroupSelector(selector), except: renderHoles(holes) }]);
  }

  /**
   * Other nodes, by their labels; never the node that the endpoint runs on. Needs the agent's `enable-node-selector-labels`.
   *
   * @param selectors about the labels of nodes, at least one
   */
  public static nodes(...selectors: Selector[]): Peer {
    mustHaveItems('list of node selectors', selectors, 'an empty list would match nobody: give at least one selector');
    selectors.forEach((selector) => mustSelectNodes(selector, 'selector of nodes'));
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
    return new Peer('Groups', groups.map(renderAwsGroup));
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
    must('name of a Service', name, parseObjectName);
    must('namespace', inNamespace, parseNamespaceName);
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
    mustSelectObjects(
      selector,
      'selector of Services',
      'select Services by their own labels, and name the namespace in the second argument',
    );
    must('namespace', inNamespace, parseNamespaceName);
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

/**
 * Addresses that the Cilium operator looks up in AWS: those of instances that carry all of the tags, and those of instances in any of the
 * security groups. What is given adds up. Source: cilium `pkg/policy/groups/aws/aws.go`, `GetIPsFromGroup`.
 */
export interface AwsGroup {
  /**
   * Tags of instances.
   *
   * @default - no instances by their tags
   */
  readonly labels?: { [key: string]: string };
  /**
   * Ids of security groups.
   *
   * @default - no instances by ids of their security groups
   */
  readonly securityGroupsIds?: string[];
  /**
   * Names of security groups.
   *
   * @default - no instances by names of their security groups
   */
  readonly securityGroupsNames?: string[];
  /**
   * The AWS region: in the CRD, and read by nobody.
   *
   * @default - none
   */
  readonly region?: string;
}

function renderAwsGroup(group: AwsGroup): object {
  const { labels, securityGroupsIds, securityGroupsNames, region } = group ?? {};
  const lists = [Object.keys(labels ?? {}), securityGroupsIds ?? [], securityGroupsNames ?? []];
  if (lists.every((list) => list.length === 0)) {
    fail('AWS group is empty', 'give labels, securityGroupsIds or securityGroupsNames');
  }
  return {
    aws: {
      labels: labels && { ...labels },
      securityGroupsIds: securityGroupsIds && [...securityGroupsIds],
      securityGroupsNames: securityGroupsNames && [...securityGroupsNames],
      region,
    },
  };
}

function renderHoles(holes: string[]): string[] {
  mustHaveItems('list of excepted CIDRs', holes, 'give at least one, or leave the exception out');
  holes.forEach((hole) => must('excepted CIDR', hole, parsePrefix));
  return holes;
}

/**
 * A selector of CIDR groups that only excludes would match every address outside the cluster, also those of no group.
 *
 * Source: cilium `pkg/policy/types/selector.go`, `CIDRSelector.Matches`.
 */
function renderGroupSelector(selector: Selector): LabelSelector {
  mustSelectObjects(selector, 'selector of CIDR groups', 'select CIDR groups by their own labels');
  const rendered = selector._render();
  const includes = rendered.matchExpressions?.some(({ operator }) => operator === 'In' || operator === 'Exists') === true;
  if (rendered.matchLabels === undefined && !includes) {
    fail(
      'selector of CIDR groups asks for no label that they have',
      'it would match every address outside the cluster: write Peer.world() if that is meant',
    );
  }
  return rendered;
}

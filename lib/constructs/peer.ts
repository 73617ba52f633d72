import { parseNamespaceName, parseObjectName } from '../net/label';
import { contains, parsePrefix } from '../net/prefix';
import { fail, must, mustBeA, mustBeMember, mustHaveItems } from '../props/errors';
import { mustFit, listOf, Shape, some, text, texts } from '../props/shape';
import { Entity } from './entity';
import { LabelSelector } from './private/manifest';
import { renderDnsName } from './private/names';
import { PeerSection } from './private/parts';
import { mustSelectNodes, mustSelectObjects, mustSelectPeers } from './private/selector-scope';
import { Selector } from './selector';

/**
 * A peer that the subject may open a connection to.
 *
 * Created by the factory methods of `Peer`; not to be extended. A peer that can also open connections, or be denied, is a `Peer`.
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
 * The other side of a rule: the source or the destination of connections of the subject.
 *
 * A rule has one kind of peer; for two kinds, write two rules. The peers of one rule are alternatives.
 */
export class Peer extends EgressPeer {
  private static readonly CORE_DNS = Peer.endpoints(Selector.labels({ 'k8s-app': 'kube-dns' }).inNamespace('kube-system'));

  /** Matches every peer, inside and outside the cluster. */
  public static any(): Peer {
    return new Peer('any', []);
  }

  /**
   * Matches endpoints with all of these labels. Short for `Peer.endpoints(Selector.labels(labels))`.
   *
   * In a namespaced policy, matches endpoints of the policy's own namespace; in a clusterwide policy, endpoints of every namespace. For another
   * namespace, write `Peer.labels({ app: 'db' }).inNamespace('data')`.
   *
   * @param labels keys and values, at least one
   */
  public static labels(labels: { [key: string]: string }): Peer {
    return Peer.endpoints(Selector.labels(labels));
  }

  /**
   * Matches endpoints that any of the selectors selects.
   *
   * @param selectors at least one
   */
  public static endpoints(...selectors: Selector[]): Peer {
    mustHaveItems('list of selectors', selectors, 'an empty list would match no peer: give at least one selector');
    for (const selector of selectors) {
      mustBeA(Selector, 'selector', selector);
      mustSelectPeers(selector);
    }
    return Peer.of(selectors);
  }

  private static of(selectors: readonly Selector[], ownNamespace?: boolean): Peer {
    const items = selectors.map((selector) => selector._renderAsPeer());
    return new Peer('Endpoints', items, selectors, ownNamespace);
  }

  /** Matches every endpoint in the policy's own namespace. Not for clusterwide policies, which have no namespace. */
  public static sameNamespace(): Peer {
    return Peer.of([Selector.all()], true);
  }

  /** Matches the pods of CoreDNS, as kubeadm and most distributions label them. For other resolvers, see `DnsResolver`. */
  public static kubeDns(): Peer {
    return Peer.CORE_DNS;
  }

  /**
   * Matches the given entities.
   *
   * @param entities at least one
   */
  public static entities(...entities: Entity[]): Peer {
    mustHaveItems('list of entities', entities, 'an empty list would match no peer: give at least one entity');
    entities.forEach((entity) => mustBeMember('entity', entity, Entity));
    return new Peer('Entities', entities);
  }

  /** Matches addresses outside the cluster. Short for `Peer.entities(Entity.WORLD)`. */
  public static world(): Peer {
    return Peer.entities(Entity.WORLD);
  }

  /** Matches everything inside the cluster. Short for `Peer.entities(Entity.CLUSTER)`. */
  public static cluster(): Peer {
    return Peer.entities(Entity.CLUSTER);
  }

  /** Matches the node that the subject runs on. Short for `Peer.entities(Entity.HOST)`. */
  public static host(): Peer {
    return Peer.entities(Entity.HOST);
  }

  /** Matches all nodes except the node that the subject runs on. Short for `Peer.entities(Entity.REMOTE_NODE)`. */
  public static remoteNodes(): Peer {
    return Peer.entities(Entity.REMOTE_NODE);
  }

  /** Matches all nodes, including the node that the subject runs on. Short for `Peer.entities(Entity.HOST, Entity.REMOTE_NODE)`. */
  public static allNodes(): Peer {
    return Peer.entities(Entity.HOST, Entity.REMOTE_NODE);
  }

  /** Matches the Kubernetes API server. Short for `Peer.entities(Entity.KUBE_APISERVER)`. */
  public static kubeApiserver(): Peer {
    return Peer.entities(Entity.KUBE_APISERVER);
  }

  /** Matches the proxy behind Cilium's Ingress and Gateway API. Short for `Peer.entities(Entity.INGRESS)`. */
  public static ingress(): Peer {
    return Peer.entities(Entity.INGRESS);
  }

  /** Matches the endpoints of Cilium's health checks. Short for `Peer.entities(Entity.HEALTH)`. */
  public static health(): Peer {
    return Peer.entities(Entity.HEALTH);
  }

  /**
   * Matches addresses outside the cluster by CIDR. A CIDR never matches pods or nodes, unless the agent's `policy-cidr-match-mode` allows it.
   *
   * @param blocks at least one CIDR, for example `192.0.2.0/24`
   */
  public static cidrs(...blocks: string[]): Peer {
    mustHaveItems('list of CIDRs', blocks, 'an empty list would match no peer: give at least one CIDR');
    blocks.forEach((block) => must('CIDR', block, parsePrefix));
    return new Peer('CIDR', blocks);
  }

  /**
   * Matches the addresses of a CIDR without its exceptions. The exceptions are not denied: another rule may still allow them.
   *
   * @param block the CIDR
   * @param holes the exceptions: at least one CIDR inside the block
   */
  public static cidrExcept(block: string, ...holes: string[]): Peer {
    const outer = must('CIDR', block, parsePrefix);
    for (const hole of renderHoles(holes)) {
      if (!contains(outer, must('CIDR', hole, parsePrefix))) {
        fail(`excepted CIDR \`${hole}\` is not inside \`${block}\``, 'write an exception that is part of the CIDR');
      }
    }
    return new Peer('CIDRSet', [{ cidr: block, except: holes }]);
  }

  /**
   * Matches the addresses of `CiliumCidrGroup`s, by name. A group that does not exist has no addresses.
   *
   * @param names at least one
   */
  public static cidrGroups(...names: string[]): Peer {
    mustHaveItems('list of CIDR groups', names, 'an empty list would match no peer: give at least one name');
    names.forEach((name) => must('name of a CIDR group', name, parseObjectName));
    return new Peer(
      'CIDRSet',
      names.map((cidrGroupRef) => ({ cidrGroupRef })),
    );
  }

  /**
   * Matches the addresses of a `CiliumCidrGroup` without exceptions. The exceptions are not denied: another rule may still allow them.
   *
   * @param name the group's name
   * @param holes the exceptions: at least one CIDR
   */
  public static cidrGroupExcept(name: string, ...holes: string[]): Peer {
    must('name of a CIDR group', name, parseObjectName);
    return new Peer('CIDRSet', [{ cidrGroupRef: name, except: renderHoles(holes) }]);
  }

  /**
   * Matches the addresses of the `CiliumCidrGroup`s that the selector selects.
   *
   * @param selector selects groups by their labels; must require at least one label
   */
  public static cidrGroupsLabeled(selector: Selector): Peer {
    return new Peer('CIDRSet', [{ cidrGroupSelector: renderGroupSelector(selector) }]);
  }

  /**
   * Matches the addresses of the `CiliumCidrGroup`s that the selector selects, without exceptions.
   *
   * @param selector selects groups by their labels; must require at least one label
   * @param holes the exceptions: at least one CIDR
   */
  public static cidrGroupsLabeledExcept(selector: Selector, ...holes: string[]): Peer {
    return new Peer('CIDRSet', [{ cidrGroupSelector: renderGroupSelector(selector), except: renderHoles(holes) }]);
  }

  /**
   * Matches other nodes by their labels, but never the node that the subject runs on. Needs the agent's `enable-node-selector-labels`.
   *
   * @param selectors at least one selector of node labels
   */
  public static nodes(...selectors: Selector[]): Peer {
    mustHaveItems('list of node selectors', selectors, 'an empty list would match no peer: give at least one selector');
    selectors.forEach((selector) => {
      mustBeA(Selector, 'node selector', selector);
      mustSelectNodes(selector, 'node selector');
    });
    return new Peer(
      'Nodes',
      selectors.map((selector) => selector._render()),
    );
  }

  /**
   * Matches addresses that the Cilium operator looks up in AWS.
   *
   * @param groups at least one
   */
  public static awsGroups(...groups: AwsGroup[]): Peer {
    mustHaveItems('list of AWS groups', groups, 'an empty list would match every peer: give at least one group');
    return new Peer('Groups', groups.map(renderAwsGroup));
  }

  /**
   * Matches the addresses of DNS names, as resolved by the subject itself. Only as a destination.
   *
   * Cilium learns the addresses from the subject's own DNS look-ups, so these must pass through its DNS proxy: allow the resolver with
   * `Port.dnsProxy()`, in this policy or in another policy for the same endpoints. Names never match pods or nodes.
   *
   * @param names at least one name or pattern. `*` matches any characters within one label. `**.` at the beginning matches one or more labels
   * since Cilium 1.19, and one before.
   */
  public static fqdns(...names: string[]): EgressPeer {
    mustHaveItems('list of names', names, 'an empty list would match every peer: give at least one name');
    return new Destination('FQDNs', names.map(renderDnsName));
  }

  /**
   * Matches the backends of one Service. Only as a destination.
   *
   * With ports, a Service that Cilium does not find opens these ports to every peer. Prefer `Peer.endpoints()` if the pods are known.
   * Ports are the ports of the backends, not of the Service.
   *
   * @param name the Service's name
   * @param inNamespace the Service's namespace
   */
  public static service(name: string, inNamespace: string): EgressPeer {
    must('name of a Service', name, parseObjectName);
    if (name.includes('.')) {
      fail(`no Service has the name \`${name}\`, because names of Services have no dots`, `write \`${name.split('.', 1)[0]}\``);
    }
    must('namespace', inNamespace, parseNamespaceName);
    return new Destination('Services', [{ k8sService: { serviceName: name, namespace: inNamespace } }]);
  }

  /**
   * Matches the backends of all Services that the selector selects. Only as a destination.
   *
   * With ports, a selector that matches no Service opens these ports to every peer. Prefer `Peer.endpoints()` if the pods are known.
   * Ports are the ports of the backends, not of the Service.
   *
   * @param selector selects Services by their labels
   * @param inNamespace the Services' namespace
   */
  public static services(selector: Selector, inNamespace: string): EgressPeer {
    mustBeA(Selector, 'Service selector', selector);
    mustSelectObjects(selector, 'Service selector', 'select Services by their own labels, and give the namespace as the second argument');
    must('namespace', inNamespace, parseNamespaceName);
    return new Destination('Services', [{ k8sServiceSelector: { selector: selector._render(), namespace: inNamespace } }]);
  }

  /** @internal */
  public override get _use(): 'both' {
    return 'both';
  }

  /** @internal */
  public readonly _section: PeerSection;

  /**
   * The selectors of endpoints; none if the peer is not given by labels.
   *
   * @internal
   */
  public readonly _selectors?: readonly Selector[];

  private constructor(field: PeerSection['field'], items: readonly unknown[], selectors?: readonly Selector[], ownNamespace?: boolean) {
    super();
    this._section = { field, items, ownNamespace };
    this._selectors = selectors;
  }

  /**
   * Limits endpoints to a namespace. Throws for peers that are not given by labels, and for endpoints that are limited to another namespace.
   *
   * @param name the name of the namespace
   *
   * @example
   *
   * policy.allowTo(Peer.labels({ app: 'db' }).inNamespace('data'), Port.tcp(5432));
   */
  public inNamespace(name: string): Peer {
    const { _selectors: selectors, _section: section } = this;
    if (selectors === undefined || section.ownNamespace === true) {
      fail('only peers that are given by labels can be limited to a namespace', 'write Peer.labels() or Peer.endpoints()');
    }
    return Peer.of(selectors.map((selector) => selector.inNamespace(name)));
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
 * Addresses that the Cilium operator looks up in AWS: the addresses of instances that have all of the tags, and of instances in any of the
 * security groups. The properties add up. Source: cilium `pkg/policy/groups/aws/aws.go`, `GetIPsFromGroup`.
 */
export interface AwsGroup {
  /**
   * Tags of instances.
   *
   * @default - no instances are selected by tags
   */
  readonly labels?: { [key: string]: string };
  /**
   * Ids of security groups.
   *
   * @default - no instances are selected by ids of security groups
   */
  readonly securityGroupsIds?: string[];
  /**
   * Names of security groups.
   *
   * @default - no instances are selected by names of security groups
   */
  readonly securityGroupsNames?: string[];
  /**
   * The AWS region. The CRD has this field, but Cilium does not read it.
   *
   * @default - no region
   */
  readonly region?: string;
}

const NOTHING = 'leave it out to select no instances by it';

const AWS_GROUP: Shape<AwsGroup> = {
  labels: { optional: some(texts, NOTHING) },
  securityGroupsIds: { optional: some(listOf(text), NOTHING) },
  securityGroupsNames: { optional: some(listOf(text), NOTHING) },
  region: { optional: text },
};

function renderAwsGroup(group: AwsGroup): object {
  mustFit('AwsGroup', AWS_GROUP, group);
  const { labels, securityGroupsIds, securityGroupsNames, region } = group;
  if (labels === undefined && securityGroupsIds === undefined && securityGroupsNames === undefined) {
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
  mustHaveItems('list of excepted CIDRs', holes, 'give at least one CIDR, or use the peer without exceptions');
  holes.forEach((hole) => must('excepted CIDR', hole, parsePrefix));
  return holes;
}

/**
 * A selector of CIDR groups that only excludes would match every address outside the cluster, even addresses in no group.
 *
 * Source: cilium `pkg/policy/types/selector.go`, `CIDRSelector.Matches`.
 */
function renderGroupSelector(selector: Selector): LabelSelector {
  mustBeA(Selector, 'CIDR group selector', selector);
  mustSelectObjects(selector, 'CIDR group selector', 'select CIDR groups by their own labels');
  const rendered = selector._render();
  const includes = rendered.matchExpressions?.some(({ operator }) => operator === 'In' || operator === 'Exists') === true;
  if (rendered.matchLabels === undefined && !includes) {
    fail('CIDR group selector requires no label', 'it would match every address outside the cluster: write Peer.world() if you mean that');
  }
  return rendered;
}

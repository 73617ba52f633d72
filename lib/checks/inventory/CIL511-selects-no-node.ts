import { ccnp } from '../../admission/example';
import type { ClusterNode } from '../../model/inventory';
import { label } from '../../model/label';
import type { Path } from '../../model/path';
import { pathTo } from '../../model/path';
import type { LabelSelector, Policy, Requirement } from '../../model/policy';
import { closest } from '../../net/did-you-mean';
import { CLUSTER_KEY } from '../../net/label-keys';
import { placeholdersIn } from '../../read/placeholders';
import { meets } from '../../resolve/matching';
import type { SetCheck } from '../check';
import { isOfThisCluster } from './asked';
import { KnownCluster } from './known-cluster';
import { isVagueAt, labelPath } from './written-at';

const NODE = `---
apiVersion: v1
kind: Node
metadata:
  name: a
  labels:
    node-role.kubernetes.io/control-plane: ""
`;

const example = (value: string) => ({
  ...ccnp(
    `
    nodeSelector:
      matchLabels:
        node-role.kubernetes.io/control-plane: ${value}
    ingress:
      - fromEntities:
          - cluster
  `,
    { 'enable-host-firewall': 'true' },
  ),
});

const withNode = ({ yaml, ...more }: ReturnType<typeof example>) => ({ ...more, yaml: yaml + NODE });

export const check: SetCheck = {
  code: 'CIL511',
  name: 'selects-no-node',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a selector of nodes that matches no node of the inventory',
  why:
    'A host policy whose `nodeSelector` matches no node protects none, and `fromNodes` and `toNodes` that match none allow nobody. Most often a label has ' +
    'another value: those of roles, such as `node-role.kubernetes.io/control-plane`, are empty. If no node has the label at all, ' +
    'it is at info: the nodes may be others.',
  limits:
    "The given nodes may be some of the cluster's. Not reported: selectors that only exclude, those of another cluster, and labels that the agent does not keep.",
  source: 'https://docs.cilium.io/en/stable/security/policy/host/; cilium `pkg/policy/types/selector.go`',
  bad: withNode(example('"true"')),
  good: withNode(example('""')),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    const nodes = [...(cluster?.inventory.nodes.values() ?? [])];
    if (nodes.length === 0 || nodes.some(({ name, labels }) => placeholdersIn([name, labels]).length > 0)) {
      return;
    }
    const known = new KnownNodes(nodes);
    for (const policy of cluster!.policies) {
      for (const { path, ...wording } of selectorsIn(policy).flatMap((selector) => missedBy(selector, policy, cluster!, known))) {
        report(policy.resource, wording, undefined, ...path);
      }
    }
  },
};

/** The selectors of nodes: of the subject, and of peers. */
function selectorsIn({ rules, resource }: Policy): readonly LabelSelector[] {
  const subjects = rules.flatMap(({ subject: { is, selector } }) => (is === 'nodes' ? [selector] : []));
  const peers = rules.flatMap(({ peers: one }) => (one.is === 'selectors' ? one.selectors : []));
  const ofPeers = peers.flatMap((selector) => (selector.is === 'labels' && isOfNodes(pathTo(selector.at)) ? [selector] : []));
  return [...new Set([...subjects, ...ofPeers])].filter(({ at }) => at !== undefined && !isVagueAt(resource, ...pathTo(at)));
}

function isOfNodes(path: Path): boolean {
  return ['fromNodes', 'toNodes', 'nodes'].some((field) => path.includes(field));
}

class KnownNodes {
  private readonly found = new Map<string, boolean>();

  public constructor(public readonly all: readonly ClusterNode[]) {}

  public has(selector: LabelSelector): boolean {
    const found = this.found.get(selector.key) ?? this.all.some(({ labels }) => ownOf(selector).every((one) => meetsOne(one, labels)));
    this.found.set(selector.key, found);
    return found;
  }
}

/** What a selector asks of the labels that a Node has. */
function ownOf({ requirements }: LabelSelector): readonly Requirement[] {
  return requirements.filter(({ key, source }) => source !== 'reserved' && key !== CLUSTER_KEY);
}

function meetsOne(requirement: Requirement, labels: ClusterNode['labels']): boolean {
  const { key } = requirement;
  return meets({ ...requirement, source: 'any' }, Object.hasOwn(labels, key) ? [label('k8s', key, labels[key])] : []);
}

interface Missed {
  readonly path: Path;
  readonly message: string;
  readonly help?: string;
  /** Of some nodes of a cluster, none may have the label. */
  readonly severity?: 'info';
}

function missedBy(selector: LabelSelector, { resource }: Policy, { agent }: KnownCluster, nodes: KnownNodes): readonly Missed[] {
  const own = ownOf(selector);
  const keeps = ({ key }: Requirement) =>
    isOfNodes(pathTo(selector.at)) ? agent.keepsNodeLabel('node', key) : agent.keepsLabel('k8s', key);
  const isAsking = own.some(({ operator }) => operator === 'In' || operator === 'Exists');
  if (!isAsking || !own.every(keeps) || !isOfThisCluster(selector, agent) || nodes.has(selector)) {
    return [];
  }
  const unmet = own.find((one) => !nodes.all.some(({ labels }) => meetsOne(one, labels)));
  const path = unmet === undefined ? pathTo(selector.at) : labelPath(resource, selector.at!, unmet);
  return [{ path, message: 'the selector matches none of the given nodes', ...(unmet && helpFor(unmet, nodes)) }];
}

function helpFor({ key }: Requirement, { all }: KnownNodes): Pick<Missed, 'help' | 'severity'> {
  const values = [...new Set(all.flatMap(({ labels }) => (Object.hasOwn(labels, key) ? [labels[key]] : [])))];
  const near = closest(key, [...new Set(all.flatMap(({ labels }) => Object.keys(labels)))].slice(0, MOST_GUESSED));
  if (values.length > 0) {
    const shown = values.slice(0, MOST_NAMED).map((value) => `\`${value === '' ? '""' : value}\``);
    return { help: `nodes have \`${key}\` with ${shown.join(', ')}${values.length > MOST_NAMED ? ' and others' : ''}` };
  }
  return near === undefined ? { severity: 'info', help: `no node has the label \`${key}\`` } : { help: `did you mean \`${near}\`?` };
}

const MOST_NAMED = 3;

/** Of the keys of all nodes. */
const MOST_GUESSED = 1_000;

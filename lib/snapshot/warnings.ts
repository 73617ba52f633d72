/** What a user must know before relying on a verdict, as data. `report/` has the wording. */
import type { Admission } from '../admission/admit';
import { isKnownKind } from '../crd/minor';
import type { ConfigProblem } from '../model/config';
import type { Inventory } from '../model/inventory';
import type { Resource, Source } from '../model/origin';
import type { Path } from '../model/path';
import type { Policy } from '../model/policy';
import { groupOf } from '../read/kinds';
import type { PassedOver, ReadProblem } from '../read/problem';
import type { Read } from '../read/read';
import { Agent, isAssumed, switchedOffBy } from '../resolve/agent';
import type { Settings } from '../settings/settings';
import { mayTurn } from './redirects';

/** A rejected policy, with the findings that are the reason. */
export interface RefusedPolicy {
  readonly resource: Resource;
  readonly findings: Admission['findings'];
}

export type Warning =
  /** A name in the configuration that the minor does not know, or a key of which answers know nothing. */
  | { readonly is: ConfigProblem['is']; readonly config: ConfigProblem }
  /** A document that could not be read, which may hold a policy. */
  | { readonly is: 'unread'; readonly problem: ReadProblem }
  /** A folder that was passed over. */
  | { readonly is: 'skipped'; readonly folder: string }
  /** Files and folders that a pattern excludes. */
  | { readonly is: 'excluded'; readonly sources: readonly Source[] }
  /** A document that may be meant as a policy, and is a patch, a template of a chart, or a list of something else. */
  | { readonly is: 'passed-over'; readonly passedOver: PassedOver }
  /** A file whose objects get their namespace from kustomizations. */
  | { readonly is: 'namespaced'; readonly source: Source; readonly namespaces: ReadonlySet<string> }
  /** Policies that name no namespace, where nobody has given one. */
  | { readonly is: 'in-default'; readonly namespace: string; readonly policies: readonly Resource[] }
  | { readonly is: 'refused'; readonly policy: RefusedPolicy }
  /** A policy that occurs twice. Both are judged, but a cluster has only one. */
  | { readonly is: 'counted-twice'; readonly problem: ReadProblem }
  /** A policy with fields that the API server drops, so that it means less than is written. */
  | { readonly is: 'dropped'; readonly resource: Resource; readonly path: Path; readonly count: number }
  /** A policy with values that are not known yet. */
  | { readonly is: 'filled-in-later'; readonly problem: ReadProblem }
  /** A policy with `toServices` that names Services, as `namespace/name`, of which the inventory knows nothing. */
  | { readonly is: 'missing-service'; readonly resource: Resource; readonly services: readonly string[] }
  /** The policies of an inventory. */
  | { readonly is: 'left-out'; readonly policies: readonly Resource[] }
  /** An object of a kind that Cilium may act on, but that is not judged here. */
  | { readonly is: 'not-judged'; readonly resource: Resource }
  /** A policy of a kind that Cilium does not enforce; another network plugin may. */
  | { readonly is: 'not-enforced'; readonly resource: Resource }
  /** ClusterNetworkPolicies that count as enforced, because no configuration says whether they are. */
  | { readonly is: 'assumed'; readonly policies: readonly Resource[] }
  /** A policy that selects nodes while the host firewall is off, or of a kind that is switched off: the key of `cilium-config`. */
  | { readonly is: 'without-effect'; readonly resource: Resource; readonly key: string };

/** The parts of an opened snapshot that warnings are about. */
interface Opened {
  readonly read: Pick<Read, 'policies' | 'problems' | 'others' | 'sources' | 'passedOver' | 'namespacedBy'>;
  /** Further objects of the cluster. */
  readonly inventory: readonly Resource[];
  readonly services: Inventory['services'];
  readonly leftOut: readonly Resource[];
  readonly refused: readonly RefusedPolicy[];
  readonly admitted: readonly { readonly resource: Resource; readonly unknown: readonly Path[] }[];
  readonly policies: readonly Policy[];
  readonly settings: Pick<Settings, 'namespace' | 'configProblems'>;
}

export function warningsOf(opened: Opened, agent: Agent): readonly Warning[] {
  const { read, inventory, services, leftOut, refused, admitted, policies, settings } = opened;
  const { policies: given, problems, others, sources, passedOver, namespacedBy } = read;
  const excluded = sources.filter(({ excludedBy }) => excludedBy !== undefined);
  const counts = new Set(policies.map(({ resource }) => resource));
  const files = new Set(policies.map(({ resource }) => resource.document.source));
  const ofNodes = agent.hasHostFirewall ? [] : policies.filter(({ rules }) => rules.some(({ subject }) => subject.is === 'nodes'));
  const inDefault = policies.map(({ resource }) => resource).filter(({ hasAssumedNamespace }) => hasAssumedNamespace === true);
  const ofKinds = given.flatMap((resource): Warning[] => {
    if (!isKnownKind(resource.kind, agent.minor)) {
      return [{ is: 'not-enforced', resource }];
    }
    const key = switchedOffBy(resource.kind, agent);
    return key === undefined ? [] : [{ is: 'without-effect', resource, key }];
  });
  const assumed = isAssumed(agent.config) ? policies.filter(({ kind }) => kind === 'ClusterNetworkPolicy') : [];
  const of = (is: ReadProblem['is']) => problems.filter((problem) => problem.is === is);
  return [
    ...settings.configProblems.map((config): Warning => ({ is: config.is, config })),
    ...unreadIn(problems).map((problem): Warning => ({ is: 'unread', problem })),
    ...sources.filter(({ isSkipped }) => isSkipped).map(({ name }): Warning => ({ is: 'skipped', folder: name })),
    ...(excluded.length === 0 ? [] : [{ is: 'excluded', sources: excluded } as const]),
    ...passedOver.map((one): Warning => ({ is: 'passed-over', passedOver: one })),
    ...[...namespacedBy]
      .filter(([source]) => files.has(source))
      .map(([source, namespaces]): Warning => ({ is: 'namespaced', source, namespaces })),
    ...(inDefault.length === 0 ? [] : [{ is: 'in-default', namespace: settings.namespace, policies: inDefault } as const]),
    ...refused.map((policy): Warning => ({ is: 'refused', policy })),
    ...admitted
      .filter(({ resource, unknown }) => unknown.length > 0 && counts.has(resource))
      .map(({ resource, unknown }): Warning => ({ is: 'dropped', resource, path: unknown[0], count: unknown.length })),
    ...of('duplicate-policy').map((problem): Warning => ({ is: 'counted-twice', problem })),
    ...of('placeholders').map((problem): Warning => ({ is: 'filled-in-later', problem })),
    ...[...others, ...inventory].flatMap((resource) => unjudged(resource, agent)),
    ...ofNodes.map(({ resource }): Warning => ({ is: 'without-effect', resource, key: 'enable-host-firewall' })),
    ...ofKinds,
    ...(assumed.length === 0 ? [] : [{ is: 'assumed', policies: assumed.map(({ resource }) => resource) } as const]),
    ...policies.flatMap((policy) => missingServices(policy, services)),
    ...(leftOut.length === 0 ? [] : [{ is: 'left-out', policies: leftOut } as const]),
  ];
}

/** Cilium applies a rule to every peer on its ports while none of its Services exists, so whether they do decides. */
function missingServices({ rules, resource }: Policy, services: Opened['services']): readonly Warning[] {
  const refs = rules.flatMap(({ peers }) => (peers.is === 'services' ? peers.refs : []));
  const named = refs.flatMap((ref) => (ref.is === 'name' ? `${ref.namespace}/${ref.name}` : []));
  const missing = [...new Set(named)].filter((name) => !isThere(name, services));
  return missing.length === 0 ? [] : [{ is: 'missing-service', resource, services: missing }];
}

/** Without a namespace, a name means the Services of every namespace. */
function isThere(name: string, services: Opened['services']): boolean {
  const found = name.startsWith('/') ? [...services.values()].filter((one) => `/${one.name}` === name) : [services.get(name)];
  return found.some((one) => one?.exists === true);
}

/** What is said of an object of a kind that is not judged; nothing of most kinds. */
function unjudged(resource: Resource, { config }: Agent): readonly Warning[] {
  const { kind, apiVersion } = resource;
  const isOfSig = groupOf(apiVersion) === 'policy.networking.k8s.io';
  if (NEVER_ENFORCED.includes(kind) || (POLICY_KINDS.includes(kind) && !isOfSig)) {
    return [{ is: 'not-enforced', resource }];
  }
  return mayTurn(resource, config) ? [{ is: 'not-judged', resource }] : [];
}

/** Kinds of Kubernetes that Cilium never takes. */
export const NEVER_ENFORCED = ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'];

/** Kinds of which others have one of the same name. */
const POLICY_KINDS = ['NetworkPolicy', 'GlobalNetworkPolicy', 'ClusterNetworkPolicy', 'StagedNetworkPolicy', 'StagedGlobalNetworkPolicy'];

/** Problems with input that was not read and may hold a policy. */
export function unreadIn(problems: readonly ReadProblem[]): readonly ReadProblem[] {
  return problems.filter(({ is }) => UNREAD.includes(is));
}

const UNREAD: readonly ReadProblem['is'][] = ['syntax', 'template', 'unknown-kind', 'wrong-api-version', 'limit', 'unreadable'];

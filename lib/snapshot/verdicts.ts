/** Answers verdicts for the accepted policies of a snapshot and its cluster. */
import { withStandIns } from '../admission/stand-ins';
import { isKnownKind, Minor } from '../crd/minor';
import type { Flow, Verdict } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import { accepted, Parsed } from '../net/parsed';
import type { FastEngine } from '../reach/engine';
import { readInventory } from '../read/inventory';
import type { Read } from '../read/read';
import { Agent, agentOf, switchedOffBy } from '../resolve/agent';
import { Cluster } from '../resolve/cluster';
import { oneMinor, Settings } from '../settings/settings';
import type { Explanation, Judge } from '../verdict/judge';
import type { Admitted } from './admitted';
import { boundedEngine } from './bounded-engine';
import { claimsIn } from './claims';
import { engineWithMissing, Missing, MissingSides } from './missing';
import { withOwnedPods } from './owned-pods';
import { redirectsIn } from './redirects';
import { isVagueTier, missingIn } from './unread';
import { vagueEndsIn } from './vague-ends';
import { RefusedPolicy, Warning, warningsOf } from './warnings';

export interface Verdicts {
  readonly policies: readonly Policy[];
  /** Policies that the API server or the agent rejects. They have no effect on verdicts, as in a cluster. */
  readonly refused: readonly RefusedPolicy[];
  /** What a user must know before relying on a verdict. */
  readonly warnings: readonly Warning[];
  readonly inventory: Inventory;
  /** The minor and the configuration that are judged. */
  readonly agent: Agent;
  /** The engine; if values are filled in later, that of the fewest peers and that of the most. */
  readonly engines: () => readonly FastEngine[];
  /** What was not read and may turn every verdict; `undefined` if everything was. */
  readonly unread: Missing | undefined;
  /** What else may turn the sides of a flow; nothing of most flows. */
  readonly missingOf: (flow: Flow) => MissingSides | undefined;
  /** Whether it may be something of some flow. */
  readonly isAnyMissing: boolean;
  /** The verdict on a flow; rejected if the flow cannot be judged. */
  verdict(flow: Flow): Parsed<Verdict>;
  /** The same, with the steps that lead to the verdict. */
  explain(flow: Flow): Parsed<Explanation>;
  /** The slow but simple implementation, with the same verdicts. */
  readonly specification: Pick<Judge, 'verdict'>;
}

/** The parts of a snapshot that verdicts need. */
interface Opened {
  readonly read: Read;
  readonly settings: Settings;
  readonly inventory: readonly Resource[];
  readonly leftOut: readonly Resource[];
  admitted(policy: Resource, minor: Minor): Admitted;
}

export function openVerdicts(snapshot: Opened): Parsed<Verdicts> {
  const { read, settings, inventory: more } = snapshot;
  const minor = oneMinor(settings);
  if (!minor.ok) {
    return minor;
  }
  const agent = agentOf(minor.value, settings.configs[minor.value]);
  if (!agent.ok) {
    return agent;
  }
  const inventory = readInventory([...read.others, ...more, ...read.policies.filter(isGroup)], settings.names);
  if (!inventory.ok) {
    return inventory;
  }
  const taken = read.policies.filter(({ kind }) => isKnownKind(kind, agent.value.minor) && switchedOffBy(kind, agent.value) === undefined);
  const admitted = taken
    .filter((resource) => !isGroup(resource) && !isVagueTier(resource))
    .map((resource) => {
      const filled = withStandIns(resource);
      return { resource, filled, ...snapshot.admitted(filled?.resource ?? resource, minor.value) };
    });
  const refused = admitted.filter(({ accepted: by }) => !(by.schema && by.agent));
  const counted = admitted.flatMap(({ resource, filled, policy }) =>
    policy === undefined ? [] : [{ filled, policy: filled === undefined ? policy : { ...policy, resource } }],
  );
  const policies = counted.map(({ policy }) => policy);
  const groups = [...read.policies, ...more].filter(isGroup);
  const bounded = boundedEngine(counted, groups, inventory.value, agent.value, settings.learn);
  const unread = missingIn({ ...read, vagueTiers: taken.filter(isVagueTier) }, agent.value);
  const cluster = new Cluster(inventory.value, agent.value, settings.learn);
  const sides = missingSides([...read.others, ...more], policies, cluster, agent.value);
  const missingOf = (flow: Flow) => sides?.(flow);
  const every = unread && { egress: unread, ingress: unread };
  const engine = withOwnedPods(
    engineWithMissing(bounded, (flow) => every ?? missingOf(flow)),
    inventory.value,
  );
  return accepted({
    policies,
    refused,
    warnings: warningsOf({ ...snapshot, services: inventory.value.services, refused, admitted, policies }, agent.value),
    inventory: inventory.value,
    agent: agent.value,
    engines: () => engine.engines(),
    ...{ unread, missingOf, isAnyMissing: sides !== undefined },
    verdict: (flow) => engine.verdict(flow),
    explain: (flow) => engine.explain(flow),
    specification: engine.specification,
  });
}

/** What may turn the sides of a flow: objects that are not judged, and labels that are filled in later; `undefined` if there is nothing of the kind. */
function missingSides(
  others: Read['others'],
  policies: readonly Policy[],
  cluster: Cluster,
  agent: Agent,
): ((flow: Flow) => MissingSides | undefined) | undefined {
  const redirects = redirectsIn(others, agent.config, cluster);
  const claims = claimsIn(others, cluster, agent);
  const vagueEnds = vagueEndsIn(policies, others, cluster, agent);
  const isNone = redirects === undefined && claims === undefined && vagueEnds === undefined;
  return isNone ? undefined : (flow) => redirects?.(flow) ?? claims?.(flow) ?? vagueEnds?.(flow);
}

/** The addresses of a group belong to the inventory. Errors in the group itself are left to the API server. */
function isGroup({ kind }: Resource): boolean {
  return kind === 'CiliumCIDRGroup';
}

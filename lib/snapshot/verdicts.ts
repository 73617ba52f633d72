/** Answers verdicts for the accepted policies of a snapshot and its cluster. */
import type { Admission } from '../admission/admit';
import { withStandIns } from '../admission/stand-ins';
import type { Minor } from '../crd/minor';
import type { Flow, Verdict } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import { accepted, Parsed } from '../net/parsed';
import { readInventory } from '../read/inventory';
import type { Read } from '../read/read';
import { agentOf } from '../resolve/agent';
import { policyOf } from '../resolve/rules/rules';
import { oneMinor, Settings } from '../settings/settings';
import type { Explanation, Judge } from '../verdict/judge';
import { boundedEngine } from './bounded-engine';
import { withOwnedPods } from './owned-pods';
import { explanationWithUnread, Missing, missingIn, withUnread } from './unread';
import { RefusedPolicy, Warning, warningsOf } from './warnings';

export interface Verdicts {
  readonly policies: readonly Policy[];
  /** Policies that the API server or the agent rejects. They have no effect on verdicts, as in a cluster. */
  readonly refused: readonly RefusedPolicy[];
  /** What a user must know before relying on a verdict. */
  readonly warnings: readonly Warning[];
  readonly inventory: Inventory;
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
  admission(policy: Resource, minor: Minor): Admission;
}

export function openVerdicts(snapshot: Opened): Parsed<Verdicts> {
  const { read, settings, inventory: more } = snapshot;
  const minor = oneMinor(settings);
  if (!minor.ok) {
    return minor;
  }
  const agent = agentOf(minor.value, settings.config);
  if (!agent.ok) {
    return agent;
  }
  const inventory = readInventory([...read.others, ...more, ...read.policies.filter(isGroup)], settings.names);
  if (!inventory.ok) {
    return inventory;
  }
  const admitted = read.policies
    .filter((resource) => !isGroup(resource))
    .map((resource) => {
      const filled = withStandIns(resource);
      return { resource, filled, ...snapshot.admission(filled?.resource ?? resource, minor.value) };
    });
  const refused = admitted.filter(({ accepted: by }) => !(by.schema && by.agent));
  const counted = admitted
    .filter(({ accepted: by }) => by.schema && by.agent)
    .map(({ resource, filled, written }) => ({ filled, policy: policyOf(resource, written!, minor.value, settings.config) }));
  const policies = counted.map(({ policy }) => policy);
  const groups = [...read.policies, ...more].filter(isGroup);
  const engine = withOwnedPods(boundedEngine(counted, groups, inventory.value, agent.value), inventory.value);
  const missing = missingIn({ ...read, others: [...read.others, ...more] }, minor.value, settings.config);
  const known = <T>(parsed: Parsed<T>, withMissing: (value: T, missing: Missing) => T): Parsed<T> =>
    missing === undefined || !parsed.ok ? parsed : accepted(withMissing(parsed.value, missing));
  return accepted({
    policies,
    refused,
    warnings: warningsOf({ ...snapshot, refused, admitted, policies }, agent.value),
    inventory: inventory.value,
    verdict: (flow) => known(engine.verdict(flow), withUnread),
    explain: (flow) => known(engine.explain(flow), explanationWithUnread),
    specification: engine.specification,
  });
}

/** The addresses of a group belong to the inventory. Errors in the group itself are left to the API server. */
function isGroup({ kind }: Resource): boolean {
  return kind === 'CiliumCIDRGroup';
}

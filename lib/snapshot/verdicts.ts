/** The accepted policies of a snapshot over its cluster: what verdicts are asked of. */
import type { Admission } from '../admission/admit';
import type { Minor } from '../crd/minor';
import type { Flow, Verdict } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import { accepted, Parsed } from '../net/parsed';
import { FastEngine } from '../reach/engine';
import { readInventory } from '../read/inventory';
import { readPolicy } from '../read/policy/read-policy';
import type { Read } from '../read/read';
import { agentOf } from '../resolve/agent';
import { oneMinor, Settings } from '../settings/settings';
import type { Explanation, Judge } from '../verdict/judge';
import { RefusedPolicy, Warning, warningsOf } from './warnings';

export interface Verdicts {
  readonly policies: readonly Policy[];
  /** The agent drops these policies and goes on, and so does every verdict. */
  readonly refused: readonly RefusedPolicy[];
  /** What a user must know before relying on a verdict. */
  readonly warnings: readonly Warning[];
  readonly inventory: Inventory;
  /** What policy says of a flow; refused if the flow cannot be judged. */
  verdict(flow: Flow): Parsed<Verdict>;
  /** The same, with the steps that lead to the verdict. */
  explain(flow: Flow): Parsed<Explanation>;
  /** The slow and obvious way to the same verdicts. */
  readonly specification: Pick<Judge, 'verdict'>;
}

/** What a snapshot holds. */
interface Opened {
  readonly read: Read;
  readonly settings: Settings;
  readonly inventory: readonly Resource[];
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
    .map((resource) => ({ resource, ...snapshot.admission(resource, minor.value) }));
  const refused = admitted.filter(({ accepted: by }) => !(by.schema && by.agent));
  const policies = admitted
    .filter(({ accepted: by }) => by.schema && by.agent)
    .map(({ resource, written }) => readPolicy(resource, written!, minor.value, settings.config));
  const engine = new FastEngine(policies, inventory.value, agent.value);
  return accepted({
    policies,
    refused,
    warnings: warningsOf(read, refused, policies, agent.value),
    inventory: inventory.value,
    verdict: (flow) => engine.verdict(flow),
    explain: (flow) => engine.explain(flow),
    specification: engine.specification,
  });
}

/** Its addresses belong to the cluster, and its own mistakes are the API server's to reject. */
function isGroup({ kind }: Resource): boolean {
  return kind === 'CiliumCIDRGroup';
}

/** Objects → policies that the agent takes, over a cluster: what verdicts are asked of. */
import { Finding, judgeResource } from '../checks/judge';
import { Minor, NEWEST } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Flow, Verdict } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import { accepted, Parsed } from '../net/parsed';
import { Engine } from '../reach/engine';
import { Names, readInventory } from '../read/inventory';
import { readPolicy } from '../read/policy/read-policy';
import type { Read } from '../read/read';
import { agentOf } from '../verdict/agent';
import type { Explanation, Judge } from '../verdict/judge';
import { oddIn, refusalText, unreadIn } from './warnings';

export interface SimulationOptions {
  /** @default - the newest minor that is known */
  readonly cilium?: Minor;
  /** Keys of `cilium-config`. @default - those of Cilium's Helm chart */
  readonly config?: AgentConfig;
  /** What DNS answers, by name. @default - nothing */
  readonly names?: Names;
}

/** A policy that has no effect, and why. */
export interface RefusedPolicy {
  readonly resource: Resource;
  readonly findings: readonly Finding[];
}

export interface Simulation {
  readonly policies: readonly Policy[];
  /** The agent drops these and goes on, and so does every verdict. */
  readonly refused: readonly RefusedPolicy[];
  /** What could not be read, and may be a policy that counts in a cluster. */
  readonly unread: readonly string[];
  /** What somebody should know before he believes a verdict: what was not read, is refused, or does not count as it seems. */
  readonly warnings: readonly string[];
  readonly inventory: Inventory;
  /** What policy says of a flow; refused is a flow that cannot be judged. */
  verdict(flow: Flow): Parsed<Verdict>;
  /** The slow and obvious way to the same. */
  readonly specification: Pick<Judge, 'verdict'>;
  /** The same with the steps that lead there. */
  explain(flow: Flow): Parsed<Explanation>;
}

/** Reads what there is; refused is a configuration that no agent starts with, or a name whose address is none. */
export function simulate(read: Pick<Read, 'policies' | 'others' | 'problems'>, options: SimulationOptions = {}): Parsed<Simulation> {
  const { cilium = NEWEST, config = {}, names } = options;
  const agent = agentOf(cilium, config);
  const groups = read.policies.filter(({ kind }) => kind === 'CiliumCIDRGroup');
  const inventory = readInventory([...read.others, ...groups], names);
  if (!agent.ok || !inventory.ok) {
    return agent.ok ? (inventory as Parsed<never>) : agent;
  }
  const judged = read.policies
    .filter(({ kind }) => kind !== 'CiliumCIDRGroup')
    .map((resource) => ({ resource, judged: judgeResource(resource, cilium, config) }));
  const isTaken = ({ judged: { accepted: by } }: (typeof judged)[number]) => by.schema && by.agent;
  const policies = judged.filter(isTaken).map(({ resource, judged: { stored } }) => readPolicy(resource, stored, cilium, config));
  const refused = judged.filter((one) => !isTaken(one)).map(({ resource, judged: { findings } }) => ({ resource, findings }));
  const unread = unreadIn(read.problems);
  const engine = new Engine(policies, inventory.value, agent.value);
  return accepted({
    policies,
    refused,
    unread,
    warnings: [
      ...unread.map((text) => `not read: ${text}`),
      ...refused.map((policy) => `refused, and so without effect: ${refusalText(policy)}`),
      ...oddIn(read, policies, agent.value),
    ],
    inventory: inventory.value,
    verdict: (flow) => engine.verdict(flow),
    specification: engine.specification,
    explain: (flow) => engine.explain(flow),
  });
}

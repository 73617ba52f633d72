/** Opens a generated world as the library does, without its snapshots. */
import { admit } from '../../lib/admission/admit';
import type { Minor } from '../../lib/crd/minor';
import type { AgentConfig } from '../../lib/model/config';
import type { Inventory } from '../../lib/model/inventory';
import type { JsonObject } from '../../lib/model/json';
import type { Policy } from '../../lib/model/policy';
import { FastEngine } from '../../lib/reach/engine';
import { readInventory } from '../../lib/read/inventory';
import { Read, readObjects } from '../../lib/read/read';
import { Agent, agentOf } from '../../lib/resolve/agent';
import { policyOf } from '../../lib/resolve/rules/rules';
import type { WorldCase } from '../generate/worlds';

type World = Pick<WorldCase, 'config' | 'names'> & { readonly objects: readonly object[] };

/** The policies of a world that are accepted, over its cluster; `undefined` if its configuration is not one. */
export function engineOf(world: World, minor: Minor): FastEngine | undefined {
  const cluster = clusterOf(world, minor);
  return cluster && new FastEngine(policiesIn(world.objects, minor, world.config), cluster.inventory, cluster.agent);
}

/** The cluster of a world; `undefined` if its configuration is not one. */
export function clusterOf(
  { objects, config, names }: World,
  minor: Minor,
): { readonly inventory: Inventory; readonly agent: Agent } | undefined {
  const agent = agentOf(minor, config);
  const { policies, others } = readAll(objects);
  const inventory = readInventory([...others, ...policies.filter(isGroup)], names);
  return agent.ok && inventory.ok ? { inventory: inventory.value, agent: agent.value } : undefined;
}

/** The policies among objects that are accepted. */
export function policiesIn(objects: readonly object[], minor: Minor, config: AgentConfig): readonly Policy[] {
  return readAll(objects).policies.flatMap((resource): Policy[] => {
    const { accepted, written } = admit(resource, minor, config);
    return !isGroup(resource) && accepted.schema && accepted.agent && written ? [policyOf(resource, written, minor, config)] : [];
  });
}

function readAll(objects: readonly object[]): Read {
  const given = (objects as readonly JsonObject[]).map((value) => ({ value }));
  return readObjects('world', given, { namespace: 'default' });
}

function isGroup({ kind }: { readonly kind: string }): boolean {
  return kind === 'CiliumCIDRGroup';
}

/** Opens a generated world as the library does, without its snapshots. */
import { admit } from '../../lib/admission/admit';
import type { Minor } from '../../lib/crd/minor';
import type { JsonObject } from '../../lib/model/json';
import type { Policy } from '../../lib/model/policy';
import { FastEngine } from '../../lib/reach/engine';
import { readInventory } from '../../lib/read/inventory';
import { readObjects } from '../../lib/read/read';
import { agentOf } from '../../lib/resolve/agent';
import { policyOf } from '../../lib/resolve/rules/rules';
import type { WorldCase } from '../generate/worlds';

/** The policies of a world that are accepted, over its cluster; `undefined` if its configuration is not one. */
export function engineOf(
  { objects, config, names }: Pick<WorldCase, 'objects' | 'config' | 'names'>,
  minor: Minor,
): FastEngine | undefined {
  const agent = agentOf(minor, config);
  const given = (objects as readonly JsonObject[]).map((value) => ({ value }));
  const { policies, others } = readObjects('world', given, { namespace: 'default' });
  const isGroup = ({ kind }: { readonly kind: string }) => kind === 'CiliumCIDRGroup';
  const inventory = readInventory([...others, ...policies.filter(isGroup)], names);
  if (!agent.ok || !inventory.ok) {
    return undefined;
  }
  const read = policies.flatMap((resource): Policy[] => {
    const { accepted, written } = admit(resource, minor, config);
    return !isGroup(resource) && accepted.schema && accepted.agent && written ? [policyOf(resource, written, minor, config)] : [];
  });
  return new FastEngine(read, inventory.value, agent.value);
}

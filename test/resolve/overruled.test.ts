/** A rule that is said to never decide is the reason of no verdict. */
import { admit } from '../../lib/admission/admit';
import type { OwnedRule, Side } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import type { Policy } from '../../lib/model/policy';
import { parseFlow } from '../../lib/read/flow';
import { readInventory } from '../../lib/read/inventory';
import { readObjects } from '../../lib/read/read';
import { agentOf } from '../../lib/resolve/agent';
import { overruledIn } from '../../lib/resolve/overruled';
import { Resolver } from '../../lib/resolve/resolver';
import { policyOf } from '../../lib/resolve/rules/rules';
import { Judge } from '../../lib/verdict/judge';
import { tierWorldCases, WorldCase } from '../generate/worlds';

interface Met {
  readonly overruled: number;
  /** The reported rules that are the reason of a verdict all the same. */
  readonly deciding: readonly unknown[];
}

function metIn({ objects, config, names, flows }: WorldCase): Met {
  const agent = agentOf('1.20', config);
  const given = (objects as readonly JsonObject[]).map((value) => ({ value }));
  const { policies, others } = readObjects('world', given, { namespace: 'default' });
  const inventory = readInventory(others, names);
  if (!agent.ok || !inventory.ok) {
    return { overruled: 0, deciding: [] };
  }
  const read = policies.flatMap((resource): Policy[] => {
    const { accepted, written } = admit(resource, '1.20', config);
    return accepted.schema && accepted.agent && written ? [policyOf(resource, written, '1.20', config)] : [];
  });
  const overruled = new Set(overruledIn(read, inventory.value, agent.value).map(({ rule: { rule } }) => rule));
  const judge = new Judge(new Resolver(read, inventory.value, agent.value));
  const deciding = flows.flatMap((written) => {
    const flow = parseFlow(written);
    const verdict = flow.ok ? judge.verdict(flow.value) : flow;
    return verdict.ok
      ? [...reasonsOf(verdict.value.egress), ...reasonsOf(verdict.value.ingress)]
          .filter(({ rule }) => overruled.has(rule))
          .map(({ rule }) => ({ written, rule, objects }))
      : [];
  });
  return { overruled: overruled.size, deciding };
}

/** A policy that closes a direction is the reason of a default deny even if its rules never decide. */
function reasonsOf(side: Side): readonly OwnedRule[] {
  return 'reason' in side && (side.reason === 'rule' || side.reason === 'deny-rule') ? side.because : [];
}

test('on generated worlds, no verdict is because of a rule that is said to never decide', () => {
  const met = tierWorldCases(81, 150).map(metIn);
  expect(met.flatMap(({ deciding }) => deciding)).toEqual([]);
  expect(met.reduce((sum, { overruled }) => sum + overruled, 0)).toBeGreaterThan(30);
});

/** Looks at everything that is given: the checks of the stages `set` and `inventory`. */
import type { Minor } from '../crd/minor';
import { pathTo } from '../model/path';
import { agentOf, switchedOffBy } from '../resolve/agent';
import type { Snapshot } from '../snapshot/snapshot';
import { isVagueTier } from '../snapshot/unread';
import { unreadIn } from '../snapshot/warnings';
import type { Given, SetCheck, SetReport, TierPolicy } from './check';
import { Found, foundOf, internalErrorIn } from './diagnose';
import { SET_CHECKS } from './registry';

/** The findings about everything that is given. There are none with a configuration that the agent does not start with. */
export function setFindings(snapshot: Snapshot, minor: Minor): readonly Found[] {
  const given = givenIn(snapshot, minor);
  const checks = given === undefined ? [] : SET_CHECKS.filter(({ minors }) => minors?.includes(minor) ?? true);
  return checks.flatMap((check) => findingsOf(check, given!));
}

/** An internal error is a finding too. */
function findingsOf(check: SetCheck, given: Given): readonly Found[] {
  const found: Found[] = [];
  const report: SetReport = (resource, wording, place, ...at) => {
    found.push(foundOf(resource, { check, wording, path: [...pathTo(place), ...at], onKey: wording.onKey ?? false }));
  };
  try {
    check.inspect(given, report);
  } catch (error) {
    const [resource] = [...given.policies, ...given.others];
    found.push(internalErrorIn(resource, `the check ${check.code}`, error));
  }
  return found;
}

function givenIn(snapshot: Snapshot, minor: Minor): Given | undefined {
  const agent = agentOf(minor, snapshot.settings.configs[minor]);
  if (!agent.ok) {
    return undefined;
  }
  const { policies, others, problems, passedOver } = snapshot.read;
  const ofTiers = policies.filter(({ kind }) => kind === 'ClusterNetworkPolicy' && switchedOffBy(kind, agent.value) === undefined);
  const tiers = ofTiers.flatMap((resource): TierPolicy[] => {
    const { accepted, written } = snapshot.admission(resource, minor);
    return accepted.schema && accepted.agent && written?.is === 'tier' && !isVagueTier(resource) ? [{ resource, written }] : [];
  });
  const judged = () => {
    const verdicts = snapshot.verdicts();
    return verdicts.ok ? verdicts.value : undefined;
  };
  const isWhole = ofTiers.length === tiers.length && unreadIn(problems).length + passedOver.length === 0;
  return { tiers, isWhole, policies, others, objects: [...others, ...snapshot.inventory], agent: agent.value, judged };
}

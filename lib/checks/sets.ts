/** Looks at the accepted policies together: the checks of the stage `set`. So far these are about ClusterNetworkPolicies. */
import type { Minor } from '../crd/minor';
import { pathTo } from '../model/path';
import type { Snapshot } from '../snapshot/snapshot';
import { isVagueTier } from '../snapshot/unread';
import { unreadIn } from '../snapshot/warnings';
import type { SetReport, TierPolicy } from './check';
import { Found, foundOf } from './diagnose';
import { SET_CHECKS } from './registry';

/** One with values that are filled in later may be anything, so it is left out. */
export function setFindings(snapshot: Snapshot, minor: Minor): readonly Found[] {
  const found: Found[] = [];
  const { policies, problems, passedOver } = snapshot.read;
  const given = policies.filter(({ kind }) => kind === 'ClusterNetworkPolicy');
  const tiers = given.flatMap((resource): TierPolicy[] => {
    const { accepted, written } = snapshot.admission(resource, minor);
    return accepted.schema && accepted.agent && written?.is === 'tier' && !isVagueTier(resource) ? [{ resource, written }] : [];
  });
  const isWhole = given.length === tiers.length && unreadIn(problems).length + passedOver.length === 0;
  for (const check of tiers.length === 0 ? [] : SET_CHECKS.filter(({ minors }) => minors?.includes(minor) ?? true)) {
    const report: SetReport = ({ resource }, wording, place, ...at) => {
      found.push(foundOf(resource, { check, wording, path: [...pathTo(place), ...at], onKey: false }));
    };
    check.inspectTiers(tiers, report, isWhole);
  }
  return found;
}

/** Looks at everything that is given: the checks of the stages `set`, `inventory` and `habits`. */
import type { Minor } from '../crd/minor';
import type { Resource } from '../model/origin';
import { pathTo } from '../model/path';
import type { Policy } from '../model/policy';
import { once } from '../net/once';
import { isPlaced, mayHavePlaceholders, placeholdersIn } from '../read/placeholders';
import { agentOf, switchedOffBy } from '../resolve/agent';
import { Subjects } from '../resolve/subjects';
import { DEFAULT_HABITS, Habits } from '../settings/habits';
import type { Settings } from '../settings/settings';
import type { Snapshot } from '../snapshot/snapshot';
import { isVagueTier } from '../snapshot/unread';
import { unreadIn } from '../snapshot/warnings';
import type { Given, Judged, SetCheck, SetReport, TierPolicy } from './check';
import { Found, foundOf, internalErrorIn } from './diagnose';
import { SET_CHECKS } from './registry';

/** The checks of a minor that are asked for; `isAsked` says so by their code. */
export function setChecksOf(minor: Minor, isAsked: (code: string) => boolean): readonly SetCheck[] {
  return SET_CHECKS.filter(({ code, minors }) => isAsked(code) && (minors?.includes(minor) ?? true));
}

/** The findings about everything that is given. There are none with a configuration that the agent does not start with. */
export function setFindings(snapshot: Snapshot, minor: Minor, checks: readonly SetCheck[]): readonly Found[] {
  const given = givenIn(snapshot, minor);
  // What all checks ask for may fail for each of them.
  const failures = new Set<string>();
  return given === undefined ? [] : checks.flatMap((check) => findingsOf(check, given, failures));
}

/** An internal error is a finding too. */
function findingsOf(check: SetCheck, given: Given, failures: Set<string>): readonly Found[] {
  const found: Found[] = [];
  const report: SetReport = (resource, wording, place, ...at) => {
    found.push(foundOf(resource, { check, wording, path: [...pathTo(place), ...at], onKey: wording.onKey ?? false }));
  };
  try {
    check.inspect(given, report);
  } catch (error) {
    const [resource] = [...given.policies, ...given.others];
    const { message } = error as Error;
    if (!failures.has(message)) {
      failures.add(message);
      found.push(internalErrorIn(resource, `the check ${check.code}`, error));
    }
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
    const { written } = snapshot.admission(resource, minor);
    return isAccepted(snapshot, resource, minor) && written?.is === 'tier' && !isVagueTier(resource) ? [{ resource, written }] : [];
  });
  const judged = once(() => judgedIn(snapshot));
  // What is rejected before its values are filled in may be accepted then.
  const isMended = once(() => !policies.some((resource) => isVague(resource) && !isAccepted(snapshot, resource, minor)));
  const isRead = ofTiers.length === tiers.length && unreadIn(problems).length + passedOver.length === 0;
  const objects = [...others, ...snapshot.inventory];
  return {
    ...{ tiers, policies, others, objects, judged, agent: agent.value, habits: habitsIn(snapshot.settings) },
    get isWhole() {
      return isRead && isMended();
    },
  };
}

function isAccepted(snapshot: Snapshot, resource: Resource, minor: Minor): boolean {
  const { schema, agent } = snapshot.admission(resource, minor).accepted;
  return schema && agent;
}

/** Who selects a check of habits wants it to run. */
function habitsIn({ habits, select = [] }: Settings): Habits | undefined {
  return habits ?? (select.some((code) => code.toUpperCase().startsWith('CIL6')) ? DEFAULT_HABITS : undefined);
}

function judgedIn(snapshot: Snapshot): Judged | undefined {
  const verdicts = snapshot.verdicts();
  // Where policies are not enforced, what they say of each other changes nothing.
  if (!verdicts.ok || verdicts.value.agent.enforcement === 'never' || verdicts.value.agent.isAuditing) {
    return undefined;
  }
  const { policies, inventory, engines } = verdicts.value;
  const vague = new Set(policies.filter(({ resource }) => isVague(resource) || isCut(snapshot, resource)));
  const isSplit = snapshot.read.problems.some(
    (problem) => problem.is === 'duplicate-policy' && areInTwoFiles(problem.resource, problem.first),
  );
  const folderOf = ({ resource }: Policy) => (isPlaced(resource) ? undefined : folderOfFile(resource));
  const { leftOut } = snapshot.read;
  const isLeftOut = ({ document }: Pick<Resource, 'document'>) => leftOut.has(document.source);
  const partOf = ({ resource }: Policy) => (isSplit || isLeftOut(resource) ? resource.document.source.name : '');
  const sure = policies.filter((policy) => !vague.has(policy));
  const subjects = new Subjects(sure, inventory, { partOf, folderOf });
  return { policies, inventory, subjects, vague: [...vague], partOf, isLeftOut, folderOf, engine: () => engines()[0] };
}

function folderOfFile({ document: { source } }: Resource): string {
  return source.name.slice(0, source.name.lastIndexOf('/') + 1);
}

function areInTwoFiles(a: Resource, b: Resource): boolean {
  return a.document.source !== b.document.source;
}

function isVague({ document, value }: Resource): boolean {
  return (
    (document.source.text === undefined || mayHavePlaceholders(document)) &&
    placeholdersIn([value.metadata, value.spec, value.specs]).length > 0
  );
}

/** Whether the API server drops a part of a policy: its author did not mean what is left. */
function isCut(snapshot: Snapshot, resource: Resource): boolean {
  const { unknown } = snapshot.admitted(resource, snapshot.settings.minors[0]);
  return unknown.some(([field]) => field === 'spec' || field === 'specs');
}

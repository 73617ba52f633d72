/** The words for what a user must know before relying on a verdict. */
import { foundIn, foundOf } from '../../checks/diagnose';
import { isPrivate, Origin, Resource } from '../../model/origin';
import { expectParsed } from '../../net/parsed';
import { printable } from '../../net/printable';
import { shortened } from '../../net/shortened';
import type { ReadProblem } from '../../read/problem';
import type { Read } from '../../read/read';
import type { OpenedWithInventory } from '../../snapshot/from-files';
import type { Verdicts } from '../../snapshot/verdicts';
import { RefusedPolicy, unreadIn, Warning } from '../../snapshot/warnings';
import { lineOf } from './line';

export function warningText(warning: Warning): string {
  switch (warning.is) {
    case 'unread':
      return `not read: ${problemText(warning.problem)}`;
    case 'skipped':
      return `not read: the folder ${warning.folder}; name it to read it`;
    case 'refused':
      return `rejected, and so without effect: ${refusalText(warning.policy)}`;
    case 'counted-twice':
      return `counted twice: ${problemText(warning.problem)}`;
    case 'not-judged':
      return `not judged: ${warning.resource.kind} ${warning.resource.name}`;
    case 'without-effect':
      return `without effect, because \`enable-host-firewall\` is off: ${nameOf(warning.resource)}`;
  }
}

/** `web.yaml:9: CiliumNetworkPolicy shop/web: CIL202: the policy has no rule, so the agent rejects it`; no place if there is no text. */
export function refusalText({ resource, findings: [first] }: RefusedPolicy): string {
  const { code, message, origin } = foundOf(resource, first).diagnostic;
  return `${placeText(origin)}${isPrivate(origin) ? '' : `${nameOf(resource)}: `}${code}: ${message}`;
}

/** The verdicts of a snapshot for programs, which see no warnings: throws if anything was not read, because it could be a policy. */
export function expectVerdicts({ snapshot, unread }: OpenedWithInventory): Verdicts {
  const missing = [...unread, ...unreadIn(snapshot.read.problems)];
  if (missing.length > 0) {
    throw new Error(printable(`not read: ${missing.map(problemText).join('; ')}`));
  }
  expectNoSkipped(snapshot.read);
  return expectParsed(snapshot.verdicts());
}

/** Throws if a folder was passed over, because nobody would see a warning. */
export function expectNoSkipped({ sources }: Pick<Read, 'sources'>): void {
  const skipped = sources.filter(({ isSkipped }) => isSkipped).map(({ name }) => name);
  if (skipped.length > 0) {
    throw new Error(printable(`not read: ${skipped.join(', ')}; expect something of the folders that are meant`));
  }
}

/** `web.yaml:3: CIL001: …`. */
export function problemText(problem: ReadProblem): string {
  const { code, message, origin } = foundIn(problem).diagnostic;
  return `${placeText(origin)}${code}: ${message}`;
}

function placeText(origin: Origin): string {
  const { name, problem } = origin.document.source;
  const line = lineOf(origin) ?? (problem === undefined ? undefined : name);
  return line === undefined ? '' : `${line}: `;
}

function nameOf({ kind, namespace, name }: Resource): string {
  return shortened(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
}

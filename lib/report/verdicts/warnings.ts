/** The words for what a user must know before relying on a verdict. */
import { isReason } from '../../admission/admit';
import { foundIn, foundOf } from '../../checks/diagnose';
import type { ConfigProblem } from '../../model/config';
import { isPrivate, Origin, Resource } from '../../model/origin';
import { pointer } from '../../model/path';
import { expectParsed } from '../../net/parsed';
import { printable } from '../../net/printable';
import { shortened } from '../../net/shortened';
import type { ReadProblem } from '../../read/problem';
import type { Read } from '../../read/read';
import type { OpenedWithInventory } from '../../snapshot/from-files';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Verdicts } from '../../snapshot/verdicts';
import { RefusedPolicy, unreadIn, Warning } from '../../snapshot/warnings';
import { counted, someOf } from '../findings/words';
import { lineOf } from './line';

export function warningText(warning: Warning): string {
  if ('config' in warning) {
    return configProblemText(warning.config);
  }
  switch (warning.is) {
    case 'unread':
      return `not read: ${problemText(warning.problem)}`;
    case 'skipped':
      return `not read: the folder ${warning.folder}; name it to read it`;
    case 'excluded': {
      const names = warning.sources.map(({ name, excludedBy }) => `${name} (${excludedBy})`);
      return `not read, because ${names.length === 1 ? 'it is' : 'they are'} excluded: ${someOf(names, MOST_EXCLUDED)}`;
    }
    case 'in-default':
      return `judged in namespace \`${warning.namespace}\`, because nothing gives another: ${someOf(warning.policies.map(placedName), MOST_NAMED)}`;
    case 'refused':
      return `rejected, and so without effect: ${refusalText(warning.policy)}`;
    case 'counted-twice':
      return `counted twice: ${problemText(warning.problem)}`;
    case 'passed-over':
      return `not judged: ${placeText(warning.passedOver.origin)}${PASSED_OVER[warning.passedOver.is]}`;
    case 'namespaced':
      return warning.namespaces.size === 1
        ? `the objects of ${warning.source.name} are in namespace \`${[...warning.namespaces].join()}\`, as a kustomization says`
        : `the namespace of the objects of ${warning.source.name} is not known, because kustomizations give several; judge what \`kustomize build\` prints`;
    case 'filled-in-later':
      return `judged with what is known: ${problemText(warning.problem)}`;
    case 'dropped':
      return `means less than is written: the API server drops ${droppedText(warning)} of ${nameOf(warning.resource)}`;
    case 'missing-service':
      return `judged without ${missingText(warning)}; where no Service of a rule exists, Cilium applies the rule to every peer on its ports`;
    case 'left-out':
      return `not counted: ${counted(warning.policies.length, 'policy')} of the inventory; give them as policies to count them`;
    case 'not-judged':
      return `not judged: ${nameOf(warning.resource)}`;
    case 'not-enforced':
      return `not enforced by Cilium: ${nameOf(warning.resource)}${isPrivate(warning.resource) ? '' : ` (${shortened(warning.resource.apiVersion)})`}`;
    case 'assumed':
      return `counted as enforced, because no configuration says whether \`enable-k8s-cluster-network-policy\` is on: ${someOf(warning.policies.map(nameOf), MOST_NAMED)}`;
    case 'without-effect':
      return `without effect, because \`${warning.key}\` is off: ${nameOf(warning.resource)}`;
  }
}

/** `cilium-config.yaml:3:3: Cilium 1.20 has no such key of cilium-config; did you mean …?`. A name is quoted if it may be. */
export function configProblemText({ is, of, name, place, lacking, knownIn, guess, more }: ConfigProblem): string {
  if (is === 'not-judged') {
    return `not judged: the key \`${name}\` of \`cilium-config\`, which changes answers`;
  }
  const which = `${name === undefined ? 'such ' : ''}${of}${name === undefined ? '' : ` \`${shortened(name)}\``}`;
  const whose = of === 'key' ? '`cilium-config`' : 'the chart';
  const elsewhere = knownIn.length === 0 ? '' : `; ${having(knownIn)} it`;
  const hint = guess === undefined ? elsewhere : `; did you mean \`${guess}\`?`;
  const rest = more === undefined ? '' : `, and ${counted(more, 'more name')} like it`;
  return `${place === undefined ? '' : `${place}: `}Cilium ${having(lacking)} no ${which} of ${whose}${hint}${rest}`;
}

/** `1.20 has`, or `1.18, 1.19 and 1.20 have`. */
function having(minors: readonly string[]): string {
  return minors.length === 1 ? `${minors[0]} has` : `${minors.slice(0, -1).join(', ')} and ${minors[minors.length - 1]} have`;
}

/** What a document is that is passed over. */
export const PASSED_OVER = {
  list: 'a list of which not all items are manifests',
  embedded: 'a policy inside another object',
  patch: 'a patch of a kustomization; judge what `kustomize build` prints',
  chart: 'a template of a Helm chart; judge what `helm template` prints',
};

/** A warning as data: its kind, its words, and the object that it is about. */
export interface WarningView {
  readonly code: Warning['is'];
  readonly message: string;
  /** `Kind/namespace/name`. */
  readonly object?: string;
}

export function warningView(warning: Warning): WarningView {
  const resource = resourceOf(warning);
  const object = resource && !isPrivate(resource) ? `${resource.kind}/${resource.namespace ?? ''}/${resource.name}` : undefined;
  return { code: warning.is, message: printable(warningText(warning)), ...(object !== undefined && { object: shortened(object) }) };
}

function resourceOf(warning: Warning): Resource | undefined {
  if ('config' in warning) {
    return undefined;
  }
  switch (warning.is) {
    case 'unread':
    case 'counted-twice':
    case 'filled-in-later':
      return warning.problem.origin.resource;
    case 'refused':
      return warning.policy.resource;
    case 'dropped':
    case 'missing-service':
    case 'not-judged':
    case 'not-enforced':
    case 'without-effect':
      return warning.resource;
    case 'passed-over':
    case 'namespaced':
    case 'skipped':
    case 'excluded':
    case 'in-default':
    case 'assumed':
    case 'left-out':
      return undefined;
  }
}

function droppedText({ path, count }: Extract<Warning, { is: 'dropped' }>): string {
  return `\`${shortened(pointer(path))}\`${count === 1 ? '' : ` and ${counted(count - 1, 'more field')}`}`;
}

function missingText({ resource, services }: Extract<Warning, { is: 'missing-service' }>): string {
  const names = services.map((name) => name.replace(/^\//, ''));
  const which = isPrivate(resource) ? '' : `: ${shortened(someOf(names, MOST_NAMED))}`;
  return `${counted(services.length, 'Service')} of ${nameOf(resource)} that the inventory does not have${which}`;
}

const MOST_NAMED = 3;

const MOST_EXCLUDED = 10;

function placedName(resource: Resource): string {
  const line = lineOf({ document: resource.document, resource, path: [] });
  return line === undefined ? nameOf(resource) : `${nameOf(resource)} (${line})`;
}

/** `web.yaml:9: CiliumNetworkPolicy shop/web: CIL202: the policy has no rule, so the agent rejects it`; no place if there is no text. */
export function refusalText({ resource, findings }: RefusedPolicy): string {
  const { code, message, origin } = foundOf(resource, findings.find(isReason) ?? findings[0]).diagnostic;
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

/** A snapshot beside its inventory, for programs: throws if a part of the inventory was not read, because what is in it would seem to be missing. */
export function expectInventory({ snapshot, unread }: OpenedWithInventory): Snapshot {
  if (unread.length > 0) {
    throw new Error(printable(`the inventory cannot be read: ${problemText(unread[0])}`));
  }
  return snapshot;
}

/** Throws if a folder was passed over, a settings file that was found excludes something, or a document that may be a policy in another tool's hands, because nobody would see a warning. */
export function expectNoSkipped({ sources, passedOver }: Pick<Read, 'sources' | 'passedOver'>): void {
  const skipped = [
    ...sources.filter(({ isSkipped }) => isSkipped).map(({ name }) => name),
    ...sources.filter(({ isExcludedUnasked }) => isExcludedUnasked).map(({ name, excludedBy }) => `${name} (${excludedBy})`),
    ...new Set(passedOver.filter(({ is }) => is !== 'embedded').map(({ origin }) => origin.document.source.name)),
  ];
  if (skipped.length > 0) {
    throw new Error(printable(`not read: ${skipped.join(', ')}; expect something of the files and folders that are meant`));
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

/** An inventory may be any file that a settings file names, so nothing of it is told but a kind that is known here. */
function nameOf(resource: Resource): string {
  const { kind, namespace, name } = resource;
  return isPrivate(resource) ? `${kind} of the inventory` : shortened(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
}

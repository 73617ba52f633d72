/** How findings name a rule of another policy, or of the same one. */
import type { OwnedRule } from '../../model/flow';
import { isPrivate, Resource } from '../../model/origin';
import { groupedBy } from '../../net/grouped';
import type { Given, Judged } from '../check';

/**
 * For example ``\`egress[0]\` of CiliumNetworkPolicy `web` ``.
 *
 * `reader` is the rule that the finding is about: its own policy is `this policy`. Of several given policies with one name, the namespace and the file say
 * which one is meant.
 */
export function ruleName({ policy: { resource }, rule: { path } }: OwnedRule, reader?: OwnedRule, given?: Pick<Given, 'policies'>): string {
  if (isPrivate(resource)) {
    return 'a rule behind a link';
  }
  const [section, ...steps] = path[0] === 'specs' ? [`specs[${path[1]}]`, ...path.slice(2)] : path.slice(1);
  const policy = reader?.policy.resource === resource ? 'this policy' : policyName(resource, given);
  return section === undefined ? policy : `\`${[section, ...steps].map(stepText).join('')}\` of ${policy}`;
}

/** How sure it is that two rules are together: without a namespace, the files of a folder may be alternatives of a collection. */
export function severityBeside(a: OwnedRule, b: OwnedRule, { folderOf }: Pick<Judged, 'folderOf'>): { readonly severity?: 'info' } {
  return !areOfOneFile(a, b) && folderOf(a.policy) !== undefined ? { severity: 'info' } : {};
}

export function areOfOneFile(a: OwnedRule, b: OwnedRule): boolean {
  return a.policy.resource.document.source === b.policy.resource.document.source;
}

function stepText(step: string | number, i: number): string {
  return typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`;
}

function policyName(resource: Resource, given: Pick<Given, 'policies'> | undefined): string {
  const { kind, namespace, name, document } = resource;
  if (given === undefined || (namesOf(given).get(nameOf(resource)) ?? 0) < 2) {
    return nameOf(resource);
  }
  const file = document.source.text === undefined ? '' : ` in \`${document.source.name}\``;
  return `${kind} \`${namespace === undefined ? '' : `${namespace}/`}${name}\`${file}`;
}

function nameOf({ kind, name }: Resource): string {
  return `${kind} \`${name}\``;
}

/** How many policies have a name. */
function namesOf(given: Pick<Given, 'policies'>): ReadonlyMap<string, number> {
  const known = NAMES.get(given) ?? new Map([...groupedBy(given.policies, nameOf)].map(([name, same]) => [name, same.length]));
  NAMES.set(given, known);
  return known;
}

/** Every finding of a run asks for the same. */
const NAMES = new WeakMap<Pick<Given, 'policies'>, ReadonlyMap<string, number>>();

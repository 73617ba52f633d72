import { fail, mustHaveItems } from '../../props/errors';
import { PortRule } from './manifest';
import { renderDnsName } from './names';

/** What a port rule adds to its ports for the proxy. */
export type Refinement = Omit<PortRule, 'ports'>;

/** Checks server names, which have the syntax of DNS patterns. Source: the CRD's pattern of `serverNames`. */
export function renderServerNames(names: string[]): string[] {
  mustHaveItems('list of server names', names, 'give at least one name');
  names.forEach(renderDnsName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail(`server name \`${twice}\` is given twice`, 'write it once');
  }
  return names;
}

/** Combines two refinements; a field in both would lose its first value. */
export function merge(refinement: Refinement, more: Refinement): Refinement {
  for (const field of Object.keys(more)) {
    if (field in refinement) {
      fail(`${field} of a port is set twice`, 'set it once, with all of its values');
    }
  }
  return { ...refinement, ...more };
}

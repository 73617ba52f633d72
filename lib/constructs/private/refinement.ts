import { renderDnsName } from './dns-name';
import { fail, mustHaveItems } from './errors';
import { PortRule } from './manifest';

/** What a proxy is told about a port. */
export type Refinement = Omit<PortRule, 'ports'>;

/** The names of a TLS connection, in the grammar of DNS patterns. Source: the CRD's pattern of `serverNames`. */
export function renderServerNames(names: string[]): string[] {
  mustHaveItems('list of server names', names, 'give at least one name');
  names.forEach(renderDnsName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail(`server name \`${twice}\` is given twice`, 'write it once');
  }
  return names;
}

/** Both refinements; the same one twice would lose the first. */
export function merge(refinement: Refinement, more: Refinement): Refinement {
  for (const field of Object.keys(more)) {
    if (field in refinement) {
      fail(`${field} of a port is given twice`, 'give it once, with all it shall have');
    }
  }
  return { ...refinement, ...more };
}

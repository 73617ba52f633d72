/** The words of a command line, a settings file or a plugin → options. */
import { Minor, minorOf, MINORS } from '../crd/minor';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Settings } from '../read/settings';
import type { RunOptions } from './check-sources';
import { CHECKS } from './registry';

/** Reads the values of settings; those that a person gave win over those of the file before. */
export function parseOptions({ cilium, config, namespace, select, ignore }: Settings): Parsed<RunOptions> {
  const minors = cilium === undefined ? undefined : parseCilium(cilium);
  if (minors !== undefined && !minors.ok) {
    return minors;
  }
  const unknown = [...(select ?? []), ...(ignore ?? [])].find((code) => !CHECKS.some((check) => check.code.startsWith(code.toUpperCase())));
  if (unknown !== undefined) {
    return refused(`there is no check \`${unknown}\``, 'write a code such as `CIL201`, or its beginning such as `CIL2`');
  }
  return accepted({
    ...(minors !== undefined && { cilium: minors.value }),
    ...{ config, namespace, select, ignore },
  });
}

/** Reads `1.20`, or `1.19..1.20` for a comparison. */
export function parseCilium(text: string): Parsed<Minor | readonly [Minor, Minor]> {
  const [from, to, ...rest] = text.split('..').map((part) => minorOf(part.replace(/^v/, '').replace(/^(\d+\.\d+)\.\d+$/, '$1')));
  const known = `known are ${MINORS.join(', ')}, and two of them with \`..\` between`;
  if (from === undefined || rest.length > 0 || (text.includes('..') && to === undefined)) {
    return refused(`unknown Cilium \`${text}\``, known);
  }
  if (to === undefined) {
    return accepted(from);
  }
  return MINORS.indexOf(from) < MINORS.indexOf(to)
    ? accepted([from, to] as const)
    : refused(`\`${text}\` is no upgrade`, 'write the older minor first');
}

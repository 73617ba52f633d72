/** The setting `habits`: whether the checks of habits run, and what they hold policies to. */
import { isObject } from '../model/json';
import { closest } from '../net/did-you-mean';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Quote } from '../read/config';

export interface Habits {
  /** What the names of clusterwide policies begin with. */
  readonly prefixes: readonly string[];
  /** The folders or charts of the platform team, to which clusterwide policies belong; none if they may be anywhere. */
  readonly platform: readonly string[];
  /** The namespaces whose ingress must be closed. */
  readonly sensitive: readonly string[];
}

/** What the guide has. */
export const DEFAULT_HABITS: Habits = { prefixes: ['default-', 'global-'], platform: [], sensitive: [] };

const KEYS = Object.keys(DEFAULT_HABITS) as (keyof Habits)[];

/** Reads `true`, `false`, or a mapping of lists; `undefined` if the checks do not run. */
export function parseHabits(value: unknown, quote: Quote): Parsed<Habits | undefined> {
  if (typeof value === 'boolean') {
    return accepted(value ? DEFAULT_HABITS : undefined);
  }
  if (!isObject(value)) {
    return refused('`habits` must be true, false, or a mapping', `write \`true\`, or lists of ${KEYS.join(', ')}`);
  }
  for (const [key, list] of Object.entries(value)) {
    if (!(KEYS as readonly string[]).includes(key)) {
      const guess = closest(key, KEYS);
      return refused(
        `unknown key${quote(key)} in \`habits\``,
        guess === undefined ? `write one of ${KEYS.join(', ')}` : `did you mean \`${guess}\`?`,
      );
    }
    if (!Array.isArray(list) || !list.every((one) => typeof one === 'string' && one !== '')) {
      return refused(`\`${key}\` in \`habits\` must be a list of strings that are not empty`);
    }
  }
  return accepted({ ...DEFAULT_HABITS, ...(value as Partial<Habits>) });
}

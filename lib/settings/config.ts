/** `cilium-config` of the settings: the keys for each minor. */
import { Minor, MINORS } from '../crd/minor';
import { AgentConfig, isBoolean, SWITCHES } from '../model/config';
import { accepted, Parsed, refused } from '../net/parsed';
import type { GivenConfig, Quote } from '../read/config';
import { chartConfig } from './chart';

/** The keys of every minor: they differ if values of the chart are given. */
export type Configs = Readonly<Record<Minor, AgentConfig>>;

export const NO_CONFIG: Configs = { '1.18': {}, '1.19': {}, '1.20': {} };

/** The keys for each minor; rejected if an agent would not start with them. */
export function configsOf(given: GivenConfig, quote: Quote): Parsed<Configs> {
  let configs = NO_CONFIG;
  for (const minor of MINORS) {
    const parsed = given.is === 'keys' ? accepted(given.keys) : chartConfig(given.values, minor);
    if (!parsed.ok) {
      return given.placeOf === undefined ? parsed : refused(`${given.placeOf([])}: ${parsed.problem}`, parsed.help);
    }
    const wrong = SWITCHES.find((key) => Object.hasOwn(parsed.value, key) && !isBoolean(parsed.value[key]));
    if (wrong !== undefined) {
      return notBoolean(wrong, parsed.value[wrong], given, quote);
    }
    configs = { ...configs, [minor]: parsed.value };
  }
  return accepted(configs);
}

function notBoolean(key: string, value: string, { is, placeOf }: GivenConfig, quote: Quote): Parsed<never> {
  const place = placeOf === undefined ? '' : `${placeOf(is === 'keys' ? [key] : [])}: `;
  const written = placeOf === undefined && quote('') !== '' ? `, but \`${value}\`` : '';
  return refused(`${place}\`${key}\` is neither true nor false${written}, and the agent does not start with it`, 'write `true` or `false`');
}

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
    const unknown = Object.keys(WORDS).find((key) => Object.hasOwn(parsed.value, key) && !isWord(key, parsed.value[key]));
    if (unknown !== undefined) {
      const words = WORDS[unknown].map((word) => `\`${word}\``);
      const problem = `unknown ${unknown}${given.placeOf === undefined ? quote(parsed.value[unknown]) : ''}`;
      return refused(`${placeIn(given, unknown)}${problem}`, `write ${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`);
    }
    configs = { ...configs, [minor]: parsed.value };
  }
  return accepted(configs);
}

/**
 * Keys that have only these values.
 *
 * An agent does not start with another `routing-mode` (cilium `pkg/option/config.go`, Validate). It takes another `enable-policy` for `default`
 * (`pkg/policy/repository.go`), which nobody means who writes one.
 */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'enable-policy': ['default', 'always', 'never'],
  'routing-mode': ['native', 'tunnel'],
};

/** `enable-policy` may be in any case, and an empty one is the default. */
function isWord(key: string, value: string): boolean {
  return key === 'enable-policy' ? value === '' || WORDS[key].includes(value.toLowerCase()) : WORDS[key].includes(value);
}

/** Keys that follow from values have the place of all of these. */
function placeIn({ is, placeOf }: GivenConfig, key: string): string {
  return placeOf === undefined ? '' : `${placeOf(is === 'keys' ? [key] : [])}: `;
}

function notBoolean(key: string, value: string, given: GivenConfig, quote: Quote): Parsed<never> {
  const place = placeIn(given, key);
  const written = given.placeOf === undefined && quote('') !== '' ? `, but \`${value}\`` : '';
  return refused(`${place}\`${key}\` is neither true nor false${written}, and the agent does not start with it`, 'write `true` or `false`');
}

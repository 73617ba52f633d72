/** What verdicts are asked under, from whoever asks: programs and machines may give anything. */
import { parseCilium } from '../checks/options';
import { NEWEST } from '../crd/minor';
import { isObject, Json } from '../model/json';
import { accepted, Parsed, refused } from '../net/parsed';
import { parseKeys } from '../read/config';
import type { Names } from '../read/inventory';
import { minorText } from '../read/settings';
import type { SimulationOptions } from './simulation';

/** Reads options; what is absent has its default. */
export function parseSimulationOptions({
  cilium = NEWEST,
  config = {},
  names = {},
}: {
  readonly cilium?: unknown;
  readonly config?: unknown;
  readonly names?: unknown;
}): Parsed<SimulationOptions> {
  const minor = parseCilium(minorText(cilium));
  if (!minor.ok) {
    return minor;
  }
  if (typeof minor.value !== 'string') {
    return refused('a verdict is about one minor', 'write one such as `1.20`');
  }
  const [keys, answers] = [parseKeys(config as Json), parseNames(names)];
  if (!keys.ok || !answers.ok) {
    return keys.ok ? answers : keys;
  }
  return accepted({ cilium: minor.value, config: keys.value, names: answers.value });
}

/** What DNS answers: a list of addresses for each name. */
function parseNames(value: unknown): Parsed<Names> {
  const entries = isObject(value) ? Object.entries(value) : undefined;
  const wrong = entries?.find(([, addresses]) => !Array.isArray(addresses) || addresses.some((one) => typeof one !== 'string'));
  if (entries === undefined || wrong !== undefined) {
    return refused(wrong === undefined ? '`names` is no mapping' : `\`names\` has no list of addresses for \`${wrong[0]}\``);
  }
  return accepted(Object.fromEntries(entries as [string, readonly string[]][]));
}

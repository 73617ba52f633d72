import { CODES } from '../../lib/checks/registry';
import { expectParsed } from '../../lib/net/parsed';
import { Settings, settle, Values } from '../../lib/settings/settings';

/** Settings with the given values. */
export function settingsOf(values: Values = {}): Settings {
  return expectParsed(settle(CODES, { values }));
}

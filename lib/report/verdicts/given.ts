/** How users give what an answer needs: by flags on the command line, by options in programs. */
import type { Parsed } from '../../net/parsed';

/** What stands for the words of a help text. */
export interface Means {
  readonly inventory: string;
  readonly names: string;
  readonly config: string;
}

export const FLAGS: Means = { inventory: '`--inventory`', names: '`--name api.example.com=192.0.2.1`', config: '`--config`' };

export const OPTIONS: Means = { inventory: '`inventory`', names: '`names`', config: '`config`' };

/** Names the flags or options in the help of a refusal. */
export function byMeans<T>(parsed: Parsed<T>, { inventory, names, config }: Means): Parsed<T> {
  if (parsed.ok || parsed.help === undefined) {
    return parsed;
  }
  const help = parsed.help
    .replace(/\b(?:an|the) inventory\b/, `$& (${inventory})`)
    .replace('with `names`', `with ${names}`)
    .replace(/\bthe configuration\b/, `$& (${config})`);
  return { ...parsed, help };
}

/** The questions whose answers a person has looked at. */
import { GOLDEN } from './golden';
import { Golden } from './named';
import { ODDITIES, ValidationOddity } from './oddities';
import type { NamedWorld } from './worlds';

/** Worlds with the answers that they should get. */
export const REVIEWED_WORLDS: readonly Golden[] = [...GOLDEN, ...ODDITIES.flatMap((oddity) => ('world' in oddity ? [oddity.world] : []))];

/** Objects with who should refuse them. */
export const REVIEWED_VALIDATIONS: readonly ValidationOddity[] = ODDITIES.flatMap((oddity) => ('validation' in oddity ? [oddity] : []));

/** A world without its answers. */
export function question({ name, config, names, objects, flows }: Golden): NamedWorld {
  return { name, config, names, objects, flows };
}

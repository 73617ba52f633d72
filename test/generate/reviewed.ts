/** The questions whose answers were reviewed by hand. */
import { GOLDEN } from './golden';
import { Golden } from './named';
import { ODDITIES, ValidationOddity } from './oddities';
import type { NamedWorld } from './worlds';

/** Worlds with their expected answers. */
export const REVIEWED_WORLDS: readonly Golden[] = [...GOLDEN, ...ODDITIES.flatMap((oddity) => ('world' in oddity ? [oddity.world] : []))];

/** Objects, and the layer that should reject each of them. */
export const REVIEWED_VALIDATIONS: readonly ValidationOddity[] = ODDITIES.flatMap((oddity) => ('validation' in oddity ? [oddity] : []));

/** A world without its expected answers. What the worlds assume is said in their configuration, unless they say otherwise. */
export function question({ name, config, names, objects, flows }: Golden): NamedWorld {
  return { name, config: { ...ASSUMED, ...config }, names, objects, flows };
}

const ASSUMED = {
  'enable-extended-ip-protocols': 'true',
  'enable-sctp': 'true',
  'http-normalize-path': 'false',
  'mesh-auth-enabled': 'true',
  'routing-mode': 'native',
};

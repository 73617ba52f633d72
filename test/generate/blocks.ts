import { contains, parsePrefix } from '../../lib/net/prefix';

/** Whether a block lies inside another, or is the same; never across families. */
export function isInside(inner: string, outer: string): boolean {
  const [within, around] = [parsePrefix(inner), parsePrefix(outer)];
  return within.ok && around.ok && contains(around.value, within.value);
}

import { contains, parsePrefix } from '../../lib/net/prefix';

/** Whether a prefix is inside another prefix or equal to it; false if the families differ. */
export function isInside(inner: string, outer: string): boolean {
  const [within, around] = [parsePrefix(inner), parsePrefix(outer)];
  return within.ok && around.ok && contains(around.value, within.value);
}

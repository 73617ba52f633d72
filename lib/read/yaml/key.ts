import type { ScalarNode } from './node';
import { parseInteger } from './scalar';

/**
 * A key as the Kubernetes tools write it in JSON; `undefined` if they reject it.
 * Source: `sigs.k8s.io/yaml`, `yaml.go`, convertToJSONableObject.
 */
export function keyText({ value, text }: ScalarNode): string | undefined {
  if (typeof value !== 'number') {
    return value === null ? undefined : String(value);
  }
  const integer = parseInteger(text.replaceAll('_', ''));
  if (integer !== undefined) {
    // Go decodes a larger integer as unsigned, which is not accepted as a key.
    return integer < 2n ** 63n ? String(integer) : undefined;
  }
  return floatText(Math.fround(value));
}

/** Go's shortest format of a 32-bit float: `%g`, with a two-digit exponent from a million on and below 0.0001. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : value < 0 ? '-.inf' : '.inf';
  }
  const [digits, exponent] = shortest(value).toExponential().split('e');
  const size = Number(exponent);
  if (size >= -4 && size < 6) {
    return String(shortest(value));
  }
  return `${digits}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
}

/** The number with the fewest digits that has the same 32-bit value. */
function shortest(value: number): number {
  const precisions = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return precisions.map((precision) => Number(value.toPrecision(precision))).find((short) => Math.fround(short) === value) ?? value;
}

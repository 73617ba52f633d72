/** Parts that policies of all kinds have. */
import { asList, asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import { below, PathLink } from '../../model/path';
import type { ObjectPart, SelectorPart, Selects, TextPart } from '../../model/written';

/** The parts of a list; `undefined` if the field is absent. */
export function listIn<T>(
  value: JsonObject,
  field: string,
  at: PathLink,
  part: (value: Json, at: PathLink) => T,
): readonly T[] | undefined {
  const list = value[field];
  if (list === undefined) {
    return undefined;
  }
  const above = { step: field, above: at };
  return asList(list).map((one, i) => part(one, { step: i, above }));
}

export function textPart(value: Json, at: PathLink): TextPart {
  return { text: asText(value), at };
}

export function objectPart(value: Json, at: PathLink): ObjectPart {
  return { value: asObject(value), at };
}

export function selectorIn(value: JsonObject, field: string, selects: Selects, at: PathLink, prefix = ''): SelectorPart | undefined {
  const selector = value[field];
  return isObject(selector) ? selectorPart(selector, selects, below(at, field), prefix) : undefined;
}

export function selectorPart({ matchLabels, matchExpressions }: JsonObject, selects: Selects, at: PathLink, prefix = ''): SelectorPart {
  const labels = isObject(matchLabels) ? Object.keys(matchLabels).map((key) => [key, asText(matchLabels[key])] as const) : [];
  const expressions = asList(matchExpressions).map((expression) => {
    const { key, operator, values } = asObject(expression);
    return { key: asText(key), operator: asText(operator), values: asList(values).map(asText) };
  });
  return { labels, expressions, selects, prefix, at };
}

export function exceptIn(value: JsonObject, at: PathLink): readonly TextPart[] {
  return listIn(value, 'except', at, textPart) ?? [];
}

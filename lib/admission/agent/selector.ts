import { asList, asObject, asText, isObject, JsonObject } from '../../model/json';
import type { Place, SelectorPart, Selects } from './parts';

/** A label selector as the agent reads it. */
export function selectorOf({ matchLabels, matchExpressions }: JsonObject, selects: Selects, prefix: string, place: Place): SelectorPart {
  const labels = isObject(matchLabels) ? Object.keys(matchLabels).map((key) => [key, asText(matchLabels[key])] as const) : [];
  const expressions = asList(matchExpressions).map((expression) => {
    const { key, operator, values } = asObject(expression);
    return { key: asText(key), operator: asText(operator), values: asList(values).map(asText) };
  });
  return { labels, expressions, selects, prefix, place };
}

import { isObject, Json, JsonObject } from '../../model/json';
import type { Place, SelectorPart, Selects } from './parts';

/** A label selector as the agent reads it. */
export function selectorOf({ matchLabels, matchExpressions }: JsonObject, selects: Selects, prefix: string, place: Place): SelectorPart {
  const labels = isObject(matchLabels) ? Object.keys(matchLabels).map((key) => [key, text(matchLabels[key])] as const) : [];
  const expressions = list(matchExpressions).map((expression) => {
    const { key, operator, values } = isObject(expression) ? expression : {};
    return { key: text(key), operator: text(operator), values: list(values).map(text) };
  });
  return { labels, expressions, selects, prefix, place };
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

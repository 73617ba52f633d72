import { isObject, JsonObject } from '../../model/json';

export interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** The labels that a selector asks for; a null is an empty text to the agent. */
export function labelsOf({ matchLabels }: JsonObject): readonly (readonly [string, string])[] {
  const labels = isObject(matchLabels) ? matchLabels : {};
  return Object.entries(labels).map(([key, value]) => [key, text(value)] as const);
}

export function expressionsOf({ matchExpressions }: JsonObject): readonly Expression[] {
  const expressions = Array.isArray(matchExpressions) ? (matchExpressions as readonly unknown[]) : [];
  return expressions.map((expression) => {
    const { key, operator, values } = isObject(expression) ? expression : {};
    return { key: text(key), operator: text(operator), values: Array.isArray(values) ? (values as readonly unknown[]).map(text) : [] };
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

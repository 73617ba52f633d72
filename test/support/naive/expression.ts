/** Programs as data: expressions of TypeScript with their calls. What is printed is what runs. */

/** A name with arguments, and the calls on it: `Selector.labels({ app: 'a' }).inNamespace('x')`. Without arguments, the name of a value. */
export interface Expression {
  readonly say: string;
  readonly args?: readonly Value[];
  readonly then?: readonly Expression[];
}

export type Value = string | number | boolean | undefined | Expression | readonly Value[] | { readonly [key: string]: Value };

/** A statement: an expression, and the name that its value gets. */
export interface Statement {
  readonly name?: string;
  readonly expression: Expression;
}

export type Program = readonly Statement[];

export function say(name: string, ...args: Value[]): Expression {
  return { say: name, args };
}

/** The expression with further calls on it. */
export function and(one: Expression, ...calls: readonly Expression[]): Expression {
  return { ...one, then: [...(one.then ?? []), ...calls] };
}

export function isExpression(value: Value): value is Expression {
  return typeof value === 'object' && 'say' in value;
}

/** All expressions in a value, from the outside. */
export function expressionsIn(value: Value): Expression[] {
  if (typeof value !== 'object') {
    return [];
  }
  const inner = isExpression(value) ? [...(value.args ?? []), ...(value.then ?? [])] : Object.values<Value>({ ...value });
  return [...(isExpression(value) ? [value] : []), ...inner.flatMap(expressionsIn)];
}

export function programText(program: Program): string {
  return program.map(({ name, expression }) => `${name === undefined ? '' : `const ${name} = `}${textOf(expression)};\n`).join('');
}

function textOf(value: Value): string {
  if (typeof value === 'string') {
    return `'${value.replaceAll('\\', '\\\\')}'`;
  }
  if (typeof value !== 'object') {
    return String(value);
  }
  if (isExpression(value)) {
    const args = value.args === undefined ? '' : `(${value.args.map(textOf).join(', ')})`;
    return [value.say + args, ...(value.then ?? []).map(textOf)].join('.');
  }
  if (Array.isArray(value)) {
    return `[${value.map(textOf).join(', ')}]`;
  }
  const fields = Object.entries(value as Record<string, Value>).flatMap(([key, one]) =>
    one === undefined ? [] : `${/^\w+$/.test(key) ? key : `'${key}'`}: ${textOf(one)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

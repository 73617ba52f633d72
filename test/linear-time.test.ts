/**
 * Every regular expression of the library needs only linear time, because whatever is in a checked repository may be hostile. The lint rules
 * find most others without running them; here each runs on the texts that are worst for it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { Attack, attacksOn, repeatsGroup, textOf } from './support/pumps';

/** A linear expression takes about a millisecond for this length, a quadratic one many seconds. */
const LENGTH = 200_000;
const BUDGET_MS = 1_000;

/** The attacks that take longest with a short text are run with a long one. */
const SHORT = 500;
const LONGEST = 4;

const lib = join(__dirname, '../lib');

interface Expression {
  readonly source: string;
  readonly flags: string;
  readonly files: string;
}

const expressions = expressionsOf(readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')));

test.each(expressions)('/$source/ of $files takes linear time', (expression) => {
  expect(slowAttack(expression)).toBeUndefined();
});

test.each([
  ['exponential', '^\\s*(?:#.*\\s*)*$', ''],
  ['quadratic from each beginning', '[|>][1-9][ \\t]*(?:#.*)?\\n$', ''],
  ['quadratic from one beginning', '^allow\\s+([\\w,\\s]+?)\\s*(?:--.*)?$', 'g'],
])('an expression that takes %s time is caught', (_, source, flags) => {
  expect(slowAttack({ source, flags, files: '' })).toBeDefined();
});

/** Each is over texts that are short, or that a program gives. */
const MAY_REPEAT_GROUPS = ['constructs/http-rule.ts', 'net/address.ts', 'net/dns-pattern.ts', 'net/port.ts', 'net/regex.ts'];

test('no expression repeats a group over long texts, because the engine keeps a stack of the rounds and throws when it is full', () => {
  const found = expressions.filter(({ source, flags }) => repeatsGroup(source, flags)).map(({ files }) => files);
  expect(found.sort()).toEqual(MAY_REPEAT_GROUPS);
});

test('all expressions are found', () => {
  expect(expressions.length).toBeGreaterThan(120);
});

/** An attack that takes an expression longer than its budget. */
function slowAttack({ source, flags }: Expression): Attack | undefined {
  const attacks = attacksOn(source, flags);
  const times: number[] = [];
  // One context for all, because each takes a millisecond to make. A run that was stopped goes on where it was.
  const screen = () => attacks.slice(times.length).forEach((attack) => times.push(leastOf(source, flags, textOf(attack, SHORT))));
  if (isTooSlow(screen)) {
    return attacks[times.length];
  }
  const longest = attacks.map((attack, i) => ({ attack, time: times[i] })).sort((a, b) => b.time - a.time);
  return longest.slice(0, LONGEST).find(({ attack }) => isTooSlow(() => millisecondsOf(source, flags, textOf(attack, LENGTH))))?.attack;
}

/** Whether a run exceeds its budget each time: a busy machine may stop any run for a second, but not three in a row. */
function isTooSlow(run: () => void): boolean {
  return [1, 2, 3].every(() => !isWithinBudget(run));
}

/** The engine stops an expression only in a context with a timeout. */
function isWithinBudget(run: () => void): boolean {
  try {
    runInNewContext('run()', { run }, { timeout: BUDGET_MS });
    return true;
  } catch {
    return false;
  }
}

/** The shortest of some runs: a busy machine makes any of them longer, and then another attack would be taken for the slow one. */
function leastOf(source: string, flags: string, text: string): number {
  return Math.min(...[1, 2, 3].map(() => millisecondsOf(source, flags, text)));
}

function millisecondsOf(source: string, flags: string, text: string): number {
  const start = performance.now();
  text.replace(new RegExp(source, flags), '');
  return performance.now() - start;
}

/** The expressions of files, each with the files that it is in. What splits a text is looked for again and again. */
function expressionsOf(files: readonly string[]): readonly Expression[] {
  const found = new Map<string, { source: string; flags: string; files: Set<string> }>();
  for (const file of files) {
    visit(ts.createSourceFile(file, readFileSync(join(lib, file), 'utf8'), ts.ScriptTarget.Latest, true), (literal) => {
      const end = literal.text.lastIndexOf('/');
      const flags = literal.text.slice(end + 1) + (isArgumentOf(literal, 'split') ? 'g' : '');
      const key = literal.text.slice(0, end + 1) + flags;
      const known = found.get(key) ?? { source: literal.text.slice(1, end), flags, files: new Set() };
      found.set(key, known);
      known.files.add(file);
    });
  }
  return [...found.values()].map((expression) => ({ ...expression, files: [...expression.files].join(', ') }));
}

function visit(node: ts.Node, onLiteral: (literal: ts.RegularExpressionLiteral) => void): void {
  if (ts.isRegularExpressionLiteral(node)) {
    onLiteral(node);
  }
  ts.forEachChild(node, (child) => visit(child, onLiteral));
}

function isArgumentOf({ parent }: ts.Node, method: string): boolean {
  return ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression) && parent.expression.name.text === method;
}

/** Writes a value in many ways: as YAML with the same meaning, or nearly the same. */
import fc from 'fast-check';
import { among, weighted } from './choices';
import { isList, isObject, Json } from './json';

/** A stream of small numbers that determines the decisions of the writer. */
type Dice = () => number;

/** Texts for a value, in block or flow style, with or without quotes, and with or without comments. */
export function yamlOf(value: Json): fc.Arbitrary<string> {
  const habits = fc.record({
    rolls: fc.array(fc.nat(99), { minLength: 40, maxLength: 40 }),
    step: weighted([6, among(2)], [1, among(1, 3, 4)]),
    flow: weighted([4, among(5)], [1, among(0, 50, 100)]),
    quoted: weighted([3, among(10)], [1, among(0, 60)]),
    head: weighted(
      [6, among('')],
      [2, among('---\n', '# policy\n', '\n')],
      [1, among('%YAML 1.1\n---\n', '\ufeff', '--- # one\n', '---\n---\n')],
    ),
    tail: weighted([6, among('\n')], [2, among('', '\n...\n', '\n# end', '\n---\n', '\n\n')]),
    lineEnd: weighted([12, among('\n')], [1, among('\r\n', '\r')]),
  });
  return habits.map(({ rolls, step, flow, quoted, head, tail, lineEnd }) => {
    let next = 0;
    const dice = () => rolls[next++ % rolls.length];
    const body = node(value, { dice, step, flow, quoted }, 0).replace(/^\n/, '');
    return (head + body + tail).replaceAll('\n', lineEnd);
  });
}

interface Habits {
  readonly dice: Dice;
  readonly step: number;
  /** The percentage of collections in flow style. */
  readonly flow: number;
  /** The percentage of strings that are quoted without need. */
  readonly quoted: number;
}

/** A value after its key or dash: on the same line after a space, or on separate lines. */
function node(value: Json, habits: Habits, indent: number): string {
  const entries = isList(value) || isObject(value) ? Object.keys(value).length : 0;
  if (entries === 0 || habits.dice() < habits.flow) {
    return ` ${inFlow(value, habits)}${habits.dice() < 3 ? ' # why' : ''}`;
  }
  return isList(value) ? listLines(value, habits, indent) : mapLines(value, habits, indent);
}

function mapLines(value: Json, habits: Habits, indent: number): string {
  const pad = ' '.repeat(indent);
  const members = isObject(value) ? Object.entries(value) : [];
  return members.map(([name, member]) => `\n${pad}${key(name, habits, pad)}:${node(member, habits, indent + habits.step)}`).join('');
}

/** The first line of an item is on the line of its dash. */
function listLines(items: readonly Json[], habits: Habits, indent: number): string {
  const pad = ' '.repeat(indent);
  return items.map((item) => `\n${pad}-${node(item, habits, indent + 2).replace(/^\n */, ' ')}`).join('');
}

function inFlow(value: Json, habits: Habits): string {
  const comma = habits.dice() < 20 ? ',' : ', ';
  if (isList(value)) {
    return `[${value.map((item) => inFlow(item, habits)).join(comma)}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => `${text(name, habits)}: ${inFlow(member, habits)}`);
    return `{${members.join(comma)}}`;
  }
  return typeof value === 'string' ? text(value, habits) : JSON.stringify(value);
}

/** A few keys are explicit, with a question mark before them and the colon on a separate line. */
function key(name: string, habits: Habits, pad: string): string {
  const written = text(name, habits);
  return habits.dice() < 2 ? `? ${written}\n${pad}` : written;
}

/** A string is quoted if a plain scalar would have another meaning, except for a few. */
function text(value: string, { dice, quoted }: Habits): string {
  const isPlain = /^[A-Za-z/][-A-Za-z0-9./_]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value);
  const roll = dice();
  if (isPlain ? roll >= quoted : roll < 4 && value !== '') {
    return value;
  }
  return dice() < 50 ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
}

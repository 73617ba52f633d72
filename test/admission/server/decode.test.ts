/** How Go decodes an object. */
import { decode } from '../../../lib/admission/server/decode';
import type { Schema } from '../../../lib/crd/schema';
import type { JsonObject } from '../../../lib/model/json';

const TEXT: Schema = { type: 'string' };

const SCHEMA: Schema = {
  type: 'object',
  properties: {
    text: TEXT,
    texts: { type: 'array', items: TEXT },
    map: { type: 'object', values: TEXT },
    items: { type: 'array', items: { type: 'object', properties: { text: TEXT } } },
    any: {},
    time: { type: 'date-time' },
  },
};

const decoded = (object: JsonObject) => decode(object, SCHEMA, undefined);

test('a null field counts as absent, and a null in a list or a map is the zero value of its type', () => {
  expect(decoded({ text: null, texts: [null, 'a'], map: { a: null }, items: [null], any: { a: null } })).toEqual({
    value: { texts: ['', 'a'], map: { a: '' }, items: [{}], any: { a: null } },
    unknown: [],
    violations: [],
  });
});

test('unknown fields are dropped, at every depth', () => {
  const { value, unknown } = decoded({ text: 'a', nonsense: 1, items: [{ text: 'b', nonsense: 1 }] });
  expect(value).toEqual({ text: 'a', items: [{ text: 'b' }] });
  expect(unknown).toEqual([['nonsense'], ['items', 0, 'nonsense']]);
});

test('a key `__proto__` of a map is a key', () => {
  const map = JSON.parse('{"__proto__":"a"}') as JsonObject;
  expect(Object.entries(decoded({ map }).value.map as JsonObject)).toEqual([['__proto__', 'a']]);
});

test('every value of the wrong type is told', () => {
  const { violations } = decoded({ text: 1, texts: ['a', 2], map: { a: [] }, items: {} });
  expect(violations.map(({ path }) => path.join('.'))).toEqual(['text', 'texts.1', 'map.a', 'items']);
});

test.each([
  ['2030-01-31T12:00:00Z', true],
  ['2030-01-31T1:00:00Z', true],
  ['2030-01-31T12:00:00.123+01:00', true],
  ['2030-01-31T12:00:00,5-24:60', true],
  ['2028-02-29T12:00:00Z', true],
  ['2000-02-29T12:00:00Z', true],
  ['2030-02-29T12:00:00Z', false],
  ['2100-02-29T12:00:00Z', false],
  ['2030-04-31T12:00:00Z', false],
  ['2030-13-01T12:00:00Z', false],
  ['2030-01-00T12:00:00Z', false],
  ['2030-01-31T24:00:00Z', false],
  ['2030-01-31T12:60:00Z', false],
  ['2030-01-31T12:00:60Z', false],
  ['2030-01-31T12:00:00+25:00', false],
  ['2030-01-31T12:00:00+24:61', false],
  ['2030-01-31t12:00:00Z', false],
  ['2030-01-31T12:00:00', false],
  ['', false],
])('Go reads `%s` as a time: %s', (time, isOne) => {
  expect(decoded({ time }).violations).toHaveLength(isOne ? 0 : 1);
});

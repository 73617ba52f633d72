/** Properties as users write them: what is misspelt or missing is refused with its place, and never passed over. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import type { WrittenProperties } from '../../lib/model/property';
import { parseProperties, parsePropertyFile } from '../../lib/read/properties';

const problemOf = (yaml: string): string => {
  const parsed = parsePropertyFile('p.yaml', yaml);
  return parsed.ok ? 'accepted' : `${parsed.problem}${parsed.help === undefined ? '' : ` (${parsed.help})`}`;
};
const only = (fields: string, more = ''): string => `properties:\n  - only-from: {${fields}}\n${more}`;

test.each<[string, string]>([
  ['a: [', 'p.yaml:1:5: '],
  ['propertie: []', 'p.yaml:1:1: there is no field `propertie` here (did you mean `properties`?)'],
  ['properties: {}', 'p.yaml:1:1: `properties` must be a list, not a mapping'],
  ['properties: [1]', 'p.yaml:1:14: a property must be a mapping, not an integer'],
  ['properties: [{name: a}]', 'p.yaml:1:15: a property has one of `isolated`, '],
  ['properties: [{isolated: {}, only-from: {}}]', 'p.yaml:1:15: a property has one of '],
  [only('to: {namespace: a}'), 'p.yaml:2:5: `from` is missing'],
  [only('to: {namespace: a}, from: {namespace: b}, port: 1'), 'p.yaml:2:59: there is no field `port` here (did you mean `ports`?)'],
  [only('to: {namespace: a}, from: {namespace: b}, ports: 80/HTTP'), 'p.yaml:2:59: `80/HTTP` is no port (write for example `5432/TCP`, '],
  [only('to: {namespace: a}, from: {namespace: b}, ports: [90-80]'), 'p.yaml:2:67: `90-80` is no port'],
  [only('to: {namespace: a}, from: {namespace: b}, ports: [0]'), 'p.yaml:2:67: `0` is no port'],
  [only('to: {namespace: a}, from: {namespace: b}, ports: [70000]'), 'p.yaml:2:67: `70000` is no port'],
  [only('to: web, from: {namespace: b}'), 'p.yaml:2:17: there is no set `web` (list it under `sets`, or write a list)'],
  [only('to: [], from: {namespace: b}'), 'p.yaml:2:17: the set is empty'],
  [only('to: {}, from: {namespace: b}'), 'p.yaml:2:17: the end is empty (write `podSelector: {}` for every pod)'],
  [only('to: {pods: {}}, from: {namespace: b}'), 'p.yaml:2:22: there is no field `pods` here'],
  [only('to: {entities: world, cidrs: 0.0.0.0/0}, from: {namespace: b}'), 'p.yaml:2:17: `entities` stands alone'],
  [only('to: {entities: world, namespace: a}, from: {namespace: b}'), 'p.yaml:2:17: `entities` stands alone'],
  [only('to: {entities: []}, from: {namespace: b}'), 'p.yaml:2:22: `entities` must be a text, or a list of texts'],
  [
    only('to: {podSelector: {matchLabel: {}}}, from: {namespace: b}'),
    'p.yaml:2:36: there is no field `matchLabel` here (did you mean `matchLabels`?)',
  ],
  [only('to: {podSelector: {matchExpressions: [a]}}, from: {namespace: b}'), 'p.yaml:2:55: a requirement must be a mapping, not a string'],
  [only('to: {namespace: a}, from: {namespace: b}', '    because: [1]\n'), 'p.yaml:3:5: `because` must be a text'],
  [
    only('to: {namespace: a}, from: {namespace: b}', '    whoever-writes-in: {entities: world}\n'),
    'p.yaml:3:5: only pods may be meant here',
  ],
  [
    only('to: {namespace: a}, from: {namespace: b}', '    whoever-writes-in: {podSelector: {}}\n'),
    'p.yaml:3:5: namespaces are meant here, without a `podSelector`',
  ],
  ['properties: [{default-denied: {of: {namespace: a}, direction: in}}]', 'p.yaml:1:52: `in` is no direction'],
  ['properties: [{default-denied: {of: {entities: world}}}]', 'p.yaml:1:32: only pods may be meant here'],
  ['properties: [{nodes-not-locked-out: {node: {}}}]', 'p.yaml:1:38: there is no field `node` here (did you mean `nodes`?)'],
  ...['6443/UDP', '6440-6450', '[6443, 443]'].map((port): [string, string] => [
    `properties: [{nodes-not-locked-out: {apiserver: ${port}}}]`,
    'p.yaml:1:38: `apiserver` is one port of TCP (write for example `6443/TCP`)',
  ]),
  ['properties: [{nodes-not-locked-out: {nodes: {matchLabel: {}}}}]', 'p.yaml:1:46: there is no field `matchLabel` here'],
  [
    `properties: [{opens-only: [${'{from: {namespace: a}, to: {namespace: b}}, '.repeat(201)}]}]`,
    'p.yaml:1:15: `opens-only` lists 201 kinds of flows, and at most 200 are compared (list larger sets)',
  ],
  ['properties: [{opens-only: {}}]', 'p.yaml:1:15: `opens-only` must be a list, not a mapping'],
  ['properties: [{opens-only: [a]}]', 'p.yaml:1:28: an entry must be a mapping, not a string'],
  ['properties: [{opens-only: [{from: {namespace: a}}]}]', 'p.yaml:1:29: `to` is missing'],
  [
    'properties: [{closes-only: [{from: {namespace: a}, to: {namespace: b}, port: 1}]}]',
    'p.yaml:1:72: there is no field `port` here (did you mean `ports`?)',
  ],
  [
    'properties: [{closes-only: [{from: {names: a.example.com}, to: {namespace: b}}]}]',
    'p.yaml:1:30: names open no connections (write them under `to`)',
  ],
  [
    'properties: [{opens-only: [], whoever-writes-in: {namespace: a}}]',
    'p.yaml:1:31: `opens-only` is about two sets of policies as they are (leave `whoever-writes-in` out)',
  ],
  ['properties: [{isolated: {between: [{namespace: a}]}}]', 'p.yaml:1:26: `between` has two sets'],
  [
    'properties: [{default-denied: {of: {namespace: a}}}, {default-denied: {of: {namespace: b}}}]',
    'p.yaml:1:55: there are two properties `default-denied`',
  ],
  ['assume: [{nevr: {namespace: a}}]\nproperties: []', 'p.yaml:1:11: there is no field `nevr` here (did you mean `never`?)'],
])('%j is refused', (yaml, problem) => {
  expect(problemOf(yaml).slice(0, problem.length)).toBe(problem);
});

test('a set that is named stands for what is in it, and names are never those of JavaScript objects', () => {
  const file = {
    sets: { both: [{ namespace: 'a' }, { entities: 'world' }] },
    properties: [{ 'only-from': { to: { namespace: 'b' }, from: ['both'] } }],
  };
  const parsed = parseProperties(file);
  expect(parsed.ok && parsed.value.properties[0].demands).toEqual([
    {
      is: 'nothing',
      from: {
        set: [
          { is: 'pods', namespaces: ['a'] },
          { is: 'entities', names: ['world'] },
        ],
        isOthers: true,
      },
      to: { set: [{ is: 'pods', namespaces: ['b'] }] },
    },
  ]);
  const wrong = parseProperties({ properties: [{ constructor: {} }] });
  expect(wrong.ok ? '' : wrong.problem).toBe('there is no property `constructor`');
  const set = parseProperties({ properties: [{ 'default-denied': { of: 'toString' } }] });
  expect(set.ok ? '' : set.problem).toBe('there is no set `toString`');
});

describe('the schema for editors', () => {
  const isValid = new Ajv().compile(JSON.parse(readFileSync('docs/formats/properties.schema.json', 'utf8')) as object);
  const set = { namespace: ['a', 'b'], podSelector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'x', operator: 'Exists' }] } };
  const all: WrittenProperties = {
    sets: { web: set, outside: [{ entities: 'world' }, { cidrs: ['10.0.0.0/8'] }] },
    assume: [{ never: { namespaceSelector: { matchLabels: { tenant: 'red' } } }, because: 'so' }],
    properties: [
      {
        name: 'a',
        because: 'so',
        'whoever-writes-in': { namespace: 'a' },
        isolated: { between: ['web', 'outside'], ports: [80, '53/UDP'] },
      },
      { 'only-from': { to: set, from: ['web', { entities: ['host'] }], ports: '8000-8010/TCP' } },
      { 'no-egress-except': { from: set, to: { names: '*.example.com' } } },
      { 'unreachable-from-world': { to: set } },
      { reachable: { from: set, to: set, ports: 80 } },
      { 'apiserver-reachable': { from: set } },
      { 'names-learnable': { from: set, names: ['api.example.com'] } },
      { 'default-denied': { of: set, direction: 'egress' } },
      { 'opens-only': [{ from: set, to: ['web', { names: 'api.example.com' }], ports: ['443/TCP'] }] },
      { 'closes-only': [] },
    ],
  };

  test('accepts what is read', () => {
    expect([isValid(all), parseProperties(all).ok]).toEqual([true, true]);
  });

  test.each<[string, object]>([
    ['no property', { properties: [] }],
    ['a field that nobody knows', { properties: [{ reachable: { from: set, to: set, port: 80 } }] }],
    ['two kinds in one property', { properties: [{ 'default-denied': { of: set }, 'apiserver-reachable': { from: set } }] }],
    ['an empty set', { properties: [{ 'default-denied': { of: [] } }] }],
    ['an end of two kinds', { properties: [{ 'unreachable-from-world': { to: { entities: 'host', cidrs: '10.0.0.0/8' } } }] }],
    ['flows without a destination', { properties: [{ 'opens-only': [{ from: set }] }] }],
    ['somebody who writes beside a change', { properties: [{ 'opens-only': [], 'whoever-writes-in': set }] }],
    ['a port of no protocol with ports', { properties: [{ reachable: { from: set, to: set, ports: '80/ICMP' } }] }],
  ])('refuses what is refused: %s', (_, written) => {
    expect([isValid(written), parseProperties(written).ok]).toEqual([false, false]);
  });
});

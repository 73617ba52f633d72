/** The words of the model: small functions that everything else relies on. */
import fc from 'fast-check';
import { Conditions, everyIdentity, pinnedToCluster } from '../../lib/model/conditions';
import { AgentConfig, isOn } from '../../lib/model/config';
import { asList, asObject, asText, kindOf, setOwn } from '../../lib/model/json';
import { hasLabel, identityKey, label } from '../../lib/model/label';
import { below, fieldAt, pathTo, pointer, pointersAlong } from '../../lib/model/path';
import { clusterNameOf, scopeOf } from '../../lib/model/scope';

describe('a path', () => {
  test('is a JSON pointer, with its own signs escaped', () => {
    expect(pointer(['spec', 'a/b', 'c~d', 0])).toBe('/spec/a~1b/c~0d/0');
    expect(pointer([])).toBe('');
  });

  test('is one of the pointers along it', () => {
    expect(pointersAlong(['spec', 'a/b', 0])).toEqual(['', '/spec', '/spec/a~1b', '/spec/a~1b/0']);
  });

  test('is what its links say', () => {
    const link = below(below(undefined, 'spec'), 'egress', 0, 'toPorts');
    expect(pathTo(link)).toEqual(['spec', 'egress', 0, 'toPorts']);
    expect(pathTo(undefined)).toEqual([]);
    expect(fieldAt(pathTo(below(link, 3)))).toBe('toPorts');
  });
});

describe('JSON', () => {
  test.each([[null], [undefined], [1], ['text'], [[1]], [{ a: 1 }]])('%j is a mapping, a list or a string, or an empty one', (value) => {
    expect([asObject(value), asList(value), asText(value)]).toEqual([
      typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {},
      Array.isArray(value) ? value : [],
      typeof value === 'string' ? value : '',
    ]);
  });

  test('every value has a word', () => {
    expect([null, undefined, [], {}, 1, 1.5, true].map(kindOf)).toEqual([
      'null',
      'nothing',
      'a list',
      'a mapping',
      'an integer',
      'a number',
      'a boolean',
    ]);
  });

  test('a field called `__proto__` is a field, and changes no prototype', () => {
    const object: Record<string, unknown> = {};
    setOwn(object, '__proto__', { polluted: true });
    expect(Object.keys(object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });
});

describe('an identity', () => {
  test('is its labels, in any order', () => {
    const labels = [label('k8s', 'app', 'web'), label('reserved', 'host'), label('k8s', 'tier', 'front')];
    fc.assert(
      fc.property(fc.shuffledSubarray(labels, { minLength: 3 }), (shuffled) => {
        expect(identityKey(shuffled)).toBe(identityKey(labels));
      }),
    );
    expect(identityKey(labels)).not.toBe(identityKey([...labels.slice(0, 2), label('any', 'tier', 'front')]));
    expect(hasLabel(labels, 'reserved', 'host')).toBe(true);
    expect(hasLabel(labels, 'k8s', 'host')).toBe(false);
  });
});

describe('a switch of cilium-config', () => {
  test.each(['1', 't', 'T', 'true', 'TRUE', 'True'])('is on by %s', (value) => expect(isOn({ key: value }, 'key', false)).toBe(true));

  test.each(['0', 'false', 'yes', 'on', ''])('is off by `%s`', (value) => expect(isOn({ key: value }, 'key', true)).toBe(false));

  test('has its default if it is absent, whatever objects have by nature', () => {
    expect(isOn({}, 'toString', false)).toBe(false);
    expect(isOn({}, 'key', true)).toBe(true);
  });
});

describe('a scope', () => {
  test('pins peers to the local cluster from 1.19 on, or as the switch says', () => {
    const pins = (minor: '1.18' | '1.19', config = {}) => scopeOf('shop', minor, config).pinsCluster;
    expect([pins('1.18'), pins('1.19')]).toEqual([false, true]);
    expect([pins('1.18', { 'policy-default-local-cluster': 'true' }), pins('1.19', { 'policy-default-local-cluster': 'false' })]).toEqual([
      true,
      false,
    ]);
  });

  test('is of the cluster that is named', () => {
    const configs: AgentConfig[] = [{}, { 'cluster-name': 'east' }, { 'cluster-name': '' }];
    expect(configs.map(clusterNameOf)).toEqual(['default', 'east', 'default']);
  });
});

describe('conditions', () => {
  const written = (key: string) => ({ labels: [[key, 'x']] as const, expressions: [] });

  test.each([
    ['app', 'any', 'app'],
    ['k8s:app', 'k8s', 'app'],
    [':app', 'any', 'app'],
    ['$host', 'reserved', 'host'],
    ['app.kubernetes.io/name', 'any', 'app.kubernetes.io/name'],
  ])('on the key %s are about the source %s', (key, source, plain) => {
    const [requirement] = new Conditions('1.20').addWritten(written(key)).requirements();
    expect(requirement).toEqual({ source, key: plain, operator: 'In', values: ['x'] });
  });

  test('up to 1.19 the source of a key ends at its first dot', () => {
    const sourceIn = (minor: '1.19' | '1.20') => new Conditions(minor).addWritten(written('a.b:c')).requirements()[0].source;
    expect([sourceIn('1.19'), sourceIn('1.20')]).toEqual(['a', 'a.b']);
  });

  test('make the same selector in whatever order labels are added', () => {
    const key = (...keys: string[]) => keys.reduce((all, one) => all.equals(one, 'x'), new Conditions('1.20')).selector().key;
    expect(key('k8s:a', 'k8s:b')).toBe(key('k8s:b', 'k8s:a'));
    expect(key('k8s:a')).not.toBe(everyIdentity('1.20').key);
  });

  test('that name a cluster are not pinned to another', () => {
    const scope = scopeOf('shop', '1.20', {});
    const pinned = (conditions: Conditions) =>
      pinnedToCluster(conditions, scope)
        .requirements()
        .map(({ values }) => values);
    expect(pinned(new Conditions('1.20'))).toEqual([['default']]);
    expect(pinned(new Conditions('1.20').equals('any:io.cilium.k8s.policy.cluster', 'east'))).toEqual([['east']]);
  });
});

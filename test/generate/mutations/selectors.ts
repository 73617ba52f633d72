/** Mutations of label selectors, in every place that has one: B.4. */
import fc from 'fast-check';
import { among } from '../choices';
import { Json, JsonObject, without } from '../json';
import { Change, Mutation, mutation, onPeers, onRule, SECTIONS } from './mutation';

const NODES_ON = { 'enable-node-selector-labels': 'true' };

/** Adds a selector in a place where a policy can have one. */
function onSelector(selectors: fc.Arbitrary<JsonObject>): Change {
  const subject = onRule(selectors, (rule, selector) => {
    const name = 'nodeSelector' in rule ? 'nodeSelector' : 'endpointSelector';
    return { ...without(rule, name), [name]: selector };
  });
  return fc.oneof(
    { weight: 3, arbitrary: subject },
    {
      weight: 3,
      arbitrary: onPeers(
        SECTIONS,
        selectors.map((selector) => ({ Endpoints: [selector] })),
      ),
    },
    {
      weight: 1,
      arbitrary: onPeers(
        SECTIONS,
        selectors.map((selector) => ({ Nodes: [selector] })),
      ),
    },
  );
}

function onGroupSelector(selectors: fc.Arbitrary<JsonObject>): Change {
  return onPeers(
    SECTIONS,
    selectors.map((cidrGroupSelector) => ({ CIDRSet: [{ cidrGroupSelector }] })),
  );
}

function onServiceSelector(selectors: fc.Arbitrary<JsonObject>): Change {
  return onPeers(
    ['egress', 'egressDeny'],
    selectors.map((selector) => ({ toServices: [{ k8sServiceSelector: { selector } }] })),
  );
}

/** A selector with the key in a label or in an expression. */
function withKey(...keys: readonly string[]): fc.Arbitrary<JsonObject> {
  return fc
    .record({ key: among(...keys), labels: fc.boolean() })
    .map(({ key, labels }): JsonObject => (labels ? { matchLabels: { [key]: 'a' } } : { matchExpressions: [{ key, operator: 'Exists' }] }));
}

function withExpression(...expressions: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  return among(...expressions).map((expression) => ({ matchExpressions: [expression] }));
}

const BAD_KEYS = ['a b', '', 'k8s:', 'a/b/c', 'A.b/c', '/a', 'a/', 'k'.repeat(64), `${'d'.repeat(254)}/a`];
const BAD_VALUES = ['a b', '-a', 'a/b', 'v'.repeat(64)];

const noValues: readonly JsonObject[] = [
  { key: 'a', operator: 'In' },
  { key: 'a', operator: 'NotIn' },
  { key: 'a', operator: 'In', values: [] },
];
const needlessValues: readonly JsonObject[] = [
  { key: 'a', operator: 'Exists', values: ['b'] },
  { key: 'a', operator: 'DoesNotExist', values: [''] },
];
const badOperators: readonly JsonObject[] = [
  { key: 'a', operator: 'in', values: ['b'] },
  { key: 'a', operator: 'Gt', values: ['1'] },
  { key: 'a', operator: '', values: [] },
];

export const SELECTOR_MUTATIONS: readonly Mutation[] = [
  mutation('bad-key', 'B.4-32', onSelector(withKey(...BAD_KEYS)), { config: NODES_ON }),
  mutation('too-many-slashes', 'B.4-32', onSelector(withKey('a/b/c', 'k8s:a/b/c', '//')), { config: NODES_ON }),
  mutation('bad-source', 'B.4-32', onSelector(withKey('k8s_x:a', ':a', 'a b:c', 'a.b:c')), { config: NODES_ON }),
  mutation('two-sources', 'B.4-32', onSelector(withKey('k8s:any:a', 'a:b:c', '::')), { config: NODES_ON }),
  mutation('key-of-1.20-alone', 'B.4-33', onSelector(withKey('k'.repeat(60), 'k'.repeat(63))), { config: NODES_ON }),
  mutation('key-of-older-minors-alone', 'B.4-33', onSelector(withKey('$host', 'a=b', '-a')), { config: NODES_ON }),
  mutation('bad-label-value', 'B.4-34', onSelector(among(...BAD_VALUES).map((value) => ({ matchLabels: { a: value } }))), {
    config: NODES_ON,
  }),
  mutation(
    'bad-expression-value',
    'B.4-34',
    onSelector(among(...BAD_VALUES).map((value) => ({ matchExpressions: [{ key: 'a', operator: 'In', values: [value] }] }))),
    {
      config: NODES_ON,
    },
  ),
  mutation('no-values', 'B.4-35', onSelector(withExpression(...noValues)), { config: NODES_ON }),
  mutation('needless-values', 'B.4-35', onSelector(withExpression(...needlessValues)), { config: NODES_ON }),
  mutation('bad-operator', 'B.4-35', onSelector(withExpression(...badOperators)), { config: NODES_ON }),
  mutation(
    'several-selector-errors',
    'B.4-36',
    onSelector(fc.constant({ matchLabels: { 'a b': 'c' }, matchExpressions: [...noValues, ...needlessValues] })),
    {
      config: NODES_ON,
    },
  ),
  mutation(
    'bad-group-selector',
    'B.4-37',
    onGroupSelector(fc.oneof(withKey('a b', 'k8s:any:a'), withExpression(...noValues, ...needlessValues))),
  ),
  mutation('sourced-group-selector', 'B.4-37', onGroupSelector(withKey('k8s:kind', 'any:kind', 'cidrgroup:kind'))),
  mutation(
    'bad-service-selector',
    'B.4-35',
    onServiceSelector(
      fc.oneof(
        withKey('a b'),
        withExpression(...noValues, ...needlessValues, ...badOperators, { key: 'a', operator: 'In', values: ['a b'] }),
      ),
    ),
  ),
  mutation(
    'conflicting-namespace',
    'B.9-58',
    onRule(among('k8s:io.kubernetes.pod.namespace', 'io.kubernetes.pod.namespace'), (rule, key) => ({
      ...without(rule, 'nodeSelector'),
      endpointSelector: { matchLabels: { [key]: 'elsewhere' } as Readonly<Record<string, Json>> },
    })),
  ),
];

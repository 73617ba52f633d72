/** Generates policies, other objects and lists, some of them wrong. */
import fc from 'fast-check';
import { among, few, weighted } from './choices';
import { entry, Entry, maybe, raw, spelled, Spelling, tree, Tree } from './object-trees';

const POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'];
const OTHER_KINDS = ['Pod', 'ConfigMap', 'CiliumEndpoint', 'CiliumNetworkPolice', 'AllowList'];
const LIST_KINDS = ['List', 'PodList', 'CiliumNetworkPolicyList', 'Listing', 'CiliumNetworkPolicy', 'AllowList'];

const kindKey = weighted([60, spelled('kind')], [1, spelled('Kind')]);
const versionKey = weighted([30, spelled('apiVersion')], [1, spelled('apiversion')]);

const policyKind = among(...POLICY_KINDS).chain(spelled);
const anyKind = weighted<Spelling>(
  [24, policyKind],
  [16, among(...OTHER_KINDS).chain(spelled)],
  [1, raw('null', '""', '1', 'true', '[]', '{}')],
);
const listKind = weighted<Spelling>([40, among(...LIST_KINDS).chain(spelled)], [1, raw('null', '""', '1')]);

const version = weighted<Spelling>(
  [40, spelled('cilium.io/v2')],
  [20, spelled('v1')],
  [1, among('cilium.io/v3', 'cilium.io/v2/x', 'a/b', '/', '/v1').chain(spelled)],
  [1, raw('null', '""', '2', '{}')],
);

const metadata = weighted<Tree>(
  [20, tree(entry(spelled('name'), among('a', 'b', 'web').chain(spelled)))],
  [
    3,
    tree(
      entry(spelled('name'), among('a', 'b').chain(spelled)),
      entry(spelled('namespace'), spelled('shop')),
      entry(spelled('labels'), raw('{"app": "web"}', '{}', 'null')),
    ),
  ],
  [1, raw('null', '{}', '{"name": 1}', '{"name": null}', '{"labels": {"a": 1}}', '"a"', '[]', '{"Name": 1}')],
);

const spec: fc.Arbitrary<Tree> = raw(
  '{"endpointSelector": {}}',
  '{"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{}]}',
  '{"ports": [80, 1.5, 1e3]}',
  '{"items": [{"kind": "Pod"}]}',
  '{}',
  'null',
);

function common(kind: fc.Arbitrary<Spelling>): fc.Arbitrary<readonly Entry[]> {
  const both = fc.tuple(maybe(97, entry(versionKey, version)), maybe(98, entry(kindKey, kind)), maybe(3, entry(kindKey, kind)));
  return fc.tuple(both, fc.boolean()).map(([parts, isSwapped]) => (isSwapped ? [...parts].reverse() : parts).flat());
}

const simple = tree(common(anyKind), maybe(90, entry(spelled('metadata'), metadata)), maybe(50, entry(spelled('spec'), spec)));

/** An item that takes its kind from its list, or has only one of kind and version. */
const partial = tree(
  maybe(8, entry(spelled('kind'), policyKind)),
  maybe(8, entry(spelled('apiVersion'), version)),
  maybe(90, entry(spelled('metadata'), metadata)),
);

/** Lists in lists, at most three deep. */
function listOf(depth: number): fc.Arbitrary<Tree> {
  const item = weighted<Tree>(
    [24, simple],
    [10, partial],
    [1, raw('null', '{}', '1', '"a"', '[]', '[{"kind": "Pod", "apiVersion": "v1"}]')],
    ...(depth > 0 ? [[2, listOf(depth - 1)] as const] : []),
  );
  const items = weighted<Tree>(
    [24, few(item, 0, 3).map((all) => ({ items: all }))],
    [3, raw('null', '[]', '{}', '"a"', '1', 'false', '{"a": {}}', '[null]')],
  );
  return tree(
    common(listKind),
    maybe(40, entry(spelled('metadata'), metadata)),
    entry(weighted([15, spelled('items')], [1, among('Items', 'ITEMS', 'item').chain(spelled)]), items),
    maybe(4, entry(spelled('items'), raw('null', '[]'))),
  );
}

/** An object, or a list. */
export const objects: fc.Arbitrary<Tree> = weighted([13, simple], [7, among(0, 0, 0, 0, 1, 2).chain(listOf)]);

/** Mutations of objects as a whole, and of their metadata: A.1, A.10 and B.9. */
import fc from 'fast-check';
import { among } from '../choices';
import { Json, JsonObject, objectOf, without } from '../json';
import { Policy } from '../policies';
import { Change, Mutation, mutation, POLICIES } from './mutation';

function onObject<T>(values: fc.Arbitrary<T>, change: (policy: Policy, value: T) => JsonObject): Change {
  return values.map((value) => (policy) => change(policy, value) as Policy);
}

function onMetadata(...members: readonly JsonObject[]): Change {
  return onObject(among(...members), (policy, some) => ({ ...policy, metadata: { ...objectOf(policy.metadata), ...some } }));
}

function onGroup(...specs: readonly Json[]): Change {
  return onObject(among(...specs), (policy, spec) => ({ ...policy, spec }));
}

/** Everything that only the API server validates. */
const CRDS = { kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'] } as const;
const CNP = { kinds: ['CiliumNetworkPolicy'] } as const;
const CLUSTERWIDE = { kinds: ['CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'] } as const;
const GROUP = { kinds: ['CiliumCIDRGroup'] } as const;

export const OBJECT_MUTATIONS: readonly Mutation[] = [
  mutation(
    'no-name',
    'B.9-53',
    onObject(fc.boolean(), (policy) => ({ ...policy, metadata: without(policy.metadata, 'name') })),
    CRDS,
  ),
  mutation('empty-name', 'B.9-53', onMetadata({ name: '' }, { name: null }), CRDS),
  mutation(
    'no-spec',
    'B.9-54',
    onObject(fc.boolean(), (policy) => without(policy, 'spec', 'specs')),
  ),
  mutation(
    'null-spec',
    'B.9-54',
    onObject(among<JsonObject>({ spec: null }, { specs: null }, { spec: null, specs: null }), (policy, some) => ({
      ...without(policy, 'spec', 'specs'),
      ...some,
    })),
  ),
  mutation(
    'empty-specs',
    'B.9-54',
    onObject(fc.boolean(), (policy) => ({ ...without(policy, 'spec'), specs: [] })),
  ),
  mutation(
    'empty-spec',
    'B.9-54',
    onObject(fc.boolean(), (policy) => ({ ...without(policy, 'specs'), spec: {} })),
  ),
  mutation(
    'null-in-specs',
    'B.9-54',
    onObject(fc.boolean(), (policy) => ({ ...without(policy, 'spec'), specs: [null] })),
  ),
  mutation(
    'wrong-rule-in-specs',
    'B.9-55',
    onObject(fc.boolean(), ({ spec, ...policy }) => ({ ...policy, specs: [objectOf(spec), { endpointSelector: {}, egress: [] }] })),
  ),
  mutation(
    'nodes-in-cnp',
    'B.9-56',
    onObject(fc.boolean(), ({ spec, ...policy }) => ({
      ...policy,
      spec: { ...without(spec, 'endpointSelector'), nodeSelector: {}, ingress: [{}] },
    })),
    CNP,
  ),
  mutation(
    'nodes-in-cnp-specs',
    'B.9-56',
    onObject(fc.boolean(), (policy) => ({ ...without(policy, 'spec'), specs: [{ nodeSelector: {}, ingress: [{}] }] })),
    CNP,
  ),
  mutation(
    'cnp-nowhere',
    'B.9-57',
    onObject(fc.boolean(), (policy) => ({ ...policy, metadata: without(policy.metadata, 'namespace') })),
    { ...CNP, namespace: '' },
  ),
  mutation(
    'node-cnp-nowhere',
    'B.9-57',
    onObject(fc.boolean(), (policy) => ({
      ...without(policy, 'specs'),
      metadata: { name: 'p' },
      spec: { nodeSelector: {}, ingress: [{}] },
    })),
    {
      ...CNP,
      namespace: '',
    },
  ),
  mutation('clusterwide-with-namespace', 'A.1', onMetadata({ namespace: 'shop' }), CLUSTERWIDE),
  mutation(
    'bad-object-name',
    'A.1',
    onMetadata({ name: 'A' }, { name: 'a_b' }, { name: 'a.' }, { name: 'a b' }, { name: 'n'.repeat(254) }),
    CRDS,
  ),
  mutation('bad-namespace', 'A.1', onMetadata({ namespace: 'A' }, { namespace: 'a.b' }, { namespace: 'n'.repeat(64) }), CNP),
  mutation(
    'bad-metadata-labels',
    'A.1',
    onMetadata({ labels: { 'a b': 'c' } }, { labels: { a: 'b c' } }, { labels: { 'a/b/c': '' } }, { labels: { a: 'v'.repeat(64) } }),
    CRDS,
  ),
  mutation('bad-annotations', 'A.1', onMetadata({ annotations: { 'a b': 'c' } }, { annotations: { 'A/b': 'any text' } }), CRDS),
  mutation(
    'metadata-types',
    'A.1',
    onMetadata({ labels: { a: 1 } }, { labels: ['a'] }, { name: 7 }, { annotations: 'a' }, { labels: null }),
    CRDS,
  ),
  mutation('generated-name', 'A.1', onMetadata({ generateName: 'a-' }, { generateName: 'A_', name: 'a' }), CRDS),
  mutation('unknown-metadata', 'A.1', onMetadata({ description: 'a' }, { label: {} }), CRDS),
  mutation(
    'no-metadata',
    'A.1',
    onObject(fc.boolean(), (policy) => without(policy, 'metadata')),
    CRDS,
  ),
  mutation(
    'odd-metadata',
    'A.1',
    onObject(among<Json>(null, [], 'a', {}), (policy, metadata) => ({ ...policy, metadata })),
    CRDS,
  ),
  mutation(
    'description-on-top',
    'A.1',
    onObject(fc.boolean(), (policy) => ({ ...policy, description: 'a' })),
    { kinds: POLICIES },
  ),
  mutation(
    'no-group-spec',
    'A.10',
    onObject(fc.boolean(), (policy) => without(policy, 'spec')),
    GROUP,
  ),
  mutation('group-without-blocks', 'A.10', onGroup({}, null, { externalCIDRs: null }, { externalCIDRs: '10.0.0.0/8' }, []), GROUP),
  mutation('group-of-nothing', 'A.10', onGroup({ externalCIDRs: [] }), GROUP),
  mutation(
    'bad-block-in-group',
    'A.10',
    onGroup(
      { externalCIDRs: ['10.0.0.1'] },
      { externalCIDRs: [''] },
      { externalCIDRs: ['10.0.0.0/33', '10.0.0.0/8'] },
      { externalCIDRs: [null] },
    ),
    GROUP,
  ),
  mutation('lax-block-in-group', 'A.10', onGroup({ externalCIDRs: ['10.0.0.0/08'] }, { externalCIDRs: ['010.0.0.0/8'] }), GROUP),
];

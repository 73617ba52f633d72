import type { Resource } from '../../model/origin';
import type { ReadCheck } from '../check';

const policy = (name: string) =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: shop\n` +
  'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n';

export const check: ReadCheck = {
  code: 'CIL005',
  name: 'duplicate-policy',
  severity: 'warning',
  stage: 'read',
  summary: 'two policies with the same kind, namespace and name',
  why:
    'If they are applied one after the other, the second replaces the first, and only one of them is in the cluster. Overlays of one base ' +
    'repeat its policies on purpose: check each overlay separately.',
  source: 'Kubernetes documentation, Object Names and IDs',
  bad: { yaml: `${policy('example')}---\n${policy('example')}` },
  good: { yaml: `${policy('example')}---\n${policy('other')}` },
  wordings: {
    'duplicate-policy': ({ resource, resource: { kind, namespace, name }, first }) => ({
      message: `${kind} \`${namespace === undefined ? name : `${namespace}/${name}`}\` is already defined`,
      help: `the first one is in ${first.constructPath ?? first.document.source.name}, document ${first.document.index + 1}; rename or remove one of them${isElsewhere(resource, first) ? ', or, if the folders are of different clusters, list them as `sets` in the settings file' : ''}`,
    }),
  },
};

/** Whether two policies are in different folders. */
function isElsewhere(a: Resource, b: Resource): boolean {
  const [one, other] = [a, b].map(({ document }) => document.source.name.split('/').slice(0, -1).join('/'));
  return one !== other;
}

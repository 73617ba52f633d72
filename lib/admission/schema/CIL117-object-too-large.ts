import type { SchemaCheck } from '../check';

const group = (count: number): string =>
  'apiVersion: cilium.io/v2\nkind: CiliumCIDRGroup\nmetadata:\n  name: example\nspec:\n  externalCIDRs:\n' +
  Array.from({ length: count }, (_, i) => `    - 10.${(i >> 8) & 255}.${i & 255}.0/24\n`).join('');

export const check: SchemaCheck = {
  code: 'CIL117',
  name: 'object-too-large',
  severity: 'error',
  stage: 'schema',
  echo: 'none',
  summary: 'an object that is too large for the cluster',
  why:
    'The API server rejects the object. An object in etcd has at most 1.5 MiB, and a request at most 3 MiB. What the API server adds, such as ' +
    'the `uid`, counts too. `kubectl apply` without `--server-side` already fails with a quarter of a MiB, because it writes the object into an ' +
    'annotation.',
  source: 'etcd `server/embed/config.go`, DefaultMaxRequestBytes; apiserver `pkg/server/config.go`, MaxRequestBodyBytes',
  // A megabyte, which only pages and tests need.
  get bad() {
    return { yaml: group(110_000), shown: group(3).replace(/$/, '    # … 110,000 CIDRs\n') };
  },
  good: { yaml: group(3) },
  wordings: {
    size: ({ size, most, isRequest }) => ({
      message: `the object has ${size} bytes${isRequest ? '' : ' in the storage'}, the most is ${most}`,
      help: 'split it into several objects',
    }),
  },
};

import type { SchemaCheck } from '../check';
import { tiers } from '../example';

export const check: SchemaCheck = {
  code: 'CIL118',
  name: 'experimental-field',
  severity: 'warning',
  stage: 'schema',
  // The CRD with the field stores it, and the agent reads it.
  echo: 'none',
  summary: 'a field that only the experimental CRD of ClusterNetworkPolicy has',
  why:
    'The CRD of ClusterNetworkPolicy has two channels, and only the experimental one has `nodes` and `domainNames`. With the CRD of the standard ' +
    'channel, the API server drops the field, and then rejects the policy, because a peer without a field is not valid. Verdicts take the CRD to be ' +
    'the experimental one.',
  source: 'network-policy-api `config/crd`, the standard and the experimental channel',
  bad: tiers(`
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    egress:
      - action: Accept
        to:
          - domainNames:
              - api.example.com
  `),
  good: tiers(`
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    egress:
      - action: Accept
        to:
          - networks:
              - 192.0.2.0/24
  `),
  wordings: {
    experimental: ({ path }) => ({
      message: `only the experimental CRD has \`${String(path.at(-1))}\`; with the standard one, the API server rejects the policy`,
      help: 'install the CRD of the experimental channel of network-policy-api',
    }),
  },
};

/**
 * The schema of a Kubernetes NetworkPolicy, which is not a custom resource.
 *
 * It covers the structure that kubectl and the API server reject. Kubernetes also validates values, which a schema cannot express.
 * Source: Kubernetes `staging/src/k8s.io/api/networking/v1/types.go`.
 */
import type { CustomResource, Schema } from '../../crd/schema';

const TEXT: Schema = { type: 'string' };

const listOf = (items: Schema): Schema => ({ type: 'array', items });

const SELECTOR: Schema = {
  type: 'object',
  properties: {
    matchLabels: { type: 'object', values: TEXT },
    matchExpressions: listOf({
      type: 'object',
      required: ['key', 'operator'],
      properties: { key: TEXT, operator: TEXT, values: listOf(TEXT) },
    }),
  },
};

const PORTS = listOf({
  type: 'object',
  properties: { protocol: TEXT, port: { type: 'integer or string' }, endPort: { type: 'integer' } },
});

const PEERS = listOf({
  type: 'object',
  properties: {
    podSelector: SELECTOR,
    namespaceSelector: SELECTOR,
    ipBlock: { type: 'object', required: ['cidr'], properties: { cidr: TEXT, except: listOf(TEXT) } },
  },
});

export const NETWORK_POLICY: CustomResource = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  namespaced: true,
  schema: {
    type: 'object',
    properties: {
      apiVersion: TEXT,
      kind: TEXT,
      spec: {
        type: 'object',
        properties: {
          podSelector: SELECTOR,
          policyTypes: listOf(TEXT),
          ingress: listOf({ type: 'object', properties: { from: PEERS, ports: PORTS } }),
          egress: listOf({ type: 'object', properties: { to: PEERS, ports: PORTS } }),
        },
      },
      status: { type: 'object' },
    },
  },
};

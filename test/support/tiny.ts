/** Policies of a tiny cluster: all kinds of subjects, peers, traffic and effects in small. They are of the namespace `x`. */
import type { JsonObject } from '../../lib/model/json';

const A: JsonObject = { matchLabels: { app: 'a' } };
const B: JsonObject = { matchLabels: { app: 'b' } };
const NOT_A: JsonObject = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] };
const IN_Y: JsonObject = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'y' } };
const ports = (port: number, endPort?: number): JsonObject => ({
  toPorts: [{ ports: [{ port: String(port), endPort, protocol: 'TCP' }] }],
});

/** One spec each. */
export const SPECS: readonly JsonObject[] = [
  { endpointSelector: {}, ingress: [{}] },
  { endpointSelector: A, ingress: [{ fromEndpoints: [B] }] },
  { endpointSelector: A, ingress: [{ fromEndpoints: [B], ...ports(5) }] },
  { endpointSelector: A, ingress: [{ fromEndpoints: [NOT_A], ...ports(5, 6) }] },
  { endpointSelector: A, ingress: [{ fromEndpoints: [IN_Y] }] },
  { endpointSelector: NOT_A, ingress: [ports(4)] },
  { endpointSelector: A, ingressDeny: [{ fromEndpoints: [B], ...ports(5) }] },
  { endpointSelector: A, ingressDeny: [{ fromEndpoints: [B], ...ports(5) }], enableDefaultDeny: { ingress: false } },
  { endpointSelector: B, egress: [{ toEndpoints: [A], ...ports(5) }] },
  { endpointSelector: B, egress: [{ toCIDR: ['10.0.0.0/30'], ...ports(5, 7) }] },
  { endpointSelector: B, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/30', except: ['10.0.0.2/31'] }] }] },
  { endpointSelector: {}, egressDeny: [{ toCIDR: ['10.0.0.3/32'] }], enableDefaultDeny: { egress: false } },
  { endpointSelector: A, ingress: [{ fromEntities: ['world'] }] },
  { endpointSelector: A, ingress: [{ fromEntities: ['cluster'], ...ports(6) }] },
];

export const SETS: readonly (readonly JsonObject[])[] = [
  [],
  ...SPECS.map((spec) => [spec]),
  [SPECS[1], SPECS[6]],
  [SPECS[2], SPECS[8], SPECS[11]],
  // The same as another one, in other words.
  [
    {
      endpointSelector: A,
      ingress: [
        { fromEndpoints: [B], ...ports(5) },
        { fromEndpoints: [B], ...ports(5, 5) },
      ],
    },
  ],
  [
    { endpointSelector: A, ingress: [{ fromEndpoints: [NOT_A], ...ports(5) }] },
    { endpointSelector: A, ingress: [{ fromEndpoints: [NOT_A], ...ports(6) }] },
  ],
  [{ endpointSelector: B, egress: [{ toCIDR: ['10.0.0.0/31', '10.0.0.2/31'], ...ports(5, 7) }] }],
];

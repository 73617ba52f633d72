/** Tests the validator that other tests use. */
import { schemaErrors } from './crd';

const policy = (spec: object) => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'a' }, spec });

test.each<[string, object, string]>([
  ['no selector', { ingress: [{}] }, 'must match exactly one schema in oneOf'],
  ['an unknown field', { endpointSelector: {}, egress: [{ toPort: [] }] }, '/spec/egress/0 must NOT have additional properties'],
  ['a port as number', { endpointSelector: {}, egress: [{ toPorts: [{ ports: [{ port: 80 }] }] }] }, 'must be string'],
  ['a bare address', { endpointSelector: {}, egress: [{ toCIDR: ['10.0.0.1'] }] }, 'must match format "cidr"'],
  ['an unknown entity', { endpointSelector: {}, egress: [{ toEntities: ['wrold'] }] }, 'must be equal to one of the allowed values'],
  ['a log text that cannot be printed', { endpointSelector: {}, ingress: [{}], log: { value: '\u0007' } }, 'must match pattern'],
])('the schema of 1.20 refuses %s', (_, spec, message) => {
  expect(schemaErrors(policy(spec)).join('\n')).toContain(message);
});

test('the schema of 1.20 accepts a valid policy', () => {
  expect(schemaErrors(policy({ endpointSelector: {}, ingress: [{}], log: { value: 'é' } }))).toEqual([]);
});

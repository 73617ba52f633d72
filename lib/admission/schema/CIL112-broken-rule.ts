import { asObject } from '../../model/json';
import type { SchemaCheck, Wording } from '../check';
import { HAS_PORTS_WITH_NAMES, IS_CIDR, IS_RANGE } from '../server/rules';

export const check: SchemaCheck = {
  code: 'CIL112',
  name: 'broken-rule',
  severity: 'error',
  stage: 'schema',
  summary: 'an object that breaks a validation rule of its CRD',
  why:
    "The API server rejects the object. Since Cilium 1.20, its CRDs have such a rule: a policy has `spec` or `specs`. The CRD of Kubernetes' " +
    'ClusterNetworkPolicy has more: a range of ports ends after it starts, and `networks`, `nodes` and `domainNames` have no named ports. Only the ' +
    'experimental channel has the last one. The API server evaluates these rules only if no value has the wrong type, is missing, is not one that ' +
    'the field accepts, or is too long.',
  source:
    'cilium `pkg/k8s/apis/cilium.io/v2/cnp_types.go`, the marker XValidation; network-policy-api `config/crd`, x-kubernetes-validations',
  bad: { yaml: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' },
  good: {
    yaml:
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n' +
      'spec:\n  endpointSelector: {}\n  ingress:\n    - {}\n',
  },
  wordings: { rule: ({ rule, message, found }) => (rule === IS_CIDR ? undefined : (wordingOf(rule, found) ?? { message })) },
};

/** Clearer than the message of the CRD. */
function wordingOf(rule: string, found: unknown): Wording | undefined {
  switch (rule) {
    case IS_RANGE: {
      const { start, end } = asObject(found) as Readonly<Record<string, number>>;
      const message = `the range starts at ${start} and ends at ${end}`;
      return { message, help: 'write an `end` that is larger than `start`; for one port, write `number`' };
    }
    case HAS_PORTS_WITH_NAMES:
      return {
        message: '`destinationNamedPort` cannot be combined with `networks`, `nodes` or `domainNames`, which have no named ports',
        help: 'write the number of the port',
      };
    default:
      return undefined;
  }
}

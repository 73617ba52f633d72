import { cnp } from '../../admission/example';
import type { PortRulePart, RulePart } from '../../model/written';
import type { IntentCheck } from '../check';

export const check: IntentCheck = {
  code: 'CIL313',
  name: 'ports-of-nothing',
  severity: 'warning',
  stage: 'intent',
  summary: 'an entry of `toPorts` without ports, or of `icmps` without types, which is for no traffic',
  why: 'Without `toPorts`, a rule is for every port. An entry of `toPorts` without `ports` is for none, so a rule with nothing else allows nothing, and `rules` in such an entry limit nothing: those of another entry are not joined with it. The same holds for an entry of `icmps` without `fields`.',
  limits:
    'NetworkPolicies are not looked at, because there an empty list of ports is every port. A list that is filled in later is left out.',
  source: 'cilium `pkg/policy/utils/parserules.go`, `pkg/policy/rule.go`, mergeL4Filter',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - {}
        toPorts:
          - rules:
              http:
                - method: GET
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - {}
        toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
            rules:
              http:
                - method: GET
  `),
  inspect({ specs }, { report }) {
    for (const rule of specs.flatMap(({ rules }) => rules)) {
      for (const part of rule.portRules.filter(isWithoutPorts)) {
        const what = part.value.rules === undefined ? '' : ', and its `rules` are for none';
        report(
          {
            message: `entry without ports ${verbOf(rule)} no port${what}`,
            help: 'write `ports` in the same entry, or remove `toPorts` for every port',
          },
          part.at,
        );
      }
      for (const part of rule.icmps.filter(({ fields }) => fields.length === 0)) {
        report(
          {
            message: `entry without fields ${verbOf(rule)} no ICMP type`,
            help: 'write `fields` with a type: `icmps: [{}]` is not every type',
          },
          part.at,
        );
      }
    }
  },
};

/** A list that is filled in later is none that is empty. */
function isWithoutPorts({ ports, value }: PortRulePart): boolean {
  return ports.length === 0 && typeof value.ports !== 'string';
}

function verbOf({ isDeny }: RulePart): string {
  return isDeny ? 'denies' : 'allows';
}

import { cnp } from '../../admission/example';
import { asObject } from '../../model/json';
import { below } from '../../model/path';
import type { SpecPart } from '../../model/written';
import type { IntentCheck } from '../check';

const spec = (ingress: string): string => `
    endpointSelector: {}
    ingress:${ingress}
    egress:
      - toEntities:
          - world
  `;

export const check: IntentCheck = {
  code: 'CIL335',
  name: 'empty-section',
  severity: 'warning',
  stage: 'intent',
  summary: 'a section without rules beside one with rules, which does not close its direction',
  why: `In a Cilium policy, a direction is closed by its rules: an empty list counts as absent, so everything of the direction stays allowed. A rule that selects nobody closes it: \`ingress: [{}]\`. Without a rule, \`enableDefaultDeny\` does not close it either. In a NetworkPolicy it is otherwise: there \`policyTypes\` closes a direction, and an empty list allows nothing.`,
  limits:
    'Another policy for the same pods may close the direction, and is not seen. Not reported: a section that is null or filled in later, and one that `enableDefaultDeny` leaves open.',
  source: 'docs.cilium.io, Layer 3 Policies, Ingress Default Deny; cilium `pkg/policy/api/rule_validation.go`',
  bad: cnp(spec(' []')),
  good: cnp(spec('\n      - {}')),
  inspect({ specs }, { report }) {
    for (const spec of specs.filter(({ rules }) => rules.length > 0)) {
      for (const section of SECTIONS.filter((one) => isEmptyList(spec.value[one]) && !specs.some((other) => saysMore(other, one)))) {
        report(
          {
            message: `\`${section}\` is empty, and so does not close ${section} of these ${spec.isHost ? 'nodes' : 'pods'}`,
            help: `write \`${section}: [{}]\` to close it, or remove it`,
          },
          below(spec.at, section),
        );
      }
    }
  },
};

const SECTIONS = ['ingress', 'egress'] as const;

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Whether a spec has rules of a direction, or a switch says that the direction is to stay open. Without rules, the switch does not close it. */
function saysMore({ rules, value }: SpecPart, section: (typeof SECTIONS)[number]): boolean {
  return asObject(value.enableDefaultDeny)[section] === false || rules.some((rule) => rule.isIngress === (section === 'ingress'));
}

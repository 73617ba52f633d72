import { networkPolicy } from '../../admission/example';
import { asList } from '../../model/json';
import { below } from '../../model/path';
import { placeholderIn } from '../../read/placeholders';
import type { IntentCheck } from '../check';

export const check: IntentCheck = {
  code: 'CIL316',
  name: 'unlisted-section',
  severity: 'warning',
  stage: 'intent',
  summary: 'a NetworkPolicy has rules for a direction that `policyTypes` does not list, which Cilium enforces all the same',
  why: 'Kubernetes ignores the rules of a direction that `policyTypes` does not list. Cilium does not: it puts the direction into default deny and allows what the rules say. So the policy means one thing to its reader and another to the cluster. Without `policyTypes`, a policy is for ingress, and for egress too if it has rules for egress.',
  limits:
    'Not reported: an empty section, which has no effect, a policy without `policyTypes`, and one with a type that is filled in later.',
  source: 'Kubernetes API reference, NetworkPolicySpec; cilium `pkg/k8s/network_policy.go`',
  bad: networkPolicy(`
    podSelector: {}
    policyTypes:
      - Ingress
    egress:
      - to:
          - podSelector: {}
  `),
  good: networkPolicy(`
    podSelector: {}
    policyTypes:
      - Egress
    egress:
      - to:
          - podSelector: {}
  `),
  inspectKubernetes({ spec }, { report }) {
    const types = asList(spec.value.policyTypes);
    const isKnown = types.every((type) => typeof type === 'string' && placeholderIn(type) === undefined);
    if (types.length === 0 || !isKnown) {
      return;
    }
    for (const [section, type] of DIRECTIONS) {
      if (asList(spec.value[section]).length > 0 && !types.includes(type)) {
        report(
          {
            message: `\`policyTypes\` lacks \`${type}\`, and Cilium enforces \`${section}\` all the same`,
            help: `add \`${type}\` to \`policyTypes\`, or remove \`${section}\``,
            onKey: true,
          },
          below(spec.at, section),
        );
      }
    }
  },
};

const DIRECTIONS = [
  ['ingress', 'Ingress'],
  ['egress', 'Egress'],
] as const;

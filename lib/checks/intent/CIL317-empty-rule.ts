import { cnp } from '../../admission/example';
import { asList, asObject, valueAt } from '../../model/json';
import { below, PathLink, pathTo } from '../../model/path';
import { SECTIONS } from '../../model/written';
import type { IntentCheck, IntentContext } from '../check';

export const check: IntentCheck = {
  code: 'CIL317',
  name: 'empty-rule',
  severity: 'info',
  stage: 'intent',
  summary: 'a rule without peers and ports beside other rules: it allows nobody, or, in a NetworkPolicy, everybody',
  why: `In a Cilium policy, \`{}\` selects nobody. Alone in its section it puts the direction into default deny, which every other rule does as well, so beside others it changes nothing. To allow every pod of the namespace, write \`fromEndpoints: [{}]\`, and to allow everybody, \`fromEntities: [all]\`.

In a NetworkPolicy, \`{}\` allows everybody on every port, so that the other rules of its section change nothing.`,
  limits: 'ClusterNetworkPolicies are not looked at. An empty rule that is kept to show the default deny to readers is reported too.',
  source: 'cilium `pkg/policy/utils/parserules.go`, `pkg/k8s/network_policy.go`; Kubernetes API reference, NetworkPolicyIngressRule',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - {}
      - fromEntities:
          - ingress
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - {}
  `),
  inspect({ specs }, context) {
    for (const { at } of specs) {
      SECTIONS.forEach((section) => inspectSection(below(at, section), CILIUM, context));
    }
  },
  inspectKubernetes({ spec: { at } }, context) {
    ['ingress', 'egress'].forEach((section) => inspectSection(below(at, section), KUBERNETES, context));
  },
};

const CILIUM = {
  message: 'rule without peers and ports selects nobody',
  help: 'remove it, or write peers: an empty selector for every pod of the namespace, or the entity `all` for everybody',
};

const KUBERNETES = {
  message: 'rule without peers and ports allows everybody, so the other rules change nothing',
  help: 'remove it, or remove the others',
};

function inspectSection(section: PathLink, wording: typeof CILIUM, { resource: { value: given }, report }: IntentContext): void {
  const rules = asList(valueAt(given, pathTo(section)));
  const empty = rules.findIndex(isEmpty);
  // Of several that are empty, one is as good as all.
  if (empty >= 0 && rules.some((rule) => !isEmpty(rule))) {
    report(wording, section, empty);
  }
}

/** A rule that is filled in later is a text. */
function isEmpty(rule: unknown): boolean {
  return typeof rule !== 'string' && Object.keys(asObject(rule)).length === 0;
}

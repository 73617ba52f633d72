import { cnp } from '../../admission/example';
import type { SelectorPart } from '../../model/written';
import { isIdentityRelevant } from '../../net/identity-labels';
import { ownKeyMeant } from '../../net/own-keys';
import { agentOf } from '../../resolve/agent';
import type { IntentCheck, IntentContext } from '../check';
import { hasOddKey, isPositive, ofSelectors, requirementsIn } from './selectors';

export const check: IntentCheck = {
  code: 'CIL308',
  name: 'label-outside-identity',
  severity: 'warning',
  stage: 'intent',
  summary: 'a selector asks for a label that is not part of identities, so that no pod has it for policies',
  why: 'Policies see the labels of an identity, and an agent leaves some labels of pods out of it, because they differ from pod to pod: `pod-template-hash`, `controller-revision-hash`, `statefulset.kubernetes.io/pod-name`, `apps.kubernetes.io/pod-index`, and most of the domains `kubernetes.io` and `k8s.io`. A selector that requires such a label selects nothing. `NotIn` and `DoesNotExist` hold for every pod. The key `labels` of `cilium-config` changes which labels are left out; with `--config` it is considered.',
  limits:
    'Not reported: selectors of nodes, of Services and of CIDR groups, which see all labels or have a filter of their own. Without a configuration, the default filter is taken to be in use.',
  source: 'cilium `pkg/labelsfilter/filter.go`; docs.cilium.io, Limiting Identity-Relevant Labels',
  bad: cnp(`
    endpointSelector:
      matchLabels:
        statefulset.kubernetes.io/pod-name: db-0
    ingress:
      - fromEndpoints:
          - {}
  `),
  good: cnp(`
    endpointSelector:
      matchLabels:
        app.kubernetes.io/name: db
    ingress:
      - fromEndpoints:
          - {}
  `),
  ...ofSelectors(inspectSelectors),
};

function inspectSelectors(selectors: readonly SelectorPart[], { minor, config, report }: IntentContext): void {
  const agent = agentOf(minor, config);
  if (!agent.ok) {
    return;
  }
  // A filter of the configuration may drop any key.
  const odd = Object.hasOwn(config, 'labels') ? selectors : selectors.filter(hasOddKey);
  for (const requirement of odd.flatMap((part) => requirementsIn(part, minor))) {
    const { source, key, written, isLabel, at } = requirement;
    if (SOURCES_OF_PODS.includes(source) && !agent.value.keepsLabel('k8s', key) && ownKeyMeant(source, key) === undefined) {
      const effect = isPositive(requirement) ? 'the selector selects no pod' : 'the requirement holds for every pod';
      const help = isIdentityRelevant(key)
        ? 'add it to `labels` of `cilium-config`'
        : 'select by a label that the pods of a workload share';
      report({ message: `label \`${written}\` is not part of identities, so ${effect}`, help, onKey: isLabel }, at);
    }
  }
}

const SOURCES_OF_PODS = ['any', 'k8s'];

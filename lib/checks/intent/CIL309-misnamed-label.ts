import { ccnp } from '../../admission/example';
import { Fix, renameKey, writeValue } from '../../admission/fix';
import type { SelectorPart } from '../../model/written';
import { isOfNamespace, NAMESPACE_KEY, NAMESPACE_NAME_KEY } from '../../net/label-keys';
import { ownKeyMeant } from '../../net/own-keys';
import { agentOf } from '../../resolve/agent';
import type { IntentCheck, IntentContext } from '../check';
import { isPodLabel } from './given-objects';
import {
  endpointSelectors,
  hasOddKey,
  isOfPods,
  isPositive,
  networkSelectors,
  PlacedRequirement,
  requirementsIn,
  tierSelectors,
} from './selectors';

export const check: IntentCheck = {
  code: 'CIL309',
  name: 'misnamed-label',
  severity: 'error',
  stage: 'intent',
  summary: 'a selector of pods has a key that is nearly one of those that Cilium gives, and that no pod has',
  why: 'Cilium gives every pod its namespace as `io.kubernetes.pod.namespace`, the labels of the namespace as `io.cilium.k8s.namespace.labels.KEY`, its service account as `io.cilium.k8s.policy.serviceaccount`, and its cluster as `io.cilium.k8s.policy.cluster`. No pod has a label with any other key that begins with `io.cilium.k8s`, and the label `kubernetes.io/metadata.name` is one of the namespace. A selector that requires another key selects nothing, and one that excludes it excludes nothing.\n\nA label `namespace` beside other labels is a warning, because pods may have one; its name suggests `io.kubernetes.pod.namespace`.',
  limits:
    "Only keys that are nearly one of Cilium's own are known; a slip in another key is found with an inventory (CIL506, CIL507). Not reported: a label `namespace` alone in its selector, in a NetworkPolicy, or with the value of a given pod.",
  source: 'cilium `pkg/k8s/apis/cilium.io/const.go`, `pkg/k8s/labels.go`; cilium issue 30149',
  bad: ccnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              k8s.io.kubernetes.pod.namespace.labels.tenant: red
  `),
  good: ccnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              io.cilium.k8s.namespace.labels.tenant: red
  `),
  inspect(policy, context) {
    inspectSelectors(endpointSelectors(policy), context, helpInCilium);
    endpointSelectors(policy).forEach((part) => inspectNamespace(part, context));
  },
  inspectKubernetes(policy, context) {
    inspectSelectors(networkSelectors(policy), context, helpInKubernetes);
  },
  inspectTiers(policy, context) {
    inspectSelectors(tierSelectors(policy), context, helpInKubernetes);
  },
};

type HelpFor = (requirement: PlacedRequirement, meant: string) => { readonly help: string; readonly fix?: Fix };

function inspectSelectors(selectors: readonly SelectorPart[], { minor, config, report }: IntentContext, helpFor: HelpFor): void {
  const agent = agentOf(minor, config);
  for (const requirement of selectors.filter(hasOddKey).flatMap((part) => requirementsIn(part, minor))) {
    const { key, written, isLabel, at } = requirement;
    const meant = ownKeyMeant(requirement.source, key);
    // A pod may have this label, and a configuration may keep it.
    const isKept = key === NAMESPACE_NAME_KEY && agent.ok && agent.value.keepsLabel('k8s', key);
    if (meant !== undefined && !isKept) {
      const effect = isPositive(requirement) ? 'the selector selects no pod' : 'the requirement holds for every pod';
      report({ message: `no pod has a label \`${written}\`, so ${effect}`, ...helpFor(requirement, meant), onKey: isLabel }, at);
    }
  }
}

/** A pod may have a label `namespace`, so it is reported only beside other labels, and if no given pod has it. */
function inspectNamespace(part: SelectorPart, { minor, objects, report }: IntentContext): void {
  const all = part.labels.length + part.expressions.length > 1 ? requirementsIn(part, minor) : [];
  const found = all.find((one) => isOfPods(one) && one.key === 'namespace' && one.operator === 'In');
  const others = all.filter((one) => one !== found);
  const isMeant =
    found !== undefined && others.some(isOfPods) && !others.some(({ key }) => isOfNamespace(key)) && found.values.every(isNamespaceName);
  if (isMeant && !isPodLabel(objects, found.key, found.values)) {
    const { written, isLabel, at } = found;
    report(
      {
        message: `\`${written}\` is a label of pods, and not the namespace that they are in`,
        ...helpInCilium(found, NAMESPACE_KEY),
        onKey: isLabel,
        severity: 'warning',
      },
      at,
    );
  }
}

/** A value that is filled in later is none. */
function isNamespaceName(text: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(text);
}

function helpInCilium({ written, isLabel, key }: PlacedRequirement, meant: string): ReturnType<HelpFor> {
  if (meant === '') {
    return { help: 'write `io.cilium.k8s.namespace.labels.KEY` for a label of the namespace' };
  }
  const text = written.slice(0, written.length - key.length) + meant;
  return { help: `write \`${text}\``, fix: isLabel ? renameKey(text, 'unsafe') : writeValue(text, 'unsafe') };
}

function helpInKubernetes(): ReturnType<HelpFor> {
  return { help: 'select namespaces with `namespaceSelector`, by their own labels' };
}

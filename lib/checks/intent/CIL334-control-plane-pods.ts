import { cnp } from '../../admission/example';
import type { SelectorPart } from '../../model/written';
import { isOfNamespace } from '../../net/label-keys';
import type { IntentCheck, IntentContext } from '../check';
import { isNamespaceName } from '../inventory/asked';
import { isPodLabel, knownNamespaceOf } from './given-objects';
import { isKnown, isOfPods, PlacedRequirement, requirementsIn } from './selectors';

const rule = (peer: string): string => `
    endpointSelector: {}
    egress:
      - ${peer}
        toPorts:
          - ports:
              - port: "6443"
                protocol: TCP
  `;

export const check: IntentCheck = {
  code: 'CIL334',
  name: 'control-plane-pods',
  severity: 'warning',
  stage: 'intent',
  summary: 'a selector for pods of the control plane, which run in the network of their node',
  why: `The API server, etcd, the scheduler and the controller manager run as static pods with \`hostNetwork\`, if they run in the cluster at all. To Cilium such a pod is its node, and has no labels: no selector of endpoints matches it. As a peer, the entity \`kube-apiserver\` is the API server wherever it runs; \`host\` and \`remote-node\` are the nodes with everything that runs in their network. As a subject, nodes are selected by a \`nodeSelector\` in a CiliumClusterwideNetworkPolicy.`,
  limits:
    'Labels of other distributions are not known. Not reported, because hosted control planes are ordinary pods: selectors of another namespace than `kube-system`, subjects of such a namespace, and labels that a given pod has.',
  source:
    'Kubernetes documentation, "Create static Pods"; docs.cilium.io, Layer 3 Policies, Entities Based; cilium `pkg/k8s/watchers/pod.go`',
  bad: cnp(
    rule(`toEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: kube-system
              component: kube-apiserver`),
  ),
  good: cnp(
    rule(`toEntities:
          - kube-apiserver`),
  ),
  inspect({ policy: { kind }, specs }, context) {
    const own = kind === 'CiliumNetworkPolicy' ? knownNamespaceOf(context.resource) : undefined;
    const subjects = specs.flatMap(({ endpointSelector }) => (endpointSelector ? [endpointSelector] : []));
    const peers = specs.flatMap(({ rules }) => rules).flatMap(({ endpoints = [] }) => endpoints);
    subjects.forEach((part) => inspectSelector({ part, own, isSubject: true, kind }, context));
    peers.forEach((part) => inspectSelector({ part, own, isSubject: false, kind }, context));
  },
  inspectKubernetes({ spec: { endpointSelector, policy }, rules }, context) {
    const [own, { kind }] = [knownNamespaceOf(context.resource), policy];
    if (endpointSelector !== undefined) {
      inspectSelector({ part: endpointSelector, own, isSubject: true, kind }, context);
    }
    for (const { pods, namespaces } of rules.flatMap(({ peers }) => peers)) {
      if (pods !== undefined) {
        inspectSelector({ part: pods, namespaces, own, isSubject: false, kind }, context);
      }
    }
  },
  inspectTiers({ subject, rules }, context) {
    for (const peer of [subject, ...rules.flatMap(({ peers }) => peers)]) {
      if (peer.pods !== undefined) {
        const { pods: part, namespaces } = peer.pods;
        inspectSelector({ part, namespaces, own: undefined, isSubject: peer === subject, kind: 'ClusterNetworkPolicy' }, context);
      }
    }
  },
};

interface PodSelector {
  readonly part: SelectorPart;
  /** The selector of its namespaces, where that is another one. */
  readonly namespaces?: SelectorPart;
  /** The namespace of the policy; `undefined` if it is clusterwide or unknown. */
  readonly own: string | undefined;
  readonly isSubject: boolean;
  readonly kind: string;
}

function inspectSelector(selector: PodSelector, { minor, objects, report }: IntentContext): void {
  const all = requirementsIn(selector.part, minor);
  const found = all.filter((one) => isOfPods(one) && one.operator === 'In');
  const first = found.find((one) => isOneOf(one, SURE)) ?? found.find((one) => isOneOf(one, LIKELY));
  if (first === undefined || !isKnown(all.map(({ written }) => written)) || isPodLabel(objects, first.key, first.values)) {
    return;
  }
  const place = placeOf(selector, minor);
  // The pods of a hosted control plane are in a namespace of their own, and are ordinary ones.
  if (place === 'elsewhere' || (place === 'own' && (selector.isSubject || !isOneOf(first, SURE)))) {
    return;
  }
  report(
    {
      message: `pods with \`${first.written}: ${first.values.join(', ')}\` are static pods in the network of their node, or no pods at all, so no selector of pods matches them`,
      help: helpFor(first, selector),
      onKey: first.isLabel,
      ...(place === 'any' && !isOneOf(first, SURE) && { severity: 'info' as const }),
    },
    first.at,
  );
}

type Labels = ReadonlyMap<string, readonly string[]>;

const PROGRAMS = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager'];
const SURE: Labels = new Map([
  ['component', PROGRAMS],
  ['k8s-app', PROGRAMS],
]);
/** Other pods have these labels, too. */
const LIKELY: Labels = new Map([
  ['component', ['etcd']],
  ['tier', ['control-plane']],
]);

function isOneOf({ key, values }: PlacedRequirement, labels: Labels): boolean {
  return values.length > 0 && values.every((value) => labels.get(key)?.includes(value));
}

/** Where the pods of a selector are: in `kube-system`, in any namespace, in that of the policy, or in another one. */
function placeOf({ part, namespaces, own }: PodSelector, minor: IntentContext['minor']): 'system' | 'any' | 'own' | 'elsewhere' {
  const all = [...requirementsIn(part, minor), ...(namespaces === undefined ? [] : requirementsIn(namespaces, minor))];
  const named = all.find(({ key, operator }) => operator === 'In' && isNamespaceName(key));
  if (named !== undefined) {
    return named.values.includes(SYSTEM) ? 'system' : 'elsewhere';
  }
  if (own === undefined || namespaces !== undefined || all.some(({ key }) => isOfNamespace(key))) {
    return 'any';
  }
  return own === SYSTEM ? 'system' : 'own';
}

const SYSTEM = 'kube-system';

function helpFor({ values }: PlacedRequirement, { isSubject, kind }: PodSelector): string {
  if (isSubject) {
    return 'select the nodes with a `nodeSelector` in a CiliumClusterwideNetworkPolicy';
  }
  const isOf = (program: string) => values.every((value) => value === program);
  const entities = isOf('kube-apiserver')
    ? 'the entity `kube-apiserver`'
    : `the entities \`host\` and \`remote-node\`${isOf('etcd') ? '' : ', or `kube-apiserver` for the API server'}`;
  return kind.startsWith('Cilium') ? `write ${entities}` : `write a Cilium policy with ${entities}`;
}

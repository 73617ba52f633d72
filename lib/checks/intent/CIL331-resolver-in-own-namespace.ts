import { cnp } from '../../admission/example';
import type { SelectorPart, WrittenNetworkPolicy, WrittenPolicy } from '../../model/written';
import { isOfNamespace } from '../../net/label-keys';
import type { IntentCheck, IntentContext } from '../check';
import { isPodLabel, knownNamespaceOf } from './given-objects';
import { isKnown, isOfPods, PlacedRequirement, requirementsIn } from './selectors';

const spec = (more: string): string => `
    endpointSelector: {}
    egress:
      - toEndpoints:
          - matchLabels:
${more}              k8s-app: kube-dns
        toPorts:
          - ports:
              - port: "53"
                protocol: ANY
  `;

export const check: IntentCheck = {
  code: 'CIL331',
  name: 'resolver-in-own-namespace',
  severity: 'warning',
  stage: 'intent',
  summary: "a peer with a label of the cluster's resolver and without its namespace",
  why: `A selector of peers without a namespace selects pods of the policy's own namespace. The resolver of the cluster runs in \`kube-system\`, so the rule matches nobody, and look-ups are dropped if nothing else allows them.

It is at info if the policy names no namespace, because it may be installed into \`kube-system\`, and for \`app.kubernetes.io/name: coredns\`, which a CoreDNS of your own may have.`,
  limits:
    "Only egress of namespaced policies is looked at. A resolver is known by `k8s-app` or `app.kubernetes.io/name` with a usual value such as `kube-dns` or `coredns`. Not reported: policies of `kube-system` and `openshift-dns`, and labels that a given pod of the policy's namespace has.",
  source: 'cilium `pkg/k8s/apis/cilium.io/utils/utils.go`; https://docs.cilium.io/en/stable/security/policy/kubernetes/',
  bad: cnp(spec('')),
  good: cnp(spec('              io.kubernetes.pod.namespace: kube-system\n')),
  inspect(policy, context) {
    if (policy.policy.kind === 'CiliumNetworkPolicy') {
      inspectPeers(peersOf(policy), 'add `io.kubernetes.pod.namespace: kube-system`', context);
    }
  },
  inspectKubernetes(policy, context) {
    inspectPeers(podsOf(policy), 'add a `namespaceSelector` with `kubernetes.io/metadata.name: kube-system`', context);
  },
};

function peersOf({ specs }: WrittenPolicy): readonly SelectorPart[] {
  return specs
    .flatMap(({ rules }) => rules)
    .filter(({ isIngress }) => !isIngress)
    .flatMap(({ endpoints = [] }) => endpoints);
}

function podsOf({ rules }: WrittenNetworkPolicy): readonly SelectorPart[] {
  return rules
    .filter(({ isIngress }) => !isIngress)
    .flatMap(({ peers }) => peers)
    .flatMap(({ pods, namespaces }) => (pods !== undefined && namespaces === undefined ? [pods] : []));
}

function inspectPeers(peers: readonly SelectorPart[], help: string, context: IntentContext): void {
  const { resource, report } = context;
  const namespace = knownNamespaceOf(resource);
  if (!HOMES.includes(namespace ?? '') && isKnown([resource.namespace ?? ''])) {
    for (const { written, values, key, isLabel, at } of peers.flatMap((part) => resolverIn(part, namespace, context))) {
      const isUnsure = namespace === undefined || (key === 'app.kubernetes.io/name' && values.includes('coredns'));
      report(
        {
          message: `pods with \`${written}: ${values.join(', ')}\` are looked for only in ${namespaceText(namespace)}, and the resolver of the cluster is in \`kube-system\``,
          help: values.every((value) => OF_NODES.includes(value))
            ? 'a cache on each node is in its network: write the entity `host`'
            : help,
          onKey: isLabel,
          ...(isUnsure && { severity: 'info' as const }),
        },
        at,
      );
    }
  }
}

/** Where the resolver of a cluster runs. */
const HOMES = ['kube-system', 'openshift-dns'];

function namespaceText(namespace: string | undefined): string {
  return namespace === undefined ? 'the namespace of the policy' : `\`${namespace}\`, the namespace of the policy`;
}

/** The requirement of a selector that a resolver fulfils, unless the selector says something of namespaces or a given pod may be meant. */
function resolverIn(part: SelectorPart, namespace: string | undefined, { minor, objects }: IntentContext): readonly PlacedRequirement[] {
  const all = requirementsIn(part, minor);
  const found = all.find((one) => isOfPods(one) && one.operator === 'In' && isOfResolver(one));
  const isMeant =
    found === undefined || all.some(({ key }) => isOfNamespace(key)) || isPodLabel(objects, found.key, found.values, namespace);
  return isMeant || !isKnown(all.map(({ written }) => written)) ? [] : [found];
}

function isOfResolver({ key, values }: PlacedRequirement): boolean {
  return values.length > 0 && values.every((value) => LABELS.get(key)?.includes(value));
}

/** The cache of Kubernetes on each node. */
const OF_NODES = ['node-local-dns', 'nodelocaldns'];

const LABELS: ReadonlyMap<string, readonly string[]> = new Map([
  ['k8s-app', ['kube-dns', 'coredns', 'node-local-dns', 'nodelocaldns']],
  ['app.kubernetes.io/name', ['kube-dns', 'coredns', 'node-local-dns', 'rke2-coredns']],
]);

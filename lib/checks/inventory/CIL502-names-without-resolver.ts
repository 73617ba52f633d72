import { cnp, tiers } from '../../admission/example';
import type { Destination } from '../../resolve/destinations';
import type { SetCheck } from '../check';
import { resolversOf } from './resolvers';

const POLICY = tiers(`
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    egress:
      - action: Accept
        to:
          - domainNames:
              - api.example.com
  `);

const resolver = (label: string): string => `---
apiVersion: v1
kind: Pod
metadata:
  name: dns
  namespace: kube-system
  labels: { k8s-app: '${label}' }
spec:
  containers:
    - name: dns
      ports:
        - { name: dns, containerPort: 53, protocol: UDP }
`;

export const check: SetCheck = {
  code: 'CIL502',
  name: 'names-without-resolver',
  severity: 'warning',
  minors: ['1.20'],
  stage: 'inventory',
  summary: '`domainNames` where the resolver of the inventory is not one that they open',
  why:
    'With `domainNames`, Cilium also opens look-ups of the names, but only at pods with the label `k8s-app: kube-dns`, in any namespace, at their ports with ' +
    'the names `dns` and `dns-tcp`. Pods that ask another resolver, such as a cache on each node, do not learn the addresses by this rule, and cannot ' +
    'at all if nothing else allows it.',
  limits:
    'The resolver is known by the Services `kube-dns`, `coredns` and `dns-default` of the usual namespaces, or by the labels of their pods. Without one of them in the inventory, nothing is reported.',
  source: 'cilium `pkg/k8s/cluster_network_policy.go`, ParseClusterNetworkPolicy',
  bad: { yaml: POLICY.yaml + resolver('coredns') },
  good: {
    yaml:
      cnp(`
    endpointSelector: {}
    egress:
      - toEndpoints:
          - matchLabels: { io.kubernetes.pod.namespace: kube-system, k8s-app: coredns }
        toPorts:
          - ports: [{ port: "53", protocol: UDP }]
            rules: { dns: [{ matchName: api.example.com }] }
      - toFQDNs:
          - matchName: api.example.com
  `).yaml + resolver('coredns'),
  },
  inspect({ tiers: given, agent, judged }, report) {
    const named = given.flatMap(({ resource, written }) =>
      written.rules.flatMap(({ peers }) =>
        peers.filter(({ domainNames }) => domainNames !== undefined).map(({ at }) => ({ resource, at })),
      ),
    );
    const found = named.length === 0 ? undefined : judged();
    const servers = found && resolversOf(found.inventory, agent);
    const other = servers?.areListed === true && !servers.all.some(isOpened) ? servers.all.at(0) : undefined;
    for (const { resource, at } of other === undefined ? [] : named) {
      report(
        resource,
        {
          message: `the names open look-ups at pods \`k8s-app: kube-dns\` with ports \`dns\` and \`dns-tcp\`, and the resolver is ${shown(other!)}`,
          help: 'let a CiliumNetworkPolicy allow look-ups there, with `rules.dns`',
        },
        at,
        'domainNames',
      );
    }
  },
};

/** Whether a name's look-ups are opened there. */
function isOpened({ end, port }: Destination): boolean {
  return (
    end.is === 'pod' &&
    end.pod.labels['k8s-app'] === 'kube-dns' &&
    end.pod.ports.some(({ name, number }) => (name === 'dns' || name === 'dns-tcp') && number === port)
  );
}

function shown({ end }: Destination): string {
  return end.is === 'pod' ? `a pod of \`${end.pod.namespace}\` without these` : 'outside of the pods';
}

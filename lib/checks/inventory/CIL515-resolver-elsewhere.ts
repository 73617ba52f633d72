import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import { identityKey, Labels } from '../../model/label';
import type { Rule, Selector } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { Cluster } from '../../resolve/cluster';
import { sorted } from '../../resolve/labels';
import { selects } from '../../resolve/matching';
import { Overlaps } from '../../resolve/overlaps';
import type { Given, Judged, SetCheck } from '../check';
import { hasDnsPort, isDnsPort } from '../set/look-ups';
import { KnownCluster } from './known-cluster';
import { resolversOf } from './resolvers';

const RESOLVER = `---
apiVersion: v1
kind: Pod
metadata:
  name: dns
  namespace: kube-system
  labels: { k8s-app: coredns }
spec:
  containers:
    - name: dns
`;

const example = (label: string) => ({
  yaml:
    cnp(`
    endpointSelector: {}
    egress:
      - toEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: kube-system
              k8s-app: ${label}
        toPorts:
          - ports:
              - port: "53"
                protocol: UDP
  `).yaml + RESOLVER,
});

export const check: SetCheck = {
  code: 'CIL515',
  name: 'resolver-elsewhere',
  severity: 'warning',
  stage: 'inventory',
  summary: 'DNS is opened to pods that are not the resolver of the inventory',
  why: 'A policy sees look-ups where they arrive: behind the Service `kube-dns`, or where a CiliumLocalRedirectPolicy sends them, such as a cache on each node. A rule that names other pods, most often those of `kube-dns` where CoreDNS has another label or a cache answers, opens nothing, and no name resolves.',
  limits:
    'The resolver is known by the Services `kube-dns`, `coredns` and `dns-default` of the usual namespaces, or by the labels of their pods, and redirects only with `enable-local-redirect-policy`. Not reported: a resolver in the network of its node or outside of the cluster, pods for which another rule may open DNS, and rules for pods that are not named like a resolver. Without the objects of a cluster it is only informative.',
  source:
    'cilium `pkg/loadbalancer/redirectpolicy/controller.go`; https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/',
  bad: example('kube-dns'),
  good: example('coredns'),
  inspect(given, report) {
    const cluster = given.isWhole ? KnownCluster.of(given) : undefined;
    const judged = cluster && given.judged();
    for (const { owned, server } of judged === undefined ? [] : missesIn(judged, given)) {
      report(
        owned.policy.resource,
        {
          message: `the rule does not open DNS at the resolver \`${server}\`, and no other rule does so for these pods`,
          help: `allow port 53 of \`${server}\``,
          ...(!cluster!.isListed && { severity: 'info' as const }),
        },
        undefined,
        ...owned.rule.path,
      );
    }
  },
};

/** One of the pods that answer look-ups, for all with the same labels. */
interface Server {
  readonly name: string;
  readonly labels: Labels;
}

/** Whom pods ask; none if it is not listed, or not only pods. */
function serversIn({ inventory }: Judged, { agent }: Given): readonly Server[] {
  const cluster = new Cluster(inventory, agent);
  const { all, areListed } = resolversOf(inventory, agent);
  const pods = new Set(all.flatMap(({ end }) => (end.is === 'pod' && !end.pod.hostNetwork ? [end.pod] : [])));
  if (!areListed || all.some(({ end }) => end.is !== 'pod' || end.pod.hostNetwork)) {
    return [];
  }
  const servers = [...inventory.pods].flatMap(([name, pod]) => (pods.has(pod) ? [{ name, labels: sorted(cluster.podLabels(pod)) }] : []));
  return [...groupedBy(servers, ({ labels }) => identityKey(labels)).values()].map(([first]) => first);
}

interface Miss {
  readonly owned: OwnedRule;
  /** The name of a pod that answers, and that no rule opens. */
  readonly server: string;
}

/** The first rule for DNS of each subject for which no rule opens a server. */
function missesIn(judged: Judged, given: Given): readonly Miss[] {
  const { subjects, vague } = judged;
  if (vague.some(({ rules }) => rules.some(({ direction, effect }) => direction === 'egress' && effect === 'allow'))) {
    return [];
  }
  const servers = serversIn(judged, given).map((server) => {
    const reaching = new Reaching(server, given);
    return { ...server, opening: new Overlaps(subjects.all.filter(({ rules }) => rules.some(({ rule }) => reaching.opens(rule)))) };
  });
  return subjects.all.flatMap((one): readonly Miss[] => {
    const owned = one.subject.is === 'endpoints' ? one.rules.find(({ rule }) => isForDns(rule)) : undefined;
    const server = owned === undefined ? undefined : servers.find(({ opening }) => !opening.has(one));
    return owned === undefined || server === undefined ? [] : [{ owned, server: server.name }];
  });
}

/** Whether a rule opens the port of DNS for pods that are named like the resolver: others may be a resolver of their own. */
function isForDns({ direction, effect, level, peers, traffic, defaultDeny }: Rule): boolean {
  const isOfPods = peers.is === 'selectors' && peers.selectors.every(isLikeResolver);
  return (
    direction === 'egress' && effect === 'allow' && level === undefined && defaultDeny && isOfPods && (traffic?.some(isDnsPort) ?? false)
  );
}

function isLikeResolver(selector: Selector): boolean {
  return (
    selector.is === 'labels' &&
    selector.ofEndpoints &&
    selector.requirements.some(({ key, values }) => NAMES.includes(key) && values.some((value) => value.includes('dns')))
  );
}

const NAMES = ['k8s-app', 'app.kubernetes.io/name'];

class Reaching {
  /** By the key of a selector. */
  private readonly known = new Map<string, boolean>();

  public constructor(
    private readonly server: Server,
    private readonly given: Given,
  ) {}

  /** Whether a rule may open DNS at the server; what depends on more than its selectors may. */
  public opens({ direction, effect, peers, traffic }: Rule): boolean {
    const isOnPort = traffic === undefined || traffic.some((one) => hasDnsPort(one) || one.port.is === 'name');
    if (direction !== 'egress' || effect === 'deny' || !isOnPort) {
      return false;
    }
    switch (peers.is) {
      case 'selectors':
        return peers.selectors.some((selector) => this.reaches(selector));
      case 'any':
        return traffic !== undefined;
      case 'none':
        return false;
      case 'services':
      case 'groups':
        return true;
    }
  }

  private reaches(selector: Selector): boolean {
    const found =
      this.known.get(selector.key) ??
      (selector.is !== 'labels' ? selector.is !== 'name' : selects(selector, this.server.labels, this.given.agent));
    this.known.set(selector.key, found);
    return found;
  }
}

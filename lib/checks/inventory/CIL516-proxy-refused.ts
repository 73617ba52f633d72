import { cnp, shownAs } from '../../admission/example';
import type { Flow, OwnedRule, Side, WrittenEnd } from '../../model/flow';
import type { Resource } from '../../model/origin';
import type { Direction, Rule, Selector } from '../../model/policy';
import { parseAddress } from '../../net/address';
import { groupedBy } from '../../net/grouped';
import { isPlaced } from '../../read/placeholders';
import { coversTraffic } from '../../resolve/covered-traffic';
import { WORLD_KEYS } from '../../resolve/labels';
import { backendsOf, ServiceBackend } from '../../resolve/service-backends';
import type { Given, Judged, SetCheck } from '../check';
import { leftOutPods, mayBeOpened, mayBeOpenedElsewhere } from './certainty';
import { KnownCluster } from './known-cluster';
import { Route, RouteBackend, routesIn } from './routes';

const OBJECTS = `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
spec:
  ingressClassName: cilium
  defaultBackend: { service: { name: web, port: { number: 80 } } }
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
`;

const policy = (entity: string) =>
  cnp(`
    endpointSelector:
      matchLabels:
        app: web
    ingress:
      - fromEntities: [${entity}]
        toPorts:
          - ports:
              - port: "8080"
  `);

const example = (entity: string) => ({ yaml: policy(entity).yaml + OBJECTS });

export const check: SetCheck = {
  code: 'CIL516',
  name: 'proxy-refused',
  severity: 'warning',
  stage: 'inventory',
  summary: "pods behind Cilium's Ingress or Gateway that do not let its proxy in",
  why: "Requests through Cilium's Ingress or Gateway end at its proxy, which opens connections of its own to the pods behind a route. There they come from the entity `ingress`, whoever the client is: a rule for `world`, for addresses of clients or for the namespace of the Gateway does not match them. The proxy has a policy of its own, too: a policy that selects every endpoint, or the label `reserved:ingress`, may close its egress.",
  limits:
    'Seen are Ingresses of the class `cilium`, and routes of a Gateway that is given with a class of the controller of Cilium, to pods that are given. Only informative among manifests, unless the rule opens the port to addresses or to the world, or another port to the entity `ingress`, because another repository may have the rule, and where files are of several clusters. Not reported where only some of the pods behind a Service are closed, or where labels, policies or the route are filled in later. Objects without a namespace are not looked at, nor is whether a listener admits the routes of other namespaces.',
  source: 'Cilium documentation, "Kubernetes Ingress Support" and "Ingress and Network Policy"; cilium issue 30073, pull request 31436',
  bad: example('world'),
  good: shownAs(policy('ingress'), example('ingress')),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    const routes = cluster === undefined ? [] : routesIn(given.objects, given.agent);
    const judged = routes.length === 0 ? undefined : given.judged();
    for (const { owned, direction, port, route, others } of judged === undefined ? [] : refusedIn(routes, judged, cluster!, given)) {
      const lead = others === 0 ? 'leads' : `and ${others} more lead`;
      const isMeant = cluster!.isListed || (direction === 'ingress' && isForClients(owned.rule, port));
      const isCertain = isMeant && judged!.partOf(owned.policy) === '' && !mayBeOpenedElsewhere(judged!, direction);
      const name = `${route.kind} \`${route.namespace}/${route.name}\``;
      report(
        owned.policy.resource,
        {
          message:
            direction === 'ingress'
              ? `${name} ${lead} here on port ${port}, and the entity \`ingress\`, from which its requests come, is not let in`
              : `${name} ${lead} to port ${port} of pods to which the policy of the entity \`ingress\` does not let the proxy connect`,
          help:
            direction === 'ingress'
              ? `allow the entity \`ingress\` on port ${port}`
              : 'allow the proxy to connect to the pods, for example to the entity `cluster`',
          ...(!isCertain && { severity: 'info' as const }),
        },
        undefined,
        ...owned.rule.path,
      );
    }
  },
};

interface Refused {
  /** A rule that closes the direction; one for the port, if there is one. */
  readonly owned: OwnedRule;
  readonly direction: Direction;
  /** The port of the pods. */
  readonly port: number;
  readonly route: Resource;
  /** How many routes more are refused there. */
  readonly others: number;
}

function refusedIn(routes: readonly Route[], judged: Judged, cluster: KnownCluster, given: Given): readonly Refused[] {
  const { isLeftOut, folderOf } = judged;
  const placed = given.objects.filter((one) => one.kind === 'Service' && isPlaced(one) && !isLeftOut(one));
  const services = new Set(placed.map(({ namespace, name }) => `${namespace}/${name}`));
  const closing = new ClosedServices(judged, cluster, given);
  const found = routes
    .filter(({ resource }) => !isLeftOut(resource))
    .flatMap(({ resource: route, backends }) =>
      backends.filter(({ service }) => services.has(service)).flatMap((backend) => closing.of(backend).map((one) => ({ ...one, route }))),
    );
  const unsure = (['ingress', 'egress'] as const).filter((direction) => mayBeOpened(judged, direction));
  const sure = found.filter(
    ({ owned: { policy }, direction }) => !unsure.includes(direction) && !isLeftOut(policy.resource) && folderOf(policy) === undefined,
  );
  const byRule = groupedBy(sure, keyOf);
  return [...byRule.values()].map((same) => ({ ...same[0], others: new Set(same.map(({ route }) => route)).size - 1 }));
}

type Closed = Pick<Refused, 'owned' | 'direction' | 'port'>;

/** The Services whose pods are all closed for the proxy, which chooses among them itself. Many routes lead to one Service. */
class ClosedServices {
  private readonly known = new Map<string, readonly Closed[]>();
  private readonly leftOut: ReadonlySet<string>;

  public constructor(
    private readonly judged: Judged,
    private readonly cluster: KnownCluster,
    private readonly given: Given,
  ) {
    this.leftOut = leftOutPods(given, judged);
  }

  /** The rules that close the pods behind a port of a Service. */
  public of(backend: RouteBackend): readonly Closed[] {
    const key = `${backend.service} ${backend.port}`;
    const found = this.known.get(key) ?? this.closed(backend);
    this.known.set(key, found);
    return found;
  }

  private closed({ service: name, port }: RouteBackend): readonly Closed[] {
    const { inventory, engine } = this.judged;
    const service = inventory.services.get(name);
    const at = service?.ports.find((one) => one.protocol === 'TCP' && (one.number === port || one.name === port));
    const all = at === undefined ? [] : backendsOf(service!, at, engine().resolver.cluster, this.given.agent);
    const backends = all.filter(({ backend }) => !this.leftOut.has(backend));
    const isKnown = backends.every(({ end }) => end.is === 'pod' && this.cluster.isCertain(end.pod.namespace));
    const verdicts = isKnown ? backends.map((backend) => engine().verdict(flowTo(backend))) : [];
    return (['ingress', 'egress'] as const).flatMap((direction): readonly Closed[] => {
      const closing = verdicts.map((verdict, i) => (verdict.ok ? closingIn(verdict.value[direction], backends[i].port) : undefined));
      const closed = closing.flatMap((owned, i): readonly Closed[] =>
        owned === undefined ? [] : [{ owned, direction, port: backends[i].port }],
      );
      const byRule = new Map(closed.map((one) => [keyOf(one), one]));
      return closed.length < closing.length ? [] : [...byRule.values()];
    });
  }
}

/** One finding for each rule and port. */
function keyOf({ owned: { policy, rule }, port }: Closed): string {
  return `${policy.kind} ${policy.namespace} ${policy.name} ${rule.path.join('/')} ${port}`;
}

function flowTo({ backend, port }: ServiceBackend): Flow {
  const address = parseAddress(backend);
  const to: WrittenEnd = address === undefined ? { is: 'pod', name: backend } : { is: 'ip', address };
  return { from: { is: 'entity', name: 'ingress' }, to, protocol: 'TCP', port };
}

/** The rule that closes a side because no rule opens it: one for clients if there is one, or for the port. What is denied on purpose is meant. */
function closingIn(side: Side, port: number): OwnedRule | undefined {
  if (side.decision !== 'denied' || side.reason !== 'default-deny') {
    return undefined;
  }
  return (
    side.because.find(({ rule }) => isForClients(rule, port)) ??
    side.because.find(({ rule }) => rule.traffic !== undefined && opens(rule, port)) ??
    side.because.at(0)
  );
}

/** Whether a rule opens the port to addresses or to the world, or any port to the proxy: then somebody outside is meant to get in. */
function isForClients(rule: Rule, port: number): boolean {
  const { peers } = rule;
  const names =
    (...keys: readonly string[]) =>
    (one: Selector) =>
      one.is === 'labels' && one.requirements.some(({ key }) => keys.includes(key));
  const isOfWorld = (one: Selector) => one.is === 'block' || names(...WORLD_KEYS)(one);
  return peers.is === 'selectors' && (peers.selectors.some(names('ingress')) || (opens(rule, port) && peers.selectors.some(isOfWorld)));
}

function opens({ traffic }: Rule, port: number): boolean {
  return coversTraffic(traffic, [{ protocol: 'TCP', port: { is: 'number', number: port, end: 0 } }]);
}

import { cnp } from '../../admission/example';
import type { Flow, OwnedRule, Side, WrittenEnd } from '../../model/flow';
import type { Resource } from '../../model/origin';
import type { Direction, Rule } from '../../model/policy';
import { parseAddress } from '../../net/address';
import { groupedBy } from '../../net/grouped';
import { isPlaced } from '../../read/placeholders';
import { coversTraffic } from '../../resolve/covered-traffic';
import { WORLD_KEYS } from '../../resolve/labels';
import { backendsOf, ServiceBackend } from '../../resolve/service-backends';
import type { Given, Judged, SetCheck } from '../check';
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
  defaultBackend:
    service:
      name: web
      port:
        number: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels:
    app: web
`;

const example = (entity: string) => ({
  yaml:
    cnp(`
    endpointSelector:
      matchLabels:
        app: web
    ingress:
      - fromEntities: [${entity}]
        toPorts:
          - ports:
              - port: "8080"
  `).yaml + OBJECTS,
});

export const check: SetCheck = {
  code: 'CIL516',
  name: 'proxy-refused',
  severity: 'warning',
  stage: 'inventory',
  summary: "pods behind Cilium's Ingress or Gateway that do not let its proxy in",
  why: "Requests through Cilium's Ingress or Gateway end at its proxy, which opens connections of its own to the pods behind a route. There they come from the entity `ingress`, whoever the client is: a rule for `world`, for addresses of clients or for the namespace of the Gateway does not match them. The proxy has a policy of its own, too: a policy that selects every endpoint, or the label `reserved:ingress`, may close its egress.",
  limits:
    'Seen are Ingresses of the class `cilium`, and routes of a Gateway that is given with a class of the controller of Cilium, to pods that are given. Only informative among manifests, unless the rule opens ports to addresses, to the world or to the entity `ingress`, because another repository may have the rule, and where files are of several clusters. Not reported where only some of the pods behind a Service are closed, or where a value is filled in later.',
  source: 'Cilium documentation, "Kubernetes Ingress Support" and "Ingress and Network Policy"; cilium issue 30073, pull request 31436',
  bad: example('world'),
  good: example('ingress'),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    const routes = cluster === undefined ? [] : routesIn(given.objects);
    const judged = routes.length === 0 ? undefined : given.judged();
    for (const { owned, direction, port, route, others } of judged === undefined ? [] : refusedIn(routes, judged, given)) {
      const more = others === 0 ? '' : ` and ${others} more`;
      const isMeant = cluster!.isListed || (direction === 'ingress' && isForClients(owned.rule));
      const isCertain = isMeant && judged!.partOf(owned.policy) === '';
      report(
        owned.policy.resource,
        {
          message:
            direction === 'ingress'
              ? `${route.kind} \`${route.namespace}/${route.name}\`${more} leads here on port ${port}, and the entity \`ingress\`, from which its requests come, is not let in`
              : `${route.kind} \`${route.namespace}/${route.name}\`${more} leads to port ${port} of pods to which the policy of the entity \`ingress\` does not let the proxy connect`,
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

function refusedIn(routes: readonly Route[], judged: Judged, given: Given): readonly Refused[] {
  const { vague, isLeftOut, folderOf } = judged;
  const services = new Set(
    given.objects.filter((one) => one.kind === 'Service' && isPlaced(one)).map(({ namespace, name }) => `${namespace}/${name}`),
  );
  const found = routes
    .filter(({ resource }) => !isLeftOut(resource))
    .flatMap(({ resource, backends }) =>
      backends.filter(({ service }) => services.has(service)).flatMap((backend) => refusedAt(resource, backend, judged, given)),
    );
  // What is filled in later may let the proxy in. A policy whose namespace is not known may be of other pods.
  const sure = found.filter(
    ({ owned: { policy }, direction }) =>
      !isLeftOut(policy.resource) &&
      folderOf(policy) === undefined &&
      !vague.some(({ rules }) => rules.some((rule) => rule.direction === direction && rule.effect === 'allow')),
  );
  const byRule = groupedBy(
    sure,
    ({ owned: { policy, rule }, port }) => `${policy.kind} ${policy.namespace} ${policy.name} ${rule.path.join('/')} ${port}`,
  );
  return [...byRule.values()].map((same) => ({ ...same[0], others: new Set(same.map(({ route }) => route)).size - 1 }));
}

/** The proxy chooses among the pods behind a Service itself, so a Service is refused if all of them are. */
function refusedAt(
  route: Resource,
  { service: name, port }: RouteBackend,
  { inventory, engine }: Judged,
  { agent }: Given,
): readonly Refused[] {
  const service = inventory.services.get(name);
  const at = service?.ports.find((one) => one.protocol === 'TCP' && (one.number === port || one.name === port));
  const backends = at === undefined ? [] : backendsOf(service!, at, engine().resolver.cluster, agent);
  const verdicts = backends.map((backend) => (backend.end.is === 'pod' ? engine().verdict(flowTo(backend)) : undefined));
  return (['ingress', 'egress'] as const).flatMap((direction): readonly Refused[] => {
    const closing = verdicts.map((verdict, i) =>
      verdict?.ok === true ? closingIn(verdict.value[direction], backends[i].port) : undefined,
    );
    const [owned] = closing;
    return owned === undefined || closing.includes(undefined) ? [] : [{ owned, direction, port: backends[0].port, route, others: 0 }];
  });
}

function flowTo({ backend, port }: ServiceBackend): Flow {
  const address = parseAddress(backend);
  const to: WrittenEnd = address === undefined ? { is: 'pod', name: backend } : { is: 'ip', address };
  return { from: { is: 'entity', name: 'ingress' }, to, protocol: 'TCP', port };
}

/** The rule that closes a side because no rule opens it. What is denied on purpose is meant. */
function closingIn(side: Side, port: number): OwnedRule | undefined {
  if (side.decision !== 'denied' || side.reason !== 'default-deny') {
    return undefined;
  }
  const forPort = side.because.find(
    ({ rule }) =>
      rule.traffic !== undefined && coversTraffic(rule.traffic, [{ protocol: 'TCP', port: { is: 'number', number: port, end: 0 } }]),
  );
  return forPort ?? side.because.find(({ rule }) => isForClients(rule)) ?? side.because.at(0);
}

/** Whether a rule opens ports to addresses, to the world or to the proxy: then somebody outside is meant to get in. */
function isForClients({ peers, traffic }: Rule): boolean {
  const isOutside = (key: string) => WORLD_KEYS.includes(key) || key === 'ingress';
  return (
    traffic !== undefined &&
    peers.is === 'selectors' &&
    peers.selectors.some((one) => one.is === 'block' || (one.is === 'labels' && one.requirements.some(({ key }) => isOutside(key))))
  );
}

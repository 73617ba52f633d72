import type { Wording } from '../../admission/check';
import { cnp, shownAs } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import type { NamedPort, Pod, Service } from '../../model/inventory';
import { valueAt } from '../../model/json';
import type { Path } from '../../model/path';
import { pathTo, pointer } from '../../model/path';
import type { LabelSelector, Policy, Rule, Traffic } from '../../model/policy';
import { placeholdersIn } from '../../read/placeholders';
import { coversTraffic } from '../../resolve/covered-traffic';
import { isOfProxy } from '../../resolve/frontends';
import type { SetCheck } from '../check';
import { asksForPods } from './asked';
import { KnownCluster } from './known-cluster';
import { holdersOf } from './port-names';
import { isVagueAt } from './written-at';

const OBJECTS = `---
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
spec:
  containers:
    - name: web
      ports:
        - containerPort: 8080
`;

const policy = (port: number) =>
  cnp(`
    endpointSelector:
      matchLabels:
        app: web
    ingress:
      - toPorts:
          - ports:
              - port: "${port}"
                protocol: TCP
  `);

const example = (port: number) => ({ yaml: policy(port).yaml + OBJECTS });

export const check: SetCheck = {
  code: 'CIL509',
  name: 'service-port',
  severity: 'warning',
  stage: 'inventory',
  summary: 'the port of a Service where the port of its pods is needed',
  why: 'The port of a Service is translated to a port of its pods before any policy is asked, so a rule with the port of the Service matches nothing. Reported if a Service of the selected pods leads from the port to another one, no container of these pods has it, and no rule of the policy allows the other one.',
  limits:
    'Not reported: Services without a cluster address, whose ports are not translated, and those of another proxy than the agent. Ports that a container does not declare are not known.',
  source: 'https://docs.cilium.io/en/stable/security/policy/layer4/; cilium `bpf/bpf_lxc.c`',
  bad: example(80),
  good: shownAs(policy(8080), example(8080)),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    const pods = cluster && new ServedPods(cluster);
    for (const policy of cluster?.placed ?? []) {
      for (const { path, wording } of misportedIn(policy, cluster!, pods!)) {
        report(policy.resource, wording, undefined, ...path);
      }
    }
  },
};

interface Misported {
  readonly path: Path;
  readonly wording: Wording;
}

function misportedIn(policy: Policy, cluster: KnownCluster, pods: ServedPods): readonly Misported[] {
  const found = policy.rules.flatMap((rule) => {
    const holders = (holdersOf({ rule }) ?? []).filter((selector) => asksForPods(selector, cluster.agent) && cluster.covers(selector));
    return holders.flatMap((selector) =>
      (rule.traffic ?? []).flatMap((traffic) => misported(traffic, rule, policy, pods.of(selector)) ?? []),
    );
  });
  // A port of several protocols is one, and so is one of several peers.
  return [...new Map(found.map((one) => [pointer(one.path), one])).values()];
}

function misported(traffic: Traffic, rule: Rule, { rules, resource }: Policy, served: Served): Misported | undefined {
  const { port, protocol, at } = traffic;
  if (at === undefined || port.is !== 'number' || port.number === 0 || port.end !== 0 || !isOnlyOfService(port.number, served)) {
    return undefined;
  }
  const translated = served.translations.find(({ from, protocol: own, to }) => from === port.number && own === protocol && to !== from);
  const isAllowed = (to: number) =>
    rules.some(({ direction, traffic: other }) => direction === rule.direction && allows(other, to, protocol, served));
  if (translated === undefined || isAllowed(translated.to) || isVagueAt(resource, ...pathTo(at))) {
    return undefined;
  }
  const { service, to } = translated;
  const [path, written] = [pathTo(at), valueAt(resource.value, [...pathTo(at), 'port'])];
  return {
    path: written === undefined ? path : [...path, 'port'],
    wording: {
      message: `port ${port.number} is that of Service \`${service.namespace}/${service.name}\`, which leads to port ${to} of its pods`,
      help: `write ${to}, because policies are asked after the translation`,
      ...(written !== undefined && { fix: writeValue(String(to), 'unsafe') }),
    },
  };
}

/** Whether a rule is about a port of the pods, by its number or by its name. */
function allows(traffic: Rule['traffic'], number: number, protocol: Traffic['protocol'], { named }: Served): boolean {
  const isNamed = ({ port }: Traffic) => port.is === 'name' && named.some((one) => one.number === number && one.name === port.name);
  return coversTraffic(traffic, [{ protocol, port: { is: 'number', number, end: 0 } }]) || (traffic?.some(isNamed) ?? false);
}

/** Whether no pod has a port, as far as one can tell. */
function isOnlyOfService(number: number, { numbers, hasOthers, translations }: Served): boolean {
  return !hasOthers && !numbers.has(number) && !translations.some(({ to }) => to === number);
}

/** What is known of the ports of the pods that a selector selects. */
interface Served {
  readonly numbers: ReadonlySet<number>;
  readonly named: readonly NamedPort[];
  /** Whether nothing is known of the ports of one of the pods. */
  readonly hasOthers: boolean;
  readonly translations: readonly Translation[];
}

interface Translation {
  readonly service: Service;
  readonly from: number;
  readonly to: number;
  readonly protocol: string;
}

class ServedPods {
  /** By namespace and one label of the selector. */
  private readonly services = new Map<string, Service[]>();
  private readonly served = new Map<string, Served>();

  public constructor(private readonly cluster: KnownCluster) {
    for (const service of cluster.inventory.services.values()) {
      const [label] = Object.entries(service.selector);
      const isListed = service.exists && placeholdersIn(service.selector).length === 0;
      const isTranslated = !service.isHeadless && !service.isAlias && isOfProxy(service.proxy, cluster.agent);
      const key = label === undefined || !isListed || !isTranslated ? undefined : keyOf(service.namespace, label);
      if (key !== undefined) {
        this.services.set(key, [...(this.services.get(key) ?? []), service]);
      }
    }
  }

  public of(selector: LabelSelector): Served {
    const served = this.served.get(selector.key) ?? this.servedBy(selector);
    this.served.set(selector.key, served);
    return served;
  }

  private servedBy(selector: LabelSelector): Served {
    const pods = [...this.cluster.podsOf(selector)].flatMap((same) => same.map(({ pod }) => ({ pod, services: this.servicesOf(pod) })));
    const translations = pods.flatMap(({ pod, services }) => services.flatMap((service) => translationsOf(service, pod)));
    return {
      numbers: new Set(pods.flatMap(({ pod }) => numbersOf(pod))),
      named: (this.cluster.portsOf(selector) ?? []).flat(),
      hasOthers: pods.some(({ pod, services }) => services.length === 0 && numbersOf(pod).length === 0),
      translations: [
        ...new Map(
          translations.map((one) => [`${one.service.namespace}/${one.service.name} ${one.from} ${one.to} ${one.protocol}`, one]),
        ).values(),
      ],
    };
  }

  private servicesOf({ namespace, labels }: Pod): readonly Service[] {
    const around = Object.entries(labels).flatMap((label) => this.services.get(keyOf(namespace, label)) ?? []);
    return around.filter(({ selector }) => Object.entries(selector).every(([key, value]) => labels[key] === value));
  }
}

function keyOf(namespace: string, [key, value]: readonly [string, string]): string {
  return `${namespace} ${key}=${value}`;
}

function numbersOf({ ports, unnamedPorts = [] }: Pod): readonly number[] {
  return [...ports.map(({ number }) => number), ...unnamedPorts];
}

function translationsOf(service: Service, { ports }: Pod): readonly Translation[] {
  return service.ports.flatMap(({ number: from, target, protocol }) => {
    const to = typeof target === 'number' ? target : ports.find(({ name, protocol: own }) => name === target && own === protocol)?.number;
    return to === undefined || from === 0 ? [] : [{ service, from, to, protocol }];
  });
}

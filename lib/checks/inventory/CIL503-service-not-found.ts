import type { Wording } from '../../admission/check';
import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import type { Service } from '../../model/inventory';
import type { Path } from '../../model/path';
import type { Rule, ServiceRef } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { isPlaced, placeholdersIn } from '../../read/placeholders';
import { entriesOf, Entry } from '../../resolve/entries';
import { isMeant } from '../../resolve/services';
import type { Given, SetCheck } from '../check';
import { KnownCluster } from './known-cluster';
import { isTypo, nearestText, Typos } from './typos';
import { isVagueAt } from './written-at';

const SERVICE = `---
apiVersion: v1
kind: Service
metadata:
  name: database
  namespace: shop
spec:
  selector:
    app: database
`;

const example = (name: string) => ({
  yaml:
    cnp(`
    endpointSelector: {}
    egress:
      - toServices:
          - k8sService:
              serviceName: ${name}
              namespace: shop
        toPorts:
          - ports:
              - port: "5432"
                protocol: TCP
  `).yaml + SERVICE,
});

export const check: SetCheck = {
  code: 'CIL503',
  name: 'service-not-found',
  severity: 'warning',
  stage: 'inventory',
  summary: '`toServices` that finds no pods and no addresses',
  why: 'Cilium replaces `toServices` by the pods or the addresses behind the Services. While it finds none, a rule with `toPorts` allows everybody on these ports, also outside of the cluster, and a rule without `toPorts` allows nobody. An ExternalName has nothing behind it. If the inventory lacks `default/kubernetes`, which every cluster has, it holds only some manifests, and only slips in names are reported.',
  limits:
    'Not reported: namespaces of which the inventory has no Service, what may be `default/kubernetes`, and deny rules, in which Cilium resolves no Services. A Service that a chart or an operator makes is not seen.',
  source: 'cilium `pkg/policy/k8s/service.go`',
  bad: example('databse'),
  good: example('database'),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    for (const entry of cluster === undefined ? [] : askingIn(cluster)) {
      for (const { path, wording } of missingIn(entry, KnownServices.of(cluster!, given))) {
        report(entry.policy.resource, wording, undefined, ...path);
      }
    }
  },
};

function askingIn({ policies, inventory, agent }: KnownCluster): readonly Entry[] {
  const naming = policies.filter(({ rules }) => rules.some(isAsking));
  return entriesOf(naming, inventory, agent).filter(({ rule }) => isAsking(rule));
}

function isAsking({ peers, effect }: Rule): boolean {
  return peers.is === 'services' && effect === 'allow';
}

interface Found {
  readonly path: Path;
  readonly wording: Wording;
}

function missingIn({ policy, rule, isOpened, selectors }: Entry, services: KnownServices): readonly Found[] {
  const { peers, path: ofRule } = rule;
  const effect = selectors.length === 0 ? ', so the rule allows nobody' : isOpened ? ', so the rule allows everybody on its ports' : '';
  return (peers.is === 'services' ? peers.refs : []).flatMap((ref, i) => {
    const path = [...ofRule, 'toServices', i];
    const found = isVagueAt(policy.resource, ...path) ? undefined : services.missing(ref);
    return found === undefined
      ? []
      : [{ path: [...path, ...found.path], wording: { ...found.wording, message: `${found.wording.message}${effect}` } }];
  });
}

class KnownServices {
  private readonly all: Around;
  private readonly byNamespace: ReadonlyMap<string, Around>;
  private readonly missed = new Map<string, Found | undefined>();
  /** Whether the name or a label of one is filled in later. */
  private readonly isVague: boolean;
  /** Whether the Services are those of a cluster: no manifest has that of the API server. */
  private readonly isLive: boolean;

  private constructor(
    services: readonly Service[],
    /** The names of Services whose namespace is not known. */
    private readonly unplaced: ReadonlySet<string>,
  ) {
    this.all = new Around(services);
    this.byNamespace = new Map(
      [...groupedBy(services, ({ namespace }) => namespace)].map(([namespace, same]) => [namespace, new Around(same)]),
    );
    this.isLive = services.some(({ namespace, name }) => namespace === API_SERVER.namespace && name === API_SERVER.name);
    this.isVague = services.some(({ namespace, name, labels }) => placeholdersIn([namespace, name, labels]).length > 0);
  }

  public static of(cluster: KnownCluster, given: Given): KnownServices {
    const services = [...cluster.inventory.services.values()].filter(({ exists }) => exists);
    const unplaced = given.objects.filter((object) => object.kind === 'Service' && !isPlaced(object));
    const known = KNOWN.get(cluster) ?? new KnownServices(services, new Set(unplaced.map(({ name }) => name)));
    KNOWN.set(cluster, known);
    return known;
  }

  /** The finding that an entry finds nothing; `undefined` if it finds something, or if the inventory may just not have it. */
  public missing(ref: ServiceRef): Found | undefined {
    const key = JSON.stringify(ref);
    const found = this.missed.has(key) ? this.missed.get(key) : this.missingNow(ref);
    this.missed.set(key, found);
    return found;
  }

  private missingNow(ref: ServiceRef): Found | undefined {
    const around = ref.is === 'none' ? undefined : ref.namespace === '' ? this.all : this.byNamespace.get(ref.namespace);
    const meant = around?.meantBy(ref) ?? [];
    if (ref.is === 'none' || around === undefined || around.services.length === 0 || meant.length > 0) {
      return withNothingBehind(meant, around);
    }
    const isOfServer = isMeant(ref, API_SERVER) && !this.isLive;
    const mayBeUnplaced = ref.is === 'name' ? this.unplaced.has(ref.name) : this.unplaced.size > 0;
    if (this.isVague || isOfServer || mayBeUnplaced) {
      return undefined;
    }
    return ref.is === 'name' ? unnamed(ref, around, this.isLive) : unselected(ref, around, this.isLive);
  }
}

/** The Services of one namespace, or of all. */
class Around {
  public readonly byName: ReadonlyMap<string, readonly Service[]>;
  public readonly names: readonly string[];
  public readonly areListed: boolean;
  public readonly typos: Typos;

  public constructor(public readonly services: readonly Service[]) {
    this.byName = groupedBy(services, ({ name }) => name);
    this.names = [...this.byName.keys()];
    this.areListed = services.some(({ isListed }) => isListed);
    this.typos = new Typos(this.names);
  }

  public meantBy(ref: ServiceRef): readonly Service[] {
    return ref.is === 'name' ? (this.byName.get(ref.name) ?? []) : this.services.filter((service) => isMeant(ref, service));
  }
}

/** The Service that every cluster has. Source: Kubernetes `pkg/controlplane/controller/kubernetesservice`. */
const API_SERVER = { namespace: 'default', name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } };

const KNOWN = new WeakMap<KnownCluster, KnownServices>();

/** A Service without a selector has the addresses that somebody lists by hand, or a controller, which is known only if slices are given. */
function withNothingBehind(meant: readonly Service[], around: Around | undefined): Found | undefined {
  const isEmpty = ({ isAlias, selector, backends }: Service) =>
    isAlias || (around?.areListed === true && Object.keys(selector).length === 0 && backends.length === 0);
  const [first] = meant;
  if (first === undefined || !meant.every(isEmpty)) {
    return undefined;
  }
  const what = first.isAlias ? 'is an ExternalName' : 'has no selector and no endpoints';
  const help = first.isAlias ? 'allow its name with `toFQDNs`' : 'list its addresses in an EndpointSlice, or write them in `toCIDRSet`';
  return { path: [], wording: { message: `Service \`${nameOf(first)}\` ${what}`, help } };
}

function unnamed({ name, namespace }: ServiceRef & { is: 'name' }, around: Around, isLive: boolean): Found | undefined {
  const [host] = name.split('.');
  const near = around.byName.has(host) ? host : around.typos.of(name).at(0);
  const guess = near ?? nearestText(name, around.names);
  // Charts make Services that no manifest shows.
  if (near === undefined && !isLive) {
    return undefined;
  }
  return {
    path: ['k8sService', 'serviceName'],
    wording: {
      message: `no Service \`${namespace === '' ? '' : `${namespace}/`}${name}\` is given`,
      ...(guess !== undefined && { help: `did you mean \`${guess}\`?` }),
      ...(near !== undefined && { fix: writeValue(near, 'unsafe') }),
    },
  };
}

function unselected({ requirements, namespace }: ServiceRef & { is: 'selector' }, around: Around, isLive: boolean): Found | undefined {
  if (!requirements.some(({ operator }) => operator === 'In' || operator === 'Exists')) {
    return undefined;
  }
  const wanted = requirements.flatMap(({ key, operator, values: [value] }) => (operator === 'In' ? [[key, value] as const] : []));
  const near = around.services.flatMap(({ labels }) =>
    wanted.flatMap(([key, value]) => (isTypo(value, labels[key] ?? value) ? [[key, labels[key]]] : [])),
  );
  if (near.length === 0 && !isLive) {
    return undefined;
  }
  return {
    path: ['k8sServiceSelector'],
    wording: {
      message: `the selector matches no given Service${namespace === '' ? '' : ` in namespace \`${namespace}\``}`,
      ...(near.length > 0 && { help: `did you mean \`${near[0][0]}: ${near[0][1]}\`?` }),
    },
  };
}

function nameOf({ namespace, name }: Service): string {
  return `${namespace}/${name}`;
}

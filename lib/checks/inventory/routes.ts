/** The routes that the proxy of Cilium serves, as its Ingress and its Gateway, with the Services that they lead to. */
import { asList, asObject, asText, JsonObject, textsOf } from '../../model/json';
import type { Resource } from '../../model/origin';
import { isPlaced, placeholdersIn } from '../../read/placeholders';
import type { Agent } from '../../resolve/agent';

/** A route and where it leads to. */
export interface Route {
  readonly resource: Resource;
  readonly backends: readonly RouteBackend[];
}

export interface RouteBackend {
  /** `namespace/name` */
  readonly service: string;
  /** The port of the Service, 1–65535, or its name. */
  readonly port: number | string;
}

/** The routes that are Cilium's for certain: those of a Gateway that is not given may be of anybody. */
export function routesIn(objects: readonly Resource[], { config }: Pick<Agent, 'config'>): readonly Route[] {
  const [hasIngress, hasGateway] = ['enable-ingress-controller', 'enable-gateway-api'].map((key) => config[key] !== 'false');
  const gateways = new Set(gatewaysIn(objects).map(nameOf));
  return objects.filter(isPlaced).flatMap((resource): readonly Route[] => {
    const { kind, value } = resource;
    const spec = asObject(value.spec);
    const backends =
      kind === 'Ingress' && hasIngress && isOfGroup(resource, 'networking.k8s.io') && isOwnIngress(value)
        ? ingressBackends(spec)
        : ROUTES.includes(kind) && hasGateway && isOfGroup(resource, GATEWAY_GROUP) && isAttached(resource, gateways)
          ? asList(spec.rules).flatMap((rule) => asList(asObject(rule).backendRefs).flatMap(routedTo))
          : [];
    const placed = backends.map(({ name, namespace = resource.namespace, port }) => ({ service: `${namespace}/${name}`, port }));
    const isVague = placeholdersIn([spec.parentRefs, spec.ingressClassName, placed.map(({ service, port }) => [service, port])]).length > 0;
    return placed.length === 0 || isVague ? [] : [{ resource, backends: placed }];
  });
}

/** What Cilium's Gateway takes. Source: cilium `operator/pkg/gateway-api`. */
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute'];

interface Backend {
  readonly name: string;
  /** @default - that of the route */
  readonly namespace?: string;
  readonly port: number | string;
}

/** Source: cilium `operator/pkg/ingress`. */
function isOwnIngress({ metadata, spec }: JsonObject): boolean {
  const annotated = textsOf(asObject(metadata).annotations)['kubernetes.io/ingress.class'] as string | undefined;
  return (annotated ?? asText(asObject(spec).ingressClassName)) === OWN_CLASS;
}

const OWN_CLASS = 'cilium';

function ingressBackends({ defaultBackend, rules }: JsonObject): readonly Backend[] {
  const paths = asList(rules).flatMap((rule) => asList(asObject(asObject(rule).http).paths));
  return [defaultBackend, ...paths.map((path) => asObject(path).backend)].flatMap((backend): readonly Backend[] => {
    const { name, port } = asObject(asObject(backend).service);
    const { number, name: portName } = asObject(port);
    return typeof name === 'string' ? [{ name, port: typeof number === 'number' ? number : asText(portName) }] : [];
  });
}

/** The Gateways of a class of Cilium's controller. Its chart makes the class `cilium`. */
function gatewaysIn(objects: readonly Resource[]): readonly Resource[] {
  const classes = objects.filter(({ kind }) => kind === 'GatewayClass');
  const isOwn = (name: string) => {
    const [given] = classes.filter((one) => one.name === name);
    return given === undefined ? name === OWN_CLASS : asText(asObject(given.value.spec).controllerName) === OWN_CONTROLLER;
  };
  return objects.filter(
    (one) =>
      one.kind === 'Gateway' && isOfGroup(one, GATEWAY_GROUP) && isPlaced(one) && isOwn(asText(asObject(one.value.spec).gatewayClassName)),
  );
}

const OWN_CONTROLLER = 'io.cilium/gateway-controller';

/** Whether a parent is one of the Gateways. A Service as a parent is of a mesh, where sources keep their identity. */
function isAttached({ value, namespace: own }: Resource, gateways: ReadonlySet<string>): boolean {
  return asList(asObject(value.spec).parentRefs)
    .map(asObject)
    .some(({ kind = 'Gateway', name, namespace = own }) => kind === 'Gateway' && gateways.has(`${asText(namespace)}/${asText(name)}`));
}

function routedTo(ref: unknown): readonly Backend[] {
  const { kind = 'Service', name, namespace, port, weight } = asObject(ref);
  return kind === 'Service' && typeof name === 'string' && typeof port === 'number' && weight !== 0
    ? [{ name, port, ...(typeof namespace === 'string' && { namespace }) }]
    : [];
}

const GATEWAY_GROUP = 'gateway.networking.k8s.io';

function isOfGroup({ apiVersion }: Resource, group: string): boolean {
  return apiVersion.startsWith(`${group}/`);
}

function nameOf({ namespace = '', name }: Resource): string {
  return `${namespace}/${name}`;
}

/**
 * Objects that change where a packet goes, or what the agents of some nodes do, and are not judged: the flows that they may concern are unknown.
 *
 * Source: cilium `pkg/k8s/apis/cilium.io/v2/clrp_types.go`, `cec_types.go` and `cilium_node_config_types.go`.
 */
import { AgentConfig, isOn } from '../model/config';
import type { Flow, WrittenEnd } from '../model/flow';
import { asList, asObject, asText, JsonObject } from '../model/json';
import type { Resource } from '../model/origin';
import { addressKey, parseAddress } from '../net/address';
import { groupedBy } from '../net/grouped';
import { groupOf } from '../read/kinds';
import { localRedirectOf } from '../read/local-redirects';
import { placeholderIn, placeholdersIn } from '../read/placeholders';
import { JUDGED_KEYS } from '../resolve/agent';
import type { Cluster } from '../resolve/cluster';
import { addressesOfEnd, serviceNameOf } from '../resolve/written-addresses';
import { Missing, MissingSides, shownName } from './missing';

/** What may turn a flow; `undefined` if none of the objects does. */
export type Redirects = (flow: Flow) => MissingSides | undefined;

/** The objects among others that may turn flows; `undefined` if there are none. */
export function redirectsIn(others: readonly Resource[], config: AgentConfig, cluster: Cluster): Redirects | undefined {
  const turning = others.flatMap((resource) => turningOf(resource, config) ?? []);
  if (turning.length === 0) {
    return undefined;
  }
  const pairs = turning.flatMap((one) => one.targets.map((target) => ({ target, one })));
  const byTarget = groupedBy(pairs, ({ target }) => target);
  return (flow) => {
    const [found] = [EVERYWHERE, ...targetsOf(flow.to, cluster)]
      .flatMap((target) => byTarget.get(target) ?? [])
      .filter(({ one: { ports } }) => ports.length === 0 || ports.includes(flow.port));
    return found && sidesOf(found.one, flow);
  };
}

/** Whether an object of one of these kinds may turn flows in a cluster with this configuration. Without any configuration, that is not known. */
export function mayTurn(resource: Resource, config: AgentConfig): boolean {
  return turningOf(resource, config) !== undefined;
}

interface Turning {
  readonly name: string;
  /** The Services and addresses that it takes over, or `EVERYWHERE`. */
  readonly targets: readonly string[];
  /** Empty for every port. */
  readonly ports: readonly number[];
}

const EVERYWHERE = 'everywhere';

function turningOf(resource: Resource, config: AgentConfig): Turning | undefined {
  const turned = groupOf(resource.apiVersion) === 'cilium.io' ? turnedBy(resource, config) : undefined;
  return turned && { name: shownName(resource), ...turned };
}

function turnedBy(resource: Resource, config: AgentConfig): Omit<Turning, 'name'> | undefined {
  const { kind, namespace = '', value } = resource;
  const spec = asObject(value.spec);
  const mayBeOn = (key: string) => isOn(config, key, Object.keys(config).length === 0);
  switch (kind) {
    case 'CiliumLocalRedirectPolicy':
      return mayBeOn('enable-local-redirect-policy') && !isJudgedRedirect(resource, config)
        ? frontendOf(asObject(spec.redirectFrontend), namespace)
        : undefined;
    case 'CiliumEnvoyConfig':
    case 'CiliumClusterwideEnvoyConfig':
      return mayBeOn('enable-envoy-config') ? servicesOf(asList(spec.services).map(asObject), namespace) : undefined;
    case 'CiliumNodeConfig':
      return Object.entries(asObject(spec.defaults)).some(([key, one]) => changes(key, asText(one), config)) ? ALL : undefined;
    case 'CiliumDatapathPlugin':
      return ALL;
    default:
      return undefined;
  }
}

/** A redirect is judged where it is surely on. */
function isJudgedRedirect(resource: Resource, config: AgentConfig): boolean {
  return isOn(config, 'enable-local-redirect-policy', false) && localRedirectOf(resource) !== undefined;
}

const ALL = { targets: [EVERYWHERE], ports: [] };

function changes(key: string, value: string, config: AgentConfig): boolean {
  return placeholderIn(key) !== undefined || (JUDGED_KEYS.includes(key) && value !== config[key]);
}

/** The address or the Service of a local redirect, with its ports if it names some. What is filled in later may be any. */
function frontendOf(frontend: JsonObject, namespace: string): Omit<Turning, 'name'> {
  const [byAddress, byService] = [asObject(frontend.addressMatcher), asObject(frontend.serviceMatcher)];
  const address = parseAddress(asText(byAddress.ip));
  const name = asText(byService.serviceName);
  const service = `${asText(byService.namespace) || namespace}/${name}`;
  const ports = [...asList(byAddress.toPorts), ...asList(byService.toPorts)].map((one) => asText(asObject(one).port));
  if ([asText(byAddress.ip), ...(name === '' ? [] : [service])].some((text) => placeholderIn(text) !== undefined)) {
    return ALL;
  }
  return {
    targets: [...(address === undefined ? [] : [addressKey(address)]), ...(name === '' ? [] : [service])],
    ports: ports.every((port) => /^\d+$/.test(port)) ? ports.map(Number) : [],
  };
}

/** The Services that a listener takes over. Its policies' listeners are known as the redirect `crd`. */
function servicesOf(services: readonly JsonObject[], namespace: string): Omit<Turning, 'name'> | undefined {
  const targets = services.map((one) => `${asText(one.namespace) || namespace}/${asText(one.name)}`);
  const isVague = placeholdersIn(targets).length > 0;
  return targets.length === 0 ? undefined : isVague ? ALL : { targets, ports: [] };
}

function targetsOf(to: WrittenEnd, cluster: Cluster): readonly string[] {
  const service = serviceNameOf(to, cluster);
  return [...(service === undefined ? [] : [service]), ...addressesOfEnd(to, cluster).map(addressKey)];
}

/** Both sides; the destination may have a policy although the address that was asked for has none. */
function sidesOf({ name, targets }: Turning, { from }: Flow): MissingSides {
  const missing: Missing = { text: `${name}, which is not judged`, reason: 'unread', leaves: () => false };
  const isOfNode = targets.includes(EVERYWHERE) && (from.is === 'node' || from.is === 'entity');
  return { egress: { ...missing, mayHavePolicy: isOfNode }, ingress: { ...missing, mayHavePolicy: true } };
}

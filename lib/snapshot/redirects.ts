/**
 * Objects that change where a packet goes, or what the agents of some nodes do, and are not judged: the flows that they may concern are unknown.
 *
 * Source: cilium `pkg/k8s/apis/cilium.io/v2/clrp_types.go`, `cec_types.go` and `cilium_node_config_types.go`.
 */
import { AgentConfig, isOn } from '../model/config';
import type { Flow } from '../model/flow';
import { asList, asObject, asText, JsonObject } from '../model/json';
import { isPrivate, Resource } from '../model/origin';
import { addressKey, parseAddress } from '../net/address';
import { shortened } from '../net/shortened';
import { groupOf } from '../read/kinds';
import { JUDGED_KEYS } from '../resolve/agent';
import type { Cluster } from '../resolve/cluster';
import { addressOf, serviceNameOf } from '../resolve/ends';
import type { Missing } from './missing';

/** What may turn a flow; `undefined` if none of the objects does. */
export type Redirects = (flow: Flow) => Missing | undefined;

/** The objects among others that may turn flows; `undefined` if there are none. */
export function redirectsIn(others: readonly Resource[], config: AgentConfig, cluster: Cluster): Redirects | undefined {
  const turning = others.filter(({ apiVersion }) => groupOf(apiVersion) === 'cilium.io').flatMap((one) => turningOf(one, config) ?? []);
  return turning.length === 0
    ? undefined
    : (flow) => {
        const found = turning.find(({ concerns }) => concerns(flow, cluster));
        return found && { text: `${found.name}, which is not judged`, reason: 'unread', leaves: () => false };
      };
}

/** Whether an object of one of these kinds may turn flows in a cluster with this configuration. Without any configuration, that is not known. */
export function mayTurn(resource: Resource, config: AgentConfig): boolean {
  return groupOf(resource.apiVersion) === 'cilium.io' && turningOf(resource, config) !== undefined;
}

interface Turning {
  readonly name: string;
  readonly concerns: (flow: Flow, cluster: Cluster) => boolean;
}

function turningOf(resource: Resource, config: AgentConfig): Turning | undefined {
  const concerns = concernOf(resource, config);
  const { kind, namespace, name } = resource;
  const shown = isPrivate(resource) ? `a ${kind}` : shortened(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
  return concerns && { name: shown, concerns };
}

function concernOf({ kind, namespace = '', value }: Resource, config: AgentConfig): Turning['concerns'] | undefined {
  const spec = asObject(value.spec);
  const mayBeOn = (key: string) => isOn(config, key, Object.keys(config).length === 0);
  switch (kind) {
    case 'CiliumLocalRedirectPolicy':
      return mayBeOn('enable-local-redirect-policy') ? frontendOf(asObject(spec.redirectFrontend), namespace) : undefined;
    case 'CiliumEnvoyConfig':
    case 'CiliumClusterwideEnvoyConfig':
      return mayBeOn('enable-envoy-config') ? servicesOf(asList(spec.services).map(asObject), namespace) : undefined;
    case 'CiliumNodeConfig':
      return Object.entries(asObject(spec.defaults)).some(([key, one]) => JUDGED_KEYS.includes(key) && asText(one) !== config[key])
        ? () => true
        : undefined;
    case 'CiliumDatapathPlugin':
      return () => true;
    default:
      return undefined;
  }
}

/** The flows to the address or the Service of a local redirect, at one of its ports if it names some. */
function frontendOf({ addressMatcher, serviceMatcher }: JsonObject, namespace: string): Turning['concerns'] {
  const [byAddress, byService] = [asObject(addressMatcher), asObject(serviceMatcher)];
  const address = parseAddress(asText(byAddress.ip));
  const service = `${asText(byService.namespace) || namespace}/${asText(byService.serviceName)}`;
  const ports = [...asList(byAddress.toPorts), ...asList(byService.toPorts)].map(asObject).map(({ port }) => Number(asText(port)));
  return ({ to, port }, cluster) => {
    const asked = addressOf(to, cluster);
    const isAddress = address !== undefined && asked !== undefined && addressKey(asked) === addressKey(address);
    return (
      (isAddress || serviceNameOf(to, cluster) === service) && (ports.length === 0 || ports.some(Number.isNaN) || ports.includes(port))
    );
  };
}

/** The flows to the Services that a listener takes over. Its policies' listeners are known as the redirect `crd`. */
function servicesOf(services: readonly JsonObject[], namespace: string): Turning['concerns'] | undefined {
  const names = services.map((one) => `${asText(one.namespace) || namespace}/${asText(one.name)}`);
  return names.length === 0 ? undefined : ({ to }, cluster) => names.includes(serviceNameOf(to, cluster) ?? '');
}

/** Reads CiliumLocalRedirectPolicies: which traffic goes to pods on the node of the client. Source: cilium `pkg/k8s/apis/cilium.io/v2/clrp_types.go`. */
import type { LocalRedirect, RedirectPort } from '../model/inventory';
import { asList, asObject, asText, JsonObject, textsOf } from '../model/json';
import type { Resource } from '../model/origin';
import { parseAddress } from '../net/address';
import { placeholdersIn } from './placeholders';

/** The redirect of a policy; `undefined` if it is not one that can be judged, for example because a value is filled in later. */
export function localRedirectOf({ namespace = '', value }: Resource): LocalRedirect | undefined {
  const { redirectFrontend, redirectBackend, skipRedirectFromBackend } = asObject(value.spec);
  const { addressMatcher, serviceMatcher } = asObject(redirectFrontend);
  const [byAddress, byService, backend] = [asObject(addressMatcher), asObject(serviceMatcher), asObject(redirectBackend)];
  const selector = asObject(backend.localEndpointSelector);
  const [address, name] = [parseAddress(asText(byAddress.ip)), asText(byService.serviceName)];
  const [ports, targets] = [portsOf(addressMatcher === undefined ? byService : byAddress), portsOf(backend)];
  const isWhole =
    (address !== undefined || name !== '') &&
    targets.length > 0 &&
    asList(selector.matchExpressions).length === 0 &&
    placeholdersIn(value.spec).length === 0;
  const service = name === '' ? undefined : `${asText(byService.namespace) || namespace}/${name}`;
  return isWhole
    ? { namespace, address, service, ports, targets, selector: textsOf(selector.matchLabels), skipsOwn: skipRedirectFromBackend === true }
    : undefined;
}

function portsOf({ toPorts }: JsonObject): readonly RedirectPort[] {
  return asList(toPorts)
    .map(asObject)
    .map(({ port, protocol, name }) => ({ number: Number(asText(port)), protocol: asText(protocol).toUpperCase(), name: asText(name) }));
}

/** The CEL rules of the CRDs, each as a predicate. */
import { asList, asObject, asText, Json } from '../../model/json';
import { isMapped, parseAddress } from '../../net/address';
import { parsePrefix } from '../../net/prefix';

/** Whether a value that has been stored breaks a rule. */
export function isBroken(rule: string, self: Json): boolean {
  return !RULES[rule](self);
}

/** `isCIDR` of Kubernetes' CEL library. Unlike the format `cidr`, it rejects leading zeros. */
export const IS_CIDR = 'isCIDR(self)';

export const IS_RANGE = 'self.start < self.end';

/** Named ports belong to pods. */
export const HAS_PORTS_WITH_NAMES =
  '!(self.to.exists(peer, has(peer.networks) || has(peer.nodes) || has(peer.domainNames)) && has(self.protocols) && ' +
  'self.protocols.exists(protocol, has(protocol.destinationNamedPort)))';

/** A test ensures that the CRDs have no other rules. A rule is evaluated only for a value of the right type with its required fields. */
export const RULES: Readonly<Record<string, (self: Json) => boolean>> = {
  'has(self.spec) || has(self.specs)': (self) => has(self, 'spec') || has(self, 'specs'),
  [IS_RANGE]: (self) => Number(asObject(self).start) < Number(asObject(self).end),
  [IS_CIDR]: (self) => isCidrInCel(asText(self)),
  [HAS_PORTS_WITH_NAMES]: (self) => {
    const { to, protocols } = asObject(self);
    const isWithoutNames = (peer: Json) => ['networks', 'nodes', 'domainNames'].some((field) => has(peer, field));
    return !(asList(to).some(isWithoutNames) && asList(protocols).some((one) => has(one, 'destinationNamedPort')));
  },
};

function has(value: Json, field: string): boolean {
  return Object.hasOwn(asObject(value), field);
}

/** Source: apiserver `pkg/cel/library/cidr.go`, parseCIDR. */
function isCidrInCel(text: string): boolean {
  return parsePrefix(text).ok && !isMappedPrefix(text);
}

/** Whether the address of a prefix is an IPv4 address in the form of IPv6. */
export function isMappedPrefix(text: string): boolean {
  const address = parseAddress(text.slice(0, Math.max(0, text.lastIndexOf('/'))));
  return address !== undefined && isMapped(address);
}

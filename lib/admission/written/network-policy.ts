/** Splits a stored object into the parts of a Kubernetes NetworkPolicy, each with its path. */
import { asList, asObject, asText, isObject, JsonObject } from '../../model/json';
import { below, PathLink } from '../../model/path';
import type { NetworkRulePart, NetworkPeerPart, PolicyPart, PortPart, WrittenNetworkPolicy } from '../../model/written';
import { NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { exceptIn, selectorIn } from './parts';

export function writtenNetworkPolicy(stored: JsonObject): WrittenNetworkPolicy {
  const [value, { name, namespace }] = [asObject(stored.spec), asObject(stored.metadata)];
  const at = below(undefined, 'spec');
  const policy: PolicyPart = {
    ...{ kind: 'NetworkPolicy', name: asText(name), namespace: asText(namespace) },
    ...{ hasSpec: true, hasSpecs: false, at: undefined },
  };
  const spec = {
    ...{ value, policy, isHost: false, labels: [], rules: [], at },
    endpointSelector: selectorIn(value, 'podSelector', 'endpoint', at, 'k8s:'),
  };
  const rules = (['ingress', 'egress'] as const).flatMap((section) =>
    asList(value[section]).map((rule, i) => rulePart(asObject(rule), section === 'ingress', below(at, section, i))),
  );
  return { is: 'kubernetes', spec, rules };
}

function rulePart(value: JsonObject, isIngress: boolean, at: PathLink): NetworkRulePart {
  const word = isIngress ? 'from' : 'to';
  return {
    isIngress,
    peers: asList(value[word]).map((peer, i) => peerPart(asObject(peer), below(at, word, i))),
    ports: asList(value.ports).map((port, i) => portPart(asObject(port), below(at, 'ports', i))),
    at,
  };
}

function peerPart(value: JsonObject, at: PathLink): NetworkPeerPart {
  const { ipBlock } = value;
  const ofBlock = below(at, 'ipBlock');
  return {
    pods: selectorIn(value, 'podSelector', 'endpoint', at, 'k8s:'),
    namespaces: selectorIn(value, 'namespaceSelector', 'endpoint', at, `k8s:${NAMESPACE_LABELS_PREFIX}`),
    ...(isObject(ipBlock) && { block: { cidr: asText(ipBlock.cidr), except: exceptIn(ipBlock, ofBlock), at: ofBlock } }),
    at,
  };
}

/** A missing port means every port, and a missing protocol means TCP. */
function portPart({ port, endPort, protocol }: JsonObject, at: PathLink): PortPart {
  return {
    port: typeof port === 'number' || typeof port === 'string' ? String(port) : '0',
    endPort: typeof endPort === 'number' ? endPort : 0,
    protocol: typeof protocol === 'string' ? protocol : 'TCP',
    hasDnsRules: false,
    at,
  };
}

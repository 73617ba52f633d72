/** Splits a stored object into the parts of a Kubernetes ClusterNetworkPolicy, each with its path. */
import { asList, asObject, asText, isObject, JsonObject } from '../../model/json';
import { below, PathLink } from '../../model/path';
import type { PortPart, TierPeerPart, TierPodsPart, TierRulePart, WrittenTierPolicy } from '../../model/written';
import { NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { listIn, selectorIn, selectorPart, textPart } from './parts';

export function writtenTierPolicy(stored: JsonObject): WrittenTierPolicy {
  const spec = asObject(stored.spec);
  const at = below(undefined, 'spec');
  return {
    is: 'tier',
    tier: spec.tier === 'Baseline' ? 'baseline' : 'admin',
    priority: typeof spec.priority === 'number' ? spec.priority : 0,
    subject: podsPart(asObject(spec.subject), below(at, 'subject')),
    rules: (['ingress', 'egress'] as const).flatMap((section) =>
      asList(spec[section]).map((rule, index) => rulePart(asObject(rule), section === 'ingress', index, below(at, section, index))),
    ),
  };
}

function rulePart(value: JsonObject, isIngress: boolean, index: number, at: PathLink): TierRulePart {
  const [word, action] = [isIngress ? 'from' : 'to', asText(value.action)];
  return {
    ...{ isIngress, index, action, at },
    peers: asList(value[word]).map((peer, i) => peerPart(asObject(peer), action, below(at, word, i))),
    protocols: asList(value.protocols).map((one, i) => protocolPart(asObject(one), below(at, 'protocols', i))),
  };
}

function peerPart(value: JsonObject, action: string, at: PathLink): TierPeerPart {
  return {
    ...podsPart(value, at),
    action,
    nodes: selectorIn(value, 'nodes', 'node', at, 'node:'),
    networks: listIn(value, 'networks', at, textPart),
    domainNames: listIn(value, 'domainNames', at, textPart),
  };
}

/** The agent reads selectors that are missing as empty ones. */
function podsPart(value: JsonObject, at: PathLink): TierPodsPart {
  const place = below(at, 'pods');
  const pods = value.pods;
  return {
    namespaces: selectorIn(value, 'namespaces', 'endpoint', at, OF_NAMESPACES),
    ...(isObject(pods) && {
      pods: {
        namespaces: selectorPart(asObject(pods.namespaceSelector), 'endpoint', below(place, 'namespaceSelector'), OF_NAMESPACES),
        pods: selectorPart(asObject(pods.podSelector), 'endpoint', below(place, 'podSelector'), 'k8s:'),
      },
    }),
    at,
  };
}

const OF_NAMESPACES = `k8s:${NAMESPACE_LABELS_PREFIX}`;

/** A protocol without a port means every port of it. The name of a port is one of any protocol. */
function protocolPart(value: JsonObject, at: PathLink): PortPart {
  for (const [field, protocol] of PROTOCOLS) {
    if (isObject(value[field])) {
      const { destinationPort } = value[field];
      const { number, range } = asObject(destinationPort);
      const { start, end } = asObject(range);
      const [first, last] = isObject(range) ? [start, end] : [number, undefined];
      return {
        port: typeof first === 'number' ? String(first) : '0',
        endPort: typeof last === 'number' ? last : 0,
        ...{ protocol, hasDnsRules: false, at },
      };
    }
  }
  return { port: asText(value.destinationNamedPort), endPort: 0, protocol: 'ANY', hasDnsRules: false, at };
}

const PROTOCOLS = [
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['sctp', 'SCTP'],
] as const;

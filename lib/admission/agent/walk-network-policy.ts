/**
 * Shows the parts of a NetworkPolicy that the agent looks at.
 *
 * Cilium 1.18 makes a rule of its own of it, and judges that as any other. From 1.19 on it looks at protocols and blocks only.
 * Source: cilium `pkg/k8s/network_policy.go`, ParseNetworkPolicy.
 */
import { isSince, Minor } from '../../crd/minor';
import { AgentConfig, isOn } from '../../model/config';
import { asList, asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import { NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { below, PeerList, Place, PolicyPart, RulePart } from './parts';
import { selectorOf } from './selector';
import type { Show } from './walk';

export function walkNetworkPolicy(value: JsonObject, minor: Minor, config: AgentConfig, show: Show): void {
  const spec = asObject(value.spec);
  const place = below(undefined, 'spec');
  const isJudgedWhole = !isSince(minor, '1.19');
  const rule: RulePart = { value: spec, policy: policyOf(value), isHost: false, place };
  showSelector(spec.podSelector, 'k8s:', below(place, 'podSelector'));
  for (const [section, word] of [['ingress', 'from'] as const, ['egress', 'to'] as const]) {
    asList(spec[section]).forEach((entry, i) => walkEntry(asObject(entry), section === 'ingress', word, below(place, section, i)));
  }

  function walkEntry(entry: JsonObject, isIngress: boolean, word: 'from' | 'to', at: Place): void {
    asList(entry[word]).forEach((peer, i) => walkPeer(asObject(peer), isIngress, below(at, word, i)));
    asList(entry.ports).forEach((port, i) => walkPort(asObject(port), below(at, 'ports', i)));
  }

  function walkPeer(peer: JsonObject, isIngress: boolean, at: Place): void {
    showSelector(peer.podSelector, 'k8s:', below(at, 'podSelector'));
    showSelector(peer.namespaceSelector, `k8s:${NAMESPACE_LABELS_PREFIX}`, below(at, 'namespaceSelector'));
    if (isObject(peer.ipBlock)) {
      showBlock(peer.ipBlock, below(at, 'ipBlock'));
      showElement(peer, isIngress, at);
    }
  }

  function showSelector(selector: Json | undefined, prefix: string, at: Place): void {
    if (isJudgedWhole && isObject(selector)) {
      show('selector', selectorOf(selector, 'endpoint', prefix, at));
    }
  }

  function showBlock(block: JsonObject, at: Place): void {
    const except = asList(block.except).map((hole, i) => ({ text: asText(hole), place: below(at, 'except', i) }));
    const cidr = asText(block.cidr);
    if (isJudgedWhole) {
      show('cidrRule', { cidr, group: '', hasSelector: false, except, place: at });
    } else {
      show('ipBlock', { cidr, except, place: at });
    }
  }

  /** A block beside a selector; with peers pinned to a cluster, on ingress, there is always a selector. */
  function showElement(peer: JsonObject, isIngress: boolean, at: Place): void {
    const isPinned = isIngress && isOn(config, 'policy-default-local-cluster', false);
    const fields = ['podSelector', 'namespaceSelector', ...(isPinned ? ['policy-default-local-cluster'] : [])];
    const selector = fields.find((field) => field.startsWith('policy') || isObject(peer[field]));
    const peers: readonly PeerList[] = [selector, 'ipBlock'].flatMap((field) =>
      field === undefined ? [] : [{ field, place: below(at, field) }],
    );
    if (isJudgedWhole) {
      const section = isIngress ? 'ingress' : 'egress';
      show('element', { section, isIngress, isDeny: false, rule, peers, portRules: [], icmps: 0, place: at });
    }
  }

  function walkPort(port: JsonObject, at: Place): void {
    const protocol = typeof port.protocol === 'string' ? port.protocol : 'TCP';
    if (!isJudgedWhole) {
      show('protocol', { text: protocol, place: below(at, 'protocol') });
      return;
    }
    const number = typeof port.port === 'number' || typeof port.port === 'string' ? String(port.port) : '0';
    const endPort = typeof port.endPort === 'number' ? port.endPort : 0;
    show('port', { port: number, endPort, protocol, hasDnsRules: false, place: at });
  }
}

function policyOf(value: JsonObject): PolicyPart {
  const { name, namespace } = asObject(value.metadata);
  return { kind: 'NetworkPolicy', name: asText(name), namespace: asText(namespace), hasSpec: true, hasSpecs: false, place: undefined };
}

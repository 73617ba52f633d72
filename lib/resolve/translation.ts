/** Which addresses of Services are translated before the policy of the client is asked. */
import { isSince } from '../crd/minor';
import { isOn } from '../model/config';
import type { Protocol } from '../model/policy';
import type { Agent } from './agent';
import type { Client } from './client';
import { Frontend, serviceName } from './frontends';

/** What decides instead where the address is not translated for the client; `undefined` where it is. */
export function untranslated({ service, type, by }: Frontend, client: Client, protocol: Protocol, agent: Agent): string | undefined {
  const what = `the ${type} of service ${serviceName(service)}`;
  if (by === 'another proxy') {
    return `what another proxy makes of service ${serviceName(service)}`;
  }
  if (client.is === 'node' && !agent.replacesKubeProxy) {
    // On its own node, kube-proxy comes before the policy of the node. There it has no node ports of others.
    return type === 'NodePort' && client.isAtHome !== true ? `what kube-proxy of the other node makes of ${what}` : undefined;
  }
  if (by === 'kube-proxy' || (client.is === 'outside' && !agent.replacesKubeProxy)) {
    return `what kube-proxy makes of ${what}: \`kube-proxy-replacement\` is off`;
  }
  if (client.is === 'outside') {
    return type === 'ClusterIP' && !agent.exposesClusterIPs
      ? `whether a node passes a packet from outside on to ${what}: \`bpf-lb-external-clusterip\` is off`
      : undefined;
  }
  return isMissed(type, client, protocol, agent) ? `what the node or router that receives the packet makes of ${what}` : undefined;
}

/**
 * Whether the datapath of the client's node leaves an address as it is.
 *
 * An external IP is not translated in sockets, so that nobody can take the address of others, and a node port of another node only there, before
 * 1.20. With some modes of `bpf-lb-mode`, which are not judged, 1.19 does it too.
 *
 * Source: cilium `bpf/bpf_sock.c`, sock4_skip_xlate, sock4_wildcard_lookup_full and sock_proto_enabled; `bpf/bpf_lxc.c`, ENABLE_PER_PACKET_LB.
 */
function isMissed(type: Frontend['type'], client: Client, protocol: Protocol, agent: Agent): boolean {
  const { translatesInSockets, translatesForNodesOnly, hasSctp } = agent;
  const isAtHome = client.isAtHome === true;
  const isInSocket = translatesInSockets && protocol !== 'SCTP' && (client.is === 'node' || !translatesForNodesOnly);
  const hasPacketsTranslated =
    !translatesInSockets || translatesForNodesOnly || hasSctp || isOn(agent.config, 'enable-envoy-config', false);
  const isByPacket = client.is === 'pod' && hasPacketsTranslated;
  switch (type) {
    case 'ExternalIP':
      return !isByPacket && !(isInSocket && (isAtHome || agent.translatesExternalIPs));
    case 'NodePort':
      return !isInSocket && !(isByPacket && (isAtHome || isSince(agent.minor, '1.20')));
    case 'ClusterIP':
    case 'LoadBalancer':
      return !isInSocket && !isByPacket;
  }
}

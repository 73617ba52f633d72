/** Which addresses of Services Cilium translates for a client before it asks the policy of the client. */
import { isSince } from '../crd/minor';
import { isOn } from '../model/config';
import type { Service } from '../model/inventory';
import type { Agent } from './agent';
import type { Frontend } from './frontends';

/** Who opens a connection. */
export interface Client {
  readonly is: 'pod' | 'node' | 'outside';
  /** Whether the address that it connects to is one of its own node. */
  readonly isAtHome: boolean;
}

/** What decides instead where the address is not translated for the client; `undefined` where it is. */
export function untranslated({ service, type, isTranslated }: Frontend, client: Client, isOwn: boolean, agent: Agent): string | undefined {
  if (!isOwn) {
    return `what another proxy makes of service ${nameOf(service)}`;
  }
  if (!isTranslated) {
    return `what kube-proxy makes of the ${type} of service ${nameOf(service)}: \`kube-proxy-replacement\` is off`;
  }
  if (client.is === 'outside') {
    return type === 'ClusterIP' && !agent.exposesClusterIPs
      ? `whether a node passes a packet from outside on to the ClusterIP of service ${nameOf(service)}: \`bpf-lb-external-clusterip\` is off`
      : undefined;
  }
  const isElsewhere = !client.isAtHome && isMissed(type, client, agent);
  return isElsewhere ? `what the node or router that receives the packet makes of the ${type} of service ${nameOf(service)}` : undefined;
}

/**
 * An external IP is not translated where the client runs, so that nobody can take the address of others, and a node port of another node
 * is looked up there in the socket alone.
 *
 * Source: cilium `bpf/bpf_sock.c`, sock4_skip_xlate and sock4_wildcard_lookup_full; `bpf/bpf_lxc.c`, ENABLE_PER_PACKET_LB.
 */
function isMissed(type: Frontend['type'], client: Client, agent: Agent): boolean {
  const isElsewhere = !agent.translatesInSockets || agent.translatesForNodesOnly;
  const isByPacket = client.is === 'pod' && (isElsewhere || agent.hasSctp || isOn(agent.config, 'enable-envoy-config', false));
  switch (type) {
    case 'ExternalIP':
      return !isByPacket && !agent.translatesExternalIPs;
    case 'NodePort':
      // 1.19 looks it up for some modes of `bpf-lb-mode`, which are not judged.
      return client.is === 'pod' && agent.translatesForNodesOnly && !isSince(agent.minor, '1.20');
    case 'ClusterIP':
    case 'LoadBalancer':
      return false;
  }
}

function nameOf({ namespace, name }: Service): string {
  return `${namespace}/${name}`;
}

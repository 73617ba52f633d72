/** The version and configuration of an agent, as far as they change a verdict. */
import { isSince, Minor } from '../crd/minor';
import { AgentConfig, isOn } from '../model/config';
import { clusterNameOf } from '../model/scope';
import { LabelFilter, parseIdentityFilter, parseNodeFilter } from '../net/identity-labels';
import { accepted, Parsed, refused } from '../net/parsed';

export interface Agent {
  readonly minor: Minor;
  readonly config: AgentConfig;
  readonly clusterName: string;
  readonly enforcement: 'default' | 'always' | 'never';
  readonly hasHostFirewall: boolean;
  readonly hasIPv4: boolean;
  readonly hasIPv6: boolean;
  /** Whether a node may always connect to its own pods. With Kubernetes, `auto` means `always`. */
  readonly allowsLocalhost: boolean;
  /** Whether nodes are distinguished by their labels. */
  readonly hasNodeLabels: boolean;
  /** Whether CIDRs match nodes, and from 1.20 on pods, in addition to addresses outside the cluster. */
  readonly blocksMatchNodes: boolean;
  readonly blocksMatchPods: boolean;
  /** Whether Cilium translates every kind of Services, and not kube-proxy. */
  readonly replacesKubeProxy: boolean;
  /** Whether Services are translated where a program opens a connection, and whether that is so for programs of the node only. */
  readonly translatesInSockets: boolean;
  readonly translatesForNodesOnly: boolean;
  /** Whether external IPs are translated there too. */
  readonly translatesExternalIPs: boolean;
  /** Whether nodes pass packets from outside on to ClusterIPs. */
  readonly exposesClusterIPs: boolean;
  /** The name of the proxy whose Services it translates; empty for the default one. */
  readonly serviceProxy: string;
  /** Whether the cluster is one of a mesh. */
  readonly isInMesh: boolean;
  /** Whether traffic can be sent to pods on the node of the client instead. */
  readonly hasLocalRedirects: boolean;
  /** Whether packets between nodes are encapsulated. */
  readonly hasTunnel: boolean;
  /** Whether connection tracking knows SCTP, and protocols without ports such as GRE; other packets of them are dropped. */
  readonly hasSctp: boolean;
  readonly hasExtendedProtocols: boolean;
  /** Whether the ICMP message "fragmentation needed" always passes. */
  readonly passesFragmentationNeeded: boolean;
  /** Whether the agent lets pass what policy denies. */
  readonly isAuditing: boolean;
  /** Whether the agent authenticates connections where a rule requires it. */
  readonly canAuthenticate: boolean;
  /** Whether the DNS proxy asks servers with the address of the pod. */
  readonly hasTransparentDns: boolean;
  /** Whether connections can be redirected to a proxy. */
  readonly hasProxy: boolean;
  /** Whether Envoy normalises the paths of requests. */
  readonly normalizesPaths: boolean;
  readonly keepsLabel: LabelFilter;
  readonly keepsNodeLabel: LabelFilter;
}

/** The keys of `cilium-config` that change a verdict: those of an agent, of the scope of policies, and of what the agent accepts. */
export const JUDGED_KEYS: readonly string[] = [
  ...[
    'allow-localhost',
    'cluster-name',
    'enable-host-firewall',
    'enable-ipv4',
    'enable-ipv6',
    'enable-node-selector-labels',
    'enable-policy',
  ],
  ...['labels', 'node-labels', 'policy-cidr-match-mode', 'policy-default-local-cluster', 'enable-non-default-deny-policies'],
  ...['enable-envoy-config', 'enable-k8s-cluster-network-policy', 'enable-local-redirect-policy'],
  ...['enable-extended-ip-protocols', 'enable-icmp-rules', 'enable-l7-proxy', 'http-normalize-path'],
  ...['enable-cilium-clusterwide-network-policy', 'enable-cilium-network-policy', 'enable-k8s-networkpolicy'],
  ...['allow-icmp-frag-needed', 'enable-sctp', 'mesh-auth-enabled', 'policy-audit-mode', 'routing-mode'],
  ...['cluster-id', 'k8s-service-proxy-name', 'kube-proxy-replacement', 'bpf-lb-external-clusterip'],
  ...['bpf-lb-sock', 'bpf-lb-sock-hostns-only', 'disable-external-ip-mitigation', 'dnsproxy-enable-transparent-mode'],
];

/** The switches of `cilium-config` for the kinds of policies. All but the last are on by default. */
const KIND_SWITCHES: Readonly<Record<string, string>> = {
  NetworkPolicy: 'enable-k8s-networkpolicy',
  CiliumNetworkPolicy: 'enable-cilium-network-policy',
  CiliumClusterwideNetworkPolicy: 'enable-cilium-clusterwide-network-policy',
  ClusterNetworkPolicy: 'enable-k8s-cluster-network-policy',
};

/** The switch that turns a kind of policies off; `undefined` if the agent takes the kind. */
export function switchedOffBy(kind: string, { config }: Agent): string | undefined {
  const key = KIND_SWITCHES[kind] as string | undefined;
  return key === undefined || isOn(config, key, kind !== 'ClusterNetworkPolicy' || isAssumed(config)) ? undefined : key;
}

/** Without any configuration, whoever has a ClusterNetworkPolicy is taken to have switched it on. */
export function isAssumed(config: AgentConfig): boolean {
  return Object.keys(config).length === 0;
}

/** Reads a configuration. Rejects one that the agent would not start with. */
export function agentOf(minor: Minor, config: AgentConfig): Parsed<Agent> {
  const [identities, nodes] = [parseIdentityFilter(words(config.labels)), parseNodeFilter(words(config['node-labels']))];
  if (!identities.ok) {
    return identities;
  }
  if (!nodes.ok) {
    return nodes;
  }
  const modes = words(config['policy-cidr-match-mode']?.replaceAll(',', ' '));
  const known = isSince(minor, '1.20') ? ['nodes', 'pods'] : ['nodes'];
  const unknown = modes.find((mode) => !known.includes(mode));
  if (unknown !== undefined) {
    return refused(
      `unknown policy-cidr-match-mode \`${unknown}\` in Cilium ${minor}`,
      `write ${known.map((mode) => `\`${mode}\``).join(' or ')}`,
    );
  }
  // Cilium converts it to lower case: `pkg/option/config.go`, Populate.
  const enforcement = (config['enable-policy'] || 'default').toLowerCase();
  if (enforcement !== 'default' && enforcement !== 'always' && enforcement !== 'never') {
    return refused(`unknown enable-policy \`${enforcement}\``, 'write `default`, `always` or `never`');
  }
  return accepted({
    minor,
    config,
    clusterName: clusterNameOf(config),
    enforcement,
    hasHostFirewall: isOn(config, 'enable-host-firewall', false),
    hasIPv4: isOn(config, 'enable-ipv4', true),
    hasIPv6: isOn(config, 'enable-ipv6', false),
    // Any other value means `policy`: `pkg/option/config.go`, AlwaysAllowLocalhost.
    allowsLocalhost: ['auto', 'always'].includes(config['allow-localhost'] ?? 'auto'),
    hasNodeLabels: isOn(config, 'enable-node-selector-labels', false),
    blocksMatchNodes: modes.includes('nodes'),
    blocksMatchPods: modes.includes('pods'),
    replacesKubeProxy: isOn(config, 'kube-proxy-replacement', false),
    translatesInSockets: isOn(config, 'kube-proxy-replacement', false) || isOn(config, 'bpf-lb-sock', false),
    translatesForNodesOnly: isOn(config, 'bpf-lb-sock-hostns-only', false),
    translatesExternalIPs: isOn(config, 'disable-external-ip-mitigation', false),
    exposesClusterIPs: isOn(config, 'bpf-lb-external-clusterip', false),
    serviceProxy: config['k8s-service-proxy-name'] ?? '',
    isInMesh: !['', '0'].includes(config['cluster-id'] ?? ''),
    hasLocalRedirects: isOn(config, 'enable-local-redirect-policy', false),
    hasTunnel: config['routing-mode'] !== 'native',
    hasSctp: isOn(config, 'enable-sctp', false),
    hasExtendedProtocols: isSince(minor, '1.19') && isOn(config, 'enable-extended-ip-protocols', false),
    passesFragmentationNeeded: isOn(config, 'allow-icmp-frag-needed', true),
    isAuditing: isOn(config, 'policy-audit-mode', false),
    // The default of the Helm chart changed in 1.19.
    canAuthenticate: isOn(config, 'mesh-auth-enabled', !isSince(minor, '1.19')),
    hasTransparentDns: isOn(config, 'dnsproxy-enable-transparent-mode', true),
    hasProxy: isOn(config, 'enable-l7-proxy', true),
    normalizesPaths: isOn(config, 'http-normalize-path', true),
    keepsLabel: identities.value,
    keepsNodeLabel: nodes.value,
  });
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

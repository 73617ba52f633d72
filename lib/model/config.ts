/**
 * Keys of Cilium's `cilium-config`, with values as strings, as in the ConfigMap.
 *
 * An absent key has the default of Cilium's Helm chart.
 */
export type AgentConfig = Readonly<Record<string, string>>;

/** Whether a switch is on. Whoever reads a configuration refuses a switch that is neither on nor off. */
export function isOn(config: AgentConfig, key: string, otherwise: boolean): boolean {
  return Object.hasOwn(config, key) ? ON.includes(config[key]) : otherwise;
}

/** Whether Go's `strconv.ParseBool` reads a text. */
export function isBoolean(text: string): boolean {
  return ON.includes(text) || OFF.includes(text);
}

const ON = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const OFF = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/**
 * The switches that change an answer.
 *
 * The agent does not start with a value that is no boolean, also with an empty one. Source: cilium `pkg/option/config.go`, validateConfigMap.
 */
export const SWITCHES: readonly string[] = [
  ...['allow-icmp-frag-needed', 'enable-cilium-clusterwide-network-policy', 'enable-cilium-network-policy', 'enable-envoy-config'],
  ...['enable-extended-ip-protocols', 'enable-host-firewall', 'enable-icmp-rules', 'enable-ipv4', 'enable-ipv6'],
  ...['enable-k8s-cluster-network-policy', 'enable-k8s-networkpolicy', 'enable-l7-proxy', 'enable-local-redirect-policy'],
  ...['enable-node-selector-labels', 'enable-non-default-deny-policies', 'enable-sctp', 'http-normalize-path', 'kube-proxy-replacement'],
  ...['mesh-auth-enabled', 'policy-audit-mode', 'policy-default-local-cluster', 'bpf-lb-external-clusterip', 'bpf-lb-sock'],
  ...['bpf-lb-sock-hostns-only', 'disable-external-ip-mitigation', 'dnsproxy-enable-transparent-mode'],
];

/** What a user must know of a configuration before relying on an answer. */
export interface ConfigProblem {
  readonly is: 'unknown-key' | 'not-judged';
  /** Where the name is written: in `cilium-config`, or in the values of the chart. */
  readonly of: 'key' | 'value';
  /** The name; `undefined` if it must not be quoted, and then the place says which one it is. */
  readonly name?: string;
  /** For example `cilium-config.yaml:3:5`. */
  readonly place?: string;
  /** The minors that have no such name, oldest first. */
  readonly lacking: readonly string[];
  /** The minors that have it. */
  readonly knownIn: readonly string[];
  /** The name that was most likely meant. */
  readonly guess?: string;
  /** How many more there are like the last one. */
  readonly more?: number;
}

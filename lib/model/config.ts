/**
 * Keys of Cilium's `cilium-config`, with values as strings, as in the ConfigMap.
 *
 * An absent key has the default of Cilium's Helm chart.
 */
export type AgentConfig = Readonly<Record<string, string>>;

/** Whether a switch is on. The values that Go's `strconv.ParseBool` reads as true are on, and all others are off. */
export function isOn(config: AgentConfig, key: string, otherwise: boolean): boolean {
  return Object.hasOwn(config, key) ? ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(config[key]) : otherwise;
}

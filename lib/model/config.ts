/**
 * The keys of Cilium's `cilium-config` that change an answer, as text, as in the ConfigMap.
 *
 * A key that is absent has the default of Cilium's Helm chart.
 */
export type AgentConfig = Readonly<Record<string, string>>;

/** What a switch is set to: what Go's `strconv.ParseBool` takes for true is on, all else is off. */
export function isOn(config: AgentConfig, key: string, otherwise: boolean): boolean {
  return Object.hasOwn(config, key) ? ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(config[key]) : otherwise;
}

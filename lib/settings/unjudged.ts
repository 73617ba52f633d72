/** Keys of `cilium-config` that change answers and are not judged: a warning names those with another value than the default. */
import type { Minor } from '../crd/minor';
import { optionsOf } from '../crd/options';
import { AgentConfig, ConfigProblem, isBoolean, isOn } from '../model/config';
import type { Configs } from './config';

/** Keys that change answers and are not judged, with the values that change nothing. */
const UNJUDGED: readonly { readonly key: string; readonly unless: (value: string, config: AgentConfig) => boolean }[] = [
  // Filters of labels in a file of the node, policies in files of the node, labels that stand for identities, and addresses of nodes that are not theirs.
  ...['label-prefix-file', 'static-cnp-path', 'fixed-identity-mapping', 'exclude-local-address'].map((key) => ({ key, unless: isEmpty })),
  // Packets that are dropped beside policy, or that policy does not see as they are sent.
  ...['enable-encryption-strict-mode', 'enable-encryption-strict-mode-egress', 'enable-encryption-strict-mode-ingress'].map(unlessOff),
  ...['enable-xdp-prefilter', 'enable-ztunnel'].map(unlessOff),
  // Who the sender is for the receiver.
  { key: 'proxy-use-original-source-address', unless: (value) => value !== 'false' },
  unlessOff('enable-remote-node-masquerade'),
  // In 1.18, kinds of Services beside kube-proxy.
  ...['enable-node-port', 'enable-external-ips', 'enable-host-port'].map((key) => ({
    key,
    unless: (value: string, config: AgentConfig) => isEmpty(value) || isOff(value) || isOn(config, 'kube-proxy-replacement', false),
  })),
];

function isEmpty(value: string): boolean {
  return value === '';
}

function isOff(value: string): boolean {
  return isBoolean(value) && !isOn({ value }, 'value', false);
}

function unlessOff(key: string): { readonly key: string; readonly unless: (value: string) => boolean } {
  return { key, unless: isOff };
}

/** The keys that are not judged although they change answers. */
export const UNJUDGED_KEYS: readonly string[] = UNJUDGED.map(({ key }) => key);

/** The keys of a configuration that are not judged, and not as the chart has them. */
export function unjudgedKeys(configs: Configs, minors: readonly Minor[]): readonly ConfigProblem[] {
  return UNJUDGED.flatMap(({ key, unless }) => {
    const changing = minors.filter((minor) => {
      const value = (configs[minor] as Readonly<Record<string, string | undefined>>)[key];
      return optionsOf(minor).has(key) && value !== undefined && !unless(value, configs[minor]);
    });
    return changing.length === 0 ? [] : { is: 'not-judged', of: 'key', name: key, lacking: [], knownIn: changing };
  });
}

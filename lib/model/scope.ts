/** What a policy is read with: how Cilium scopes it to its namespace and cluster depends on it. */
import { isSince, Minor } from '../crd/minor';
import { AgentConfig, isOn } from './config';

export interface Scope {
  readonly minor: Minor;
  /** Of the policy; empty for a clusterwide one. */
  readonly namespace: string;
  /** The local cluster. */
  readonly clusterName: string;
  /** Whether peers are of the local cluster unless they say otherwise. */
  readonly pinsCluster: boolean;
  /** Whether a policy may say that it does not isolate. */
  readonly hasNonDefaultDeny: boolean;
}

export function scopeOf(namespace: string, minor: Minor, config: AgentConfig): Scope {
  return {
    minor,
    namespace,
    clusterName: clusterNameOf(config),
    pinsCluster: isOn(config, 'policy-default-local-cluster', isSince(minor, '1.19')),
    hasNonDefaultDeny: isOn(config, 'enable-non-default-deny-policies', true),
  };
}

export function clusterNameOf(config: AgentConfig): string {
  return (Object.hasOwn(config, 'cluster-name') && config['cluster-name']) || 'default';
}

/** The context in which a policy is read. It determines how Cilium scopes the policy to its namespace and cluster. */
import { isSince, Minor } from '../crd/minor';
import { AgentConfig, isOn } from './config';

export interface Scope {
  readonly minor: Minor;
  /** The namespace of the policy; empty for a clusterwide policy. */
  readonly namespace: string;
  /** The name of the local cluster. */
  readonly clusterName: string;
  /** Whether peers are limited to the local cluster, unless they name a cluster. */
  readonly pinsCluster: boolean;
  /** Whether a policy can turn its default deny off. */
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

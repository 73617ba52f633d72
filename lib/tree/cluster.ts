/** What an app says of its cluster. The app is recognized by its members, so that this file does not load cdk8s. */
import type { IConstruct } from 'constructs';

/** The settings that an app can say of its cluster. */
interface ClusterSettings {
  readonly cilium?: unknown;
  readonly config?: unknown;
}

/** The settings, with those of the construct's app where there are none, if the app is a `Cluster`. They win over the settings file. */
export function withCluster<T extends ClusterSettings>({ node }: IConstruct, settings: T): T & ClusterSettings {
  const { _isCluster, cilium, config } = node.root as ClusterSettings & { readonly _isCluster?: boolean };
  return _isCluster === true ? { ...settings, cilium: settings.cilium ?? cilium, config: settings.config ?? config } : settings;
}

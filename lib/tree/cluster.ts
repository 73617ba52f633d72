/** What an app says of its cluster. The app is recognized by its members, so that this file does not load cdk8s. */
import type { IConstruct } from 'constructs';

/** Answers about the cluster that its own program gives; they are weaker than options, and stronger than the settings file. */
export interface ClusterAnswers {
  readonly cilium?: unknown;
  readonly config?: unknown;
}

/** The answers of the construct's app, if it is a `Cluster`. */
export function clusterAnswers({ node }: IConstruct): ClusterAnswers {
  const { _isCluster, cilium, config } = node.root as ClusterAnswers & { readonly _isCluster?: boolean };
  return _isCluster === true ? { cilium, config } : {};
}

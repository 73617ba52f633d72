/** What programs leave for the tools that look at them or at what they wrote. */

/** The file that a `Cluster` writes beside its manifests. It has no ending that kubectl, Argo CD or Flux would read. */
export const CLUSTER_FILE = '.cilium-cluster';

/** The metadata of a construct that holds a warning. */
export const WARNING = 'cdk8s-cilium:warning';

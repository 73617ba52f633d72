/**
 * Which labels of a pod or node become part of its identity, by Cilium's default filter. Only those can be selected.
 *
 * Source: cilium `pkg/labelsfilter/filter.go`, `defaultLabelPrefixCfg` and `filterLabels`; the same in 1.18, 1.19 and 1.20.
 */

/** Whether a Kubernetes label (its key, without a source) survives the default filter. */
export function isIdentityRelevant(key: string): boolean {
  const excluded = EXCLUDED.flatMap((pattern) => matchedLength(pattern, key));
  const included = INCLUDED.flatMap((pattern) => matchedLength(pattern, key));
  return excluded.length === 0 || Math.max(0, ...included) > Math.min(...excluded);
}

/** Kept although an exclusion matches, since they match more of the key. */
const INCLUDED = [
  /^io\.kubernetes\.pod\.namespace/,
  /^io\.cilium\.k8s\.namespace\.labels/,
  /^app\.kubernetes\.io/,
  /^io\.cilium\.k8s\.policy\.cluster/,
  /^io\.cilium\.k8s\.policy\.serviceaccount/,
];

const EXCLUDED = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/job-completion-index/,
  /^batch\.kubernetes\.io\/controller-uid/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^controller-uid/,
  /^annotation.*/,
  /^etcd_node/,
  /^topology\.kubernetes\.io/,
];

function matchedLength(pattern: RegExp, key: string): number[] {
  const match = pattern.exec(key);
  return match === null ? [] : [match[0].length];
}

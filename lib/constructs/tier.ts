/** Where a ClusterNetworkPolicy is judged: before or after all NetworkPolicies, CiliumNetworkPolicies and CiliumClusterwideNetworkPolicies. */
export enum Tier {
  /** Before them. What it accepts or denies, no other kind of policy can change. */
  ADMIN = 'Admin',
  /** After them. It decides only about connections that none of them allows or denies. */
  BASELINE = 'Baseline',
}

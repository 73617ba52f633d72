/** The CIDRs of rules, as they are written. */
import { below, PathLink } from '../../model/path';
import type { NetworkRulePart, RulePart, TierRulePart, WrittenPolicy } from '../../model/written';

export interface WrittenBlock {
  readonly text: string;
  readonly at: PathLink;
}

/** Those of a rule of a Cilium policy. */
export function blocksOf({ cidrs = [], cidrRules = [] }: RulePart): readonly WrittenBlock[] {
  return [...cidrs, ...cidrRules.map(({ cidr, at }) => ({ text: cidr, at: below(at, 'cidr') }))];
}

/** Those of a rule of a NetworkPolicy. */
export function ipBlocksOf({ peers }: NetworkRulePart): readonly WrittenBlock[] {
  return peers.flatMap(({ block }) => (block === undefined ? [] : [{ text: block.cidr, at: below(block.at, 'cidr') }]));
}

/** Those of a rule of a ClusterNetworkPolicy. */
export function networksOf({ peers }: TierRulePart): readonly WrittenBlock[] {
  return peers.flatMap(({ networks = [] }) => networks);
}

/** Whether a rule of the policy has the entity: then the address is written beside it for other agents. */
export function reachesApiServer({ specs }: WrittenPolicy): boolean {
  const allows = specs.flatMap(({ rules }) => rules).filter(({ section }) => section === 'egress');
  return allows.some(({ entities = [] }) => entities.some(({ text }) => WITH_API_SERVER.includes(text)));
}

const WITH_API_SERVER = ['kube-apiserver', 'all'];

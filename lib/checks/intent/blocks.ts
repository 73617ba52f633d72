/** The CIDRs of rules, as they are written. */
import { below, PathLink } from '../../model/path';
import type {
  NetworkRulePart,
  PortPart,
  RulePart,
  TierRulePart,
  WrittenNetworkPolicy,
  WrittenPolicy,
  WrittenTierPolicy,
} from '../../model/written';

/** The CIDRs of a rule for egress, with its ports. */
export interface EgressBlocks {
  readonly blocks: readonly WrittenBlock[];
  readonly ports: readonly PortPart[];
  readonly isDeny: boolean;
}

export interface WrittenBlock {
  readonly text: string;
  readonly at: PathLink;
}

export function ciliumEgress({ specs }: WrittenPolicy): readonly EgressBlocks[] {
  const rules = specs.flatMap((spec) => spec.rules).filter(({ isIngress }) => !isIngress);
  return rules.map((rule) => ({ blocks: blocksOf(rule), ports: rule.portRules.flatMap(({ ports }) => ports), isDeny: rule.isDeny }));
}

export function kubernetesEgress({ rules }: WrittenNetworkPolicy): readonly EgressBlocks[] {
  const egress = rules.filter(({ isIngress }) => !isIngress);
  return egress.map((rule) => ({ blocks: ipBlocksOf(rule), ports: rule.ports, isDeny: false }));
}

/** What a rule denies or passes on is looked at, too. */
export function tierEgress({ rules }: WrittenTierPolicy): readonly EgressBlocks[] {
  const egress = rules.filter(({ isIngress }) => !isIngress);
  return egress.map((rule) => ({ blocks: networksOf(rule), ports: rule.protocols, isDeny: false }));
}

function blocksOf({ cidrs = [], cidrRules = [] }: RulePart): readonly WrittenBlock[] {
  return [...cidrs, ...cidrRules.map(({ cidr, at }) => ({ text: cidr, at: below(at, 'cidr') }))];
}

function ipBlocksOf({ peers }: NetworkRulePart): readonly WrittenBlock[] {
  return peers.flatMap(({ block }) => (block === undefined ? [] : [{ text: block.cidr, at: below(block.at, 'cidr') }]));
}

function networksOf({ peers }: TierRulePart): readonly WrittenBlock[] {
  return peers.flatMap(({ networks = [] }) => networks);
}

/** Whether a rule of the policy has the entity: then the address is written beside it for other agents. */
export function reachesApiServer({ specs }: WrittenPolicy): boolean {
  const allows = specs.flatMap(({ rules }) => rules).filter(({ section }) => section === 'egress');
  return allows.some(({ entities = [] }) => entities.some(({ text }) => WITH_API_SERVER.includes(text)));
}

const WITH_API_SERVER = ['kube-apiserver', 'all'];

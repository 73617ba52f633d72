/** What intents have in common that can be written as a ClusterNetworkPolicy. */
import type { ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { fail } from '../../../props/errors';
import { memberOf, number, Shape } from '../../../props/shape';
import { ClusterNetworkPolicy } from '../../cluster-network-policy';
import { EgressPeer } from '../../peer';
import { Selector } from '../../selector';
import { Tier } from '../../tier';
import { EgressTraffic } from '../../traffic';

/** The properties of such an intent, as far as they matter here. */
export interface TieredProps {
  readonly metadata?: ApiObjectMetadata;
  readonly description?: string;
  readonly observe?: boolean;
  readonly labels?: unknown;
  readonly log?: string;
  readonly tier?: Tier;
  readonly priority?: number;
}

/** Their types, beside those of every intent. */
export const TIERED: Shape<Pick<TieredProps, 'tier' | 'priority'>> = {
  tier: { optional: memberOf(Tier) },
  priority: { optional: number },
};

/** The tier that an intent is for. */
export interface TierOf {
  readonly tier: Tier;
  /** Why it is not for the other. */
  readonly why: string;
  /** The priority, unless the properties give one. */
  readonly priority: number;
  /** What opens something: Pass leaves it to other policies. */
  readonly opens: 'Accept' | 'Pass';
}

/** An intent as a ClusterNetworkPolicy. */
export class Tiered {
  /** Returns nothing if the properties ask for no tier. */
  public static of(intent: Construct, props: TieredProps, of: TierOf, subject: () => Selector): Tiered | undefined {
    const { tier, metadata, description, priority } = props;
    if (tier === undefined) {
      if (priority !== undefined) {
        fail('priority is given without a tier', `write tier: Tier.${keyOf(of.tier)} too, or leave priority out`, intent);
      }
      return undefined;
    }
    if (tier !== of.tier) {
      fail(`the intent cannot be in the tier \`${tier}\`, ${of.why}`, `write Tier.${keyOf(of.tier)}, or leave tier out`, intent);
    }
    const other = (['observe', 'labels', 'log'] as const).find((one) => props[one] !== undefined);
    if (other !== undefined) {
      fail(`${other} is given beside tier, and a ClusterNetworkPolicy has no such thing`, 'leave one of them out', intent);
    }
    const head = { tier, priority: priority ?? of.priority, description, metadata };
    const policy = new ClusterNetworkPolicy(intent, 'Policy', { ...head, subject: subject() });
    return new Tiered(policy, of.opens);
  }

  private constructor(
    public readonly policy: ClusterNetworkPolicy,
    private readonly opens: 'Accept' | 'Pass',
  ) {}

  /** Opens something that the intent closes last. */
  public open(direction: 'ingress' | 'egress', peer: EgressPeer, traffic: readonly EgressTraffic[] = []): void {
    this.policy._add(direction, this.opens, peer, traffic, 'middle');
  }

  /** Denies something whatever the intent opens. */
  public deny(direction: 'ingress' | 'egress', peer: EgressPeer, traffic: readonly EgressTraffic[] = []): void {
    this.policy._add(direction, 'Deny', peer, traffic, 'first');
  }

  /** Denies what the intent does not open. */
  public close(direction: 'ingress' | 'egress', peer: EgressPeer): void {
    this.policy._add(direction, 'Deny', peer, [], 'last');
  }
}

/** Returns the policy of an intent that has no tier; throws, with where the other policy is, if it has one. */
export function policyOf<T>(policy: T | undefined, intent: Construct): T {
  return policy ?? fail('the intent is written as a ClusterNetworkPolicy', 'write tierPolicy in place of policy', intent);
}

function keyOf(tier: Tier): string {
  return tier.toUpperCase();
}

import { ApiObjectMetadata } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { mustBeConstruct } from '../../props/errors';
import { CiliumPolicy } from '../policy';
import { RuleLabel } from '../policy-spec';
import type { Tiered } from './private/tiered';

/** Properties of every intent. */
export interface IntentProps {
  /**
   * Name, namespace, labels and annotations of the policy.
   *
   * @default - named after the construct's path; a namespaced policy is in the chart's namespace
   */
  readonly metadata?: ApiObjectMetadata;
  /**
   * What the policy is for, in its owner's words.
   *
   * @default - no description
   */
  readonly description?: string;
  /**
   * Whether the policy only observes: it is rendered without closing anything, as the first step of a safe rollout.
   *
   * DNS is redirected, so that names are visible in Hubble. The allow rules of the intent take effect: if another policy already isolates the
   * subject, they open flows. Unlike Cilium's audit mode, it does not show what would be dropped. Deny rules would still deny, so `denyTo` and
   * `denyFrom` throw, on the policy itself too.
   *
   * @default false
   */
  readonly observe?: boolean;
  /**
   * Labels of the rules, for Cilium's tools.
   *
   * @default - only the labels that Cilium derives from the policy's name
   */
  readonly labels?: RuleLabel[];
  /**
   * A string that Hubble shows with every flow that the rules match, with up to 32 printable characters.
   *
   * @default - Hubble shows no string
   */
  readonly log?: string;
}

/** What a team wants, as a construct that makes one policy. */
export abstract class Intent extends Construct {
  /**
   * Returns the intents in a construct and its descendants.
   *
   * @param scope the app, a chart or a construct
   */
  public static allIn(scope: IConstruct): Intent[] {
    mustBeConstruct('scope', scope);
    return scope.node.findAll().filter((one): one is Intent => one instanceof Intent);
  }

  /** The policy of this intent. Throws for an intent that is written in a tier: it has a ClusterNetworkPolicy in place of this policy. */
  public abstract readonly policy: CiliumPolicy;

  /**
   * The intent as a ClusterNetworkPolicy, if it is one.
   *
   * @internal
   */
  public readonly _tiered?: Tiered;
}

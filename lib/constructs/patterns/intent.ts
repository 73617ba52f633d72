import { ApiObjectMetadata } from 'cdk8s';

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
}

/** Properties of an intent that can be rolled out in two steps. */
export interface ObservableIntentProps extends IntentProps {
  /**
   * Whether the policy only observes: it is rendered without closing anything, as the first step of a safe rollout.
   *
   * DNS is redirected, so that names are visible in Hubble. The allow rules of the intent take effect: if another policy already isolates the
   * subject, they open flows. Unlike Cilium's audit mode, it does not show what would be dropped. Deny rules would still deny, so `denyTo` and
   * `denyFrom` throw.
   *
   * @default false
   */
  readonly observe?: boolean;
}

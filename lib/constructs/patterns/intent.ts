import { ApiObjectMetadata } from 'cdk8s';

/** What every intent may be given. */
export interface IntentProps {
  /**
   * Name, namespace, labels and annotations of the policy.
   *
   * @default - named after the construct's path; a namespaced policy is in the chart's namespace
   */
  readonly metadata?: ApiObjectMetadata;
  /**
   * What the policy is for, in the words of whoever owns it.
   *
   * @default - none
   */
  readonly description?: string;
}

/** What an intent may be given that can be rolled out in two steps. */
export interface ObservableIntentProps extends IntentProps {
  /**
   * Render the same policy without closing anything: the first step of a safe rollout.
   *
   * DNS is redirected, so that names are seen, and the intent's allows are added; where another policy already isolates the subject, these
   * allows open flows. Would-be drops are not shown, as Cilium's audit mode does. Denies would still deny, so `denyTo` and `denyFrom` throw.
   *
   * @default false
   */
  readonly observe?: boolean;
}

/** The annotation that suppresses findings of an object; see docs/concepts/checking.md. */
export const ALLOW_ANNOTATION = 'cdk8s-cilium/allow';

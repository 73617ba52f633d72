import { IConstruct } from 'constructs';
import { PolicyGuardOptions } from './policy-guard-options';

/**
 * Fails the synthesis if policies lose a property that must always hold: for every pod that there is or could be and, where a property says so,
 * whatever somebody adds to his namespaces.
 *
 * The policies below the construct are all that counts, so guard the app, or give the other policies with it.
 */
export class PolicyGuard {
  /**
   * Proves the properties whenever the construct is synthesized. One that fails or is unknown fails the synthesis, with a flow that is against it.
   *
   * Throws if an option or a property is unknown or malformed.
   *
   * @param scope the app, a chart or a construct
   * @param options the properties, the minor, `cilium-config` and an inventory
   *
   * @example
   *
   * const closed = { 'default-denied': { of: { namespace: 'shop' }, direction: 'egress' } };
   * PolicyGuard.addTo(app, { properties: { properties: [closed] } });
   */
  public static addTo(scope: IConstruct, options: PolicyGuardOptions): void {
    const validate = load().makeGuard(scope, options);
    scope.node.addValidation({ validate });
  }

  /**
   * Returns a proof for each property, in the JSON format of `cdk8s-cilium prove -o json`.
   *
   * Throws if an option or a property is unknown or malformed.
   *
   * @param scope the app, a chart or a construct
   * @param options the properties, the minor, `cilium-config` and an inventory
   */
  public static proofs(scope: IConstruct, options: PolicyGuardOptions): unknown[] {
    return [...load().proofsBelow(scope, options)];
  }

  private constructor() {}
}

function load(): typeof import('./private/proving') {
  // Loaded on demand, so that a synthesis without proofs stays fast.
  return require('./private/proving') as typeof import('./private/proving');
}

import { TrafficPart } from './private/parts';
import { Traffic } from './traffic';

/**
 * Whether both sides of a connection must have authenticated each other. Passed as traffic to `allowFrom` or `allowTo`; it does not limit
 * the ports of the rule.
 *
 * Mutual authentication is deprecated since Cilium 1.20. Source: cilium `pkg/auth/cell.go`.
 */
export class Authentication extends Traffic {
  /** Drops connections that are not authenticated. */
  public static required(): Authentication {
    return new Authentication('required');
  }

  /** Drops every connection, to test how a failed authentication looks. */
  public static alwaysFail(): Authentication {
    return new Authentication('test-always-fail');
  }

  /** Requires no authentication, even if a broader rule does. */
  public static disabled(): Authentication {
    return new Authentication('disabled');
  }

  private constructor(private readonly mode: string) {
    super();
  }

  /** @internal */
  public _parts(): TrafficPart[] {
    return [{ is: 'authentication', mode: this.mode }];
  }
}

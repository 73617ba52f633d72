import { TrafficPart } from './private/parts';
import { Traffic } from './traffic';

/**
 * Whether both sides of a connection must have authenticated each other. Given among the traffic of `allowFrom` or `allowTo`; it does not
 * limit which ports the rule is about.
 *
 * Mutual authentication is deprecated since Cilium 1.20. Source: cilium `pkg/auth/cell.go`.
 */
export class Authentication extends Traffic {
  /** Drop what is not authenticated. */
  public static required(): Authentication {
    return new Authentication('required');
  }

  /** Drop everything: for trying out how a failure looks. */
  public static alwaysFail(): Authentication {
    return new Authentication('test-always-fail');
  }

  /** Ask for none, although a wider rule does. */
  public static disabled(): Authentication {
    return new Authentication('disabled');
  }

  private constructor(private readonly mode: string) {
    super();
  }

  /** @internal */
  public _part(): TrafficPart {
    return { is: 'authentication', mode: this.mode };
  }
}

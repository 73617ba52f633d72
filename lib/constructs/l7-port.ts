import { PortProtocol } from './private/manifest';
import { TrafficPart } from './private/parts';
import { merge, Refinement, renderServerNames } from './private/refinement';
import { renderTlsContext } from './private/tls-context';
import { TlsContext } from './tls-context';
import { Traffic } from './traffic';

/** A port of which Cilium's proxy judges the connections: their requests, their server names, or both. */
export class L7Port extends Traffic {
  /** @internal */
  public static _of(port: PortProtocol, refinement: Refinement): L7Port {
    return new L7Port(port, refinement);
  }

  private constructor(
    private readonly port: PortProtocol,
    private readonly refinement: Refinement,
  ) {
    super();
  }

  /**
   * Only TLS connections that ask for one of these server names (SNI).
   *
   * On HTTP requests this also needs `terminatingTls`.
   *
   * @param names at least one: a name, or a pattern with `*`. Up to Cilium 1.19 only `*.` or `**.` in front; since 1.20 anywhere.
   */
  public serverNames(...names: string[]): L7Port {
    return this.with({ serverNames: renderServerNames(names) });
  }

  /**
   * TLS ends at Cilium's proxy, which holds these keys, so that it can see the requests.
   *
   * @param context keys that the client sees
   */
  public terminatingTls(context: TlsContext): L7Port {
    return this.with({ terminatingTLS: renderTlsContext(context) });
  }

  /**
   * Cilium's proxy opens a TLS connection to the destination.
   *
   * @param context what the destination is checked with
   */
  public originatingTls(context: TlsContext): L7Port {
    return this.with({ originatingTLS: renderTlsContext(context) });
  }

  /** @internal */
  public _part(): TrafficPart {
    return { is: 'port-rule', rule: { ports: [this.port], ...this.refinement } };
  }

  private with(more: Refinement): L7Port {
    return new L7Port(this.port, merge(this.refinement, more));
  }
}

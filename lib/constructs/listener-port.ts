import { EnvoyListener } from './envoy-listener';
import { renderEnvoyListener } from './private/envoy-listener';
import { PortProtocol } from './private/manifest';
import { TrafficPart } from './private/parts';
import { merge, Refinement, renderServerNames } from './private/refinement';
import { renderTlsContext } from './private/tls-context';
import { TlsContext } from './tls-context';
import { EgressTraffic } from './traffic';

/** A port of which connections are redirected to an Envoy listener. Only when the subject opens them. */
export class ListenerPort extends EgressTraffic {
  /** @internal */
  public static _of(port: PortProtocol, listener: EnvoyListener): ListenerPort {
    return new ListenerPort(port, { listener: renderEnvoyListener(listener) }, listener.kind);
  }

  private constructor(
    private readonly port: PortProtocol,
    private readonly refinement: Refinement,
    private readonly kind?: string,
  ) {
    super();
  }

  /**
   * Only TLS connections that ask for one of these server names (SNI).
   *
   * @param names at least one: a name, or a pattern with `*`
   */
  public serverNames(...names: string[]): ListenerPort {
    return this.with({ serverNames: renderServerNames(names) });
  }

  /**
   * TLS ends at the listener, with these keys.
   *
   * @param context keys that the client sees
   */
  public terminatingTls(context: TlsContext): ListenerPort {
    return this.with({ terminatingTLS: renderTlsContext(context) });
  }

  /**
   * The listener opens a TLS connection to the destination.
   *
   * @param context what the destination is checked with
   */
  public originatingTls(context: TlsContext): ListenerPort {
    return this.with({ originatingTLS: renderTlsContext(context) });
  }

  /** @internal */
  public _part(): TrafficPart {
    return { is: 'port-rule', rule: { ports: [this.port], ...this.refinement }, listenerKind: this.kind };
  }

  private with(more: Refinement): ListenerPort {
    return new ListenerPort(this.port, merge(this.refinement, more), this.kind);
  }
}

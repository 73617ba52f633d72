import { PortProtocol } from './private/manifest';
import { TrafficPart } from './private/parts';
import { merge, Refinement, renderServerNames } from './private/refinement';
import { renderTlsContext } from './render/tls-context';
import { TlsContext } from './tls-context';
import { Traffic } from './traffic';

/** A port whose connections Cilium's proxy checks: their requests, their server names, or both. */
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
   * Allows only TLS connections with one of these server names (SNI).
   *
   * Together with HTTP rules, this needs `terminatingTls`. For other rules of the same port, see `TcpPort.serverNames`.
   *
   * @param names at least one name, or pattern with `*`. Up to Cilium 1.19, only `*.` or `**.` at the beginning; since 1.20, `*` anywhere.
   */
  public serverNames(...names: string[]): L7Port {
    return this.with({ serverNames: renderServerNames(names) });
  }

  /**
   * Terminates TLS at Cilium's proxy with this key and certificate, so that the proxy can read the requests.
   *
   * @param context the certificate that is presented to the client, with its key
   */
  public terminatingTls(context: TlsContext): L7Port {
    return this.with({ terminatingTLS: renderTlsContext(context) });
  }

  /**
   * Makes Cilium's proxy open a TLS connection to the destination.
   *
   * @param context the CA that the destination's certificate is checked against
   */
  public originatingTls(context: TlsContext): L7Port {
    return this.with({ originatingTLS: renderTlsContext(context) });
  }

  /** @internal */
  public _parts(): TrafficPart[] {
    return [{ is: 'port-rule', rule: { ports: [this.port], ...this.refinement } }];
  }

  private with(more: Refinement): L7Port {
    return new L7Port(this.port, merge(this.refinement, more));
  }
}

import { fail } from '../props/errors';
import { memberOf, mustFit, number, Shape, text } from '../props/shape';
import { EnvoyConfigKind, EnvoyListener } from './envoy-listener';
import { PortProtocol } from './private/manifest';
import { TrafficPart } from './private/parts';
import { merge, Refinement, renderServerNames } from './private/refinement';
import { renderTlsContext } from './render/tls-context';
import { TlsContext } from './tls-context';
import { EgressTraffic } from './traffic';

/** A port whose connections are redirected to an Envoy listener. Only for egress. */
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
   * Allows only TLS connections with one of these server names (SNI).
   *
   * @param names at least one name, or pattern with `*`
   */
  public serverNames(...names: string[]): ListenerPort {
    return this.with({ serverNames: renderServerNames(names) });
  }

  /**
   * Terminates TLS at the listener, with this key and certificate.
   *
   * @param context the certificate that is presented to the client, with its key
   */
  public terminatingTls(context: TlsContext): ListenerPort {
    return this.with({ terminatingTLS: renderTlsContext(context) });
  }

  /**
   * Makes the listener open a TLS connection to the destination.
   *
   * @param context the CA that the destination's certificate is checked against
   */
  public originatingTls(context: TlsContext): ListenerPort {
    return this.with({ originatingTLS: renderTlsContext(context) });
  }

  /** @internal */
  public _parts(): TrafficPart[] {
    return [{ is: 'port-rule', rule: { ports: [this.port], ...this.refinement }, listenerKind: this.kind }];
  }

  private with(more: Refinement): ListenerPort {
    return new ListenerPort(this.port, merge(this.refinement, more), this.kind);
  }
}

const LISTENER: Shape<EnvoyListener> = {
  name: text,
  envoyConfig: text,
  kind: { optional: (value) => memberOf(EnvoyConfigKind)(value, 'kind of Envoy configuration') },
  priority: { optional: number },
};

/** Renders the listener as the CRD spells it. */
function renderEnvoyListener(listener: EnvoyListener): object {
  mustFit('EnvoyListener', LISTENER, listener);
  if (listener.name === '' || listener.envoyConfig === '') {
    fail('name or envoyConfig of a listener is empty', 'give the name of the listener and the name of the resource that defines it');
  }
  if (listener.priority !== undefined && !(Number.isInteger(listener.priority) && listener.priority >= 1 && listener.priority <= 100)) {
    fail(`listener priority ${listener.priority} is out of range`, 'write a whole number from 1 to 100');
  }
  return {
    name: listener.name,
    envoyConfig: { name: listener.envoyConfig, kind: listener.kind },
    priority: listener.priority,
  };
}

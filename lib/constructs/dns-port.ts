import { PortProtocol, PortRule } from './private/manifest';
import { renderDnsName } from './private/names';
import { TrafficPart } from './private/parts';
import { EgressTraffic } from './traffic';

/** A port whose DNS look-ups Cilium's DNS proxy checks. Only for egress. */
export class DnsPort extends EgressTraffic {
  /** @internal */
  public static _of(port: PortProtocol, names: readonly string[]): DnsPort {
    return new DnsPort({ ports: [port], rules: { dns: names.map(renderDnsName) } });
  }

  private constructor(private readonly rule: PortRule) {
    super();
  }

  /** @internal */
  public _parts(): TrafficPart[] {
    return [{ is: 'port-rule', rule: this.rule }];
  }
}

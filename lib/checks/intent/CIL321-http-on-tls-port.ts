import { cnp } from '../../admission/example';
import type { PortPart, PortRulePart } from '../../model/written';
import { parsePort } from '../../net/port';
import type { IntentCheck } from '../check';

const spec = (port: string): string => `
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "${port}"
                protocol: TCP
            rules:
              http:
                - method: GET
  `;

export const check: IntentCheck = {
  code: 'CIL321',
  name: 'http-on-tls-port',
  severity: 'warning',
  stage: 'intent',
  summary: 'HTTP rules for a port of TLS, where Envoy cannot read requests',
  why: 'HTTP rules redirect the connections of a port to Envoy, which reads them as plain HTTP. A TLS handshake is no request, so Envoy closes the connection, and clients see errors of TLS. To see requests inside TLS, Envoy needs `terminatingTLS`, and `originatingTLS` to connect on. `serverNames` limit the names of TLS servers without that.',
  limits: 'Known as ports of TLS are 443, 6443, 8443 and 9443, and the names `https` and `tls`. What really runs on a port is not known.',
  source: 'docs.cilium.io, Inspecting TLS Encrypted Connections with Cilium; cilium `pkg/policy/l4.go`',
  bad: cnp(spec('443')),
  good: cnp(spec('8080')),
  inspect({ specs }, { report }) {
    const portRules = specs.flatMap(({ rules }) => rules).filter(({ isDeny }) => !isDeny);
    for (const { ports, at } of portRules.flatMap((rule) => rule.portRules).filter(readsRequests)) {
      const port = ports.find(isOfTls);
      if (port !== undefined) {
        report(
          {
            message: `HTTP rules for port \`${port.port}\` close every TLS connection, because Envoy cannot read requests inside TLS`,
            help: 'add `terminatingTLS` and `originatingTLS`, or limit the names with `serverNames` and remove `http`',
          },
          at,
          'rules',
          'http',
        );
      }
    }
  },
};

function readsRequests({ value, l7 }: PortRulePart): boolean {
  return (l7.http ?? 0) > 0 && value.terminatingTLS === undefined;
}

function isOfTls({ port }: PortPart): boolean {
  const parsed = parsePort(port);
  return parsed.ok && (parsed.value.is === 'number' ? NUMBERS.includes(parsed.value.number) : NAMES.includes(parsed.value.name));
}

const NUMBERS = [443, 6443, 8443, 9443];
const NAMES = ['https', 'tls'];

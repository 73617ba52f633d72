import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { parseWrittenPort } from '../port-words';
import { takesNoPort } from './protocols';

export const check: AgentCheck = {
  code: 'CIL213',
  name: 'malformed-port',
  severity: 'error',
  stage: 'agent',
  summary: 'a port that is neither a number nor a name',
  why:
    'The agent rejects the whole policy. The API server hardly validates ports: it accepts `70000` and `80abc!`. A leading zero means octal, so ' +
    '`0443` is port 291, and `080` is not a number.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortProtocol.sanitize; `pkg/iana/svcname.go`',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "70000"
                protocol: TCP
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "7000"
                protocol: TCP
  `),
  visit: {
    port({ port, protocol, at }, { minor, report }) {
      const parsed = port === '' || takesNoPort(protocol, minor) ? undefined : parseWrittenPort(port);
      if (parsed !== undefined && !parsed.ok) {
        report({ message: parsed.problem, help: parsed.help }, at, 'port');
      }
    },
  },
};

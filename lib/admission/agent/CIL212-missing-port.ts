import { isSince } from '../../crd/minor';
import { isOn } from '../../model/config';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL212',
  name: 'missing-port',
  severity: 'error',
  stage: 'agent',
  summary: 'an entry of `ports` without a port',
  why:
    'The agent rejects the whole policy. Port `"0"` means every port. Since Cilium 1.19, the port can be left out for protocols that have no ' +
    'ports, if `enable-extended-ip-protocols` is on.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortProtocol.sanitize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - protocol: TCP
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "0"
                protocol: TCP
  `),
  visit: {
    port({ port, at }, { minor, config, report }) {
      const canBeEmpty = isSince(minor, '1.19') && isOn(config, 'enable-extended-ip-protocols', false);
      if (port === '' && !canBeEmpty) {
        report({ message: 'the port is missing', help: 'write a number, a name, or `"0"` for every port' }, at);
      }
    },
  },
};

import { cnp } from '../../admission/example';
import { asObject } from '../../model/json';
import { agentOf, isAssumed } from '../../resolve/agent';
import type { IntentCheck } from '../check';

const spec = (mode: string): string => `
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - {}
        authentication:
          mode: ${mode}
  `;

const config = { 'mesh-auth-enabled': 'false' };

export const check: IntentCheck = {
  code: 'CIL330',
  name: 'authentication-off',
  severity: 'warning',
  stage: 'intent',
  summary: 'a rule requires authentication, and the agent does not authenticate',
  why: 'Without mutual authentication (`mesh-auth-enabled` of `cilium-config`, `authentication.enabled` of the chart), no connection is ever authenticated, and what a rule with `mode: required` allows is dropped. Since 1.19 it is off unless it is switched on.',
  limits:
    'Found only with a configuration: without one, whoever requires authentication is taken to have switched it on. Whether SPIRE runs is not known.',
  source: 'cilium `pkg/auth/cell.go`; `operator/pkg/networkpolicy/validator.go`',
  bad: cnp(spec('required'), config),
  good: cnp(spec('disabled'), config),
  inspect({ specs }, { minor, config, report }) {
    const agent = agentOf(minor, config);
    if (isAssumed(config) || !agent.ok || agent.value.canAuthenticate) {
      return;
    }
    for (const { value, at } of specs.flatMap(({ rules }) => rules)) {
      if (asObject(value.authentication).mode === 'required') {
        report(
          {
            message: 'mutual authentication is off, so the connections that this rule allows are dropped',
            help: 'set `mesh-auth-enabled` to `true`, or remove `authentication`',
          },
          at,
          'authentication',
          'mode',
        );
      }
    }
  },
};

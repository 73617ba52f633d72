import { cnp } from '../../admission/example';
import type { RulePart } from '../../model/written';
import type { IntentCheck } from '../check';

export const check: IntentCheck = {
  code: 'CIL318',
  name: 'deny-of-probes',
  severity: 'warning',
  stage: 'intent',
  summary: 'a deny rule for pods that also denies the probes of the kubelet',
  why: 'The kubelet probes a pod from the node of the pod, which is the entity `host` and a part of `cluster`. Cilium lets a node connect to its own pods without a rule, but a deny rule comes first. The probes then fail, and the pod is restarted or gets no traffic.',
  limits:
    'Not reported: deny rules with ports, which may leave the port of the probes out, and the entity `all`, which is written to isolate a pod. Whether the pods have probes is not known.',
  source:
    'cilium `pkg/policy/resolve.go`, `pkg/policy/mapstate.go`, allowAllIdentities and allow-localhost; Documentation `security/policy/deny`',
  bad: cnp(`
    endpointSelector: {}
    enableDefaultDeny:
      ingress: false
    ingressDeny:
      - fromEntities:
          - cluster
  `),
  good: cnp(`
    endpointSelector: {}
    enableDefaultDeny:
      ingress: false
    ingressDeny:
      - fromEntities:
          - remote-node
  `),
  inspect({ specs }, { report, config }) {
    for (const rule of config['enable-policy'] === 'never' ? [] : specs.filter(({ isHost }) => !isHost).flatMap(({ rules }) => rules)) {
      const found = isForEveryPort(rule) ? rule.entities?.find(({ text }) => text === 'cluster' || text === 'host') : undefined;
      if (found !== undefined) {
        report(
          {
            message: `\`${found.text}\` denies the probes of the kubelet, which come from the node of the pod`,
            help: 'deny the peers that are meant, or certain ports',
          },
          found.at,
        );
      }
    }
  },
};

function isForEveryPort({ section, portRules, icmps }: RulePart): boolean {
  return section === 'ingressDeny' && portRules.length === 0 && icmps.length === 0;
}

import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL217',
  name: 'dns-on-ingress',
  severity: 'error',
  stage: 'agent',
  summary: 'DNS rules on ingress',
  why: 'The agent refuses the whole policy. The DNS proxy looks at what a pod asks, so its rules stand with the egress of whoever asks.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, IngressRule.sanitize and PortRule.sanitize',
  bad: cnp(`
    endpointSelector:
      matchLabels:
        k8s-app: kube-dns
    ingress:
      - toPorts:
          - ports:
              - port: "53"
            rules:
              dns:
                - matchPattern: "*"
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEndpoints:
          - matchLabels:
              k8s:io.kubernetes.pod.namespace: kube-system
              k8s-app: kube-dns
        toPorts:
          - ports:
              - port: "53"
            rules:
              dns:
                - matchPattern: "*"
  `),
  visit: {
    portRule({ isIngress, l7, at }, { report }) {
      if (isIngress && (l7.dns ?? 0) > 0) {
        report({ message: 'DNS rules are for egress only', help: 'write them into the egress of the pods that ask' }, at, 'rules', 'dns');
      }
    },
  },
};

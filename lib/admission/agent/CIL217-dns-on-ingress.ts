import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL217',
  name: 'dns-on-ingress',
  severity: 'error',
  stage: 'agent',
  summary: 'DNS rules in ingress',
  why: 'The agent rejects the whole policy. The DNS proxy inspects the queries that pods send, so DNS rules belong in the egress of these pods.',
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
        report(
          { message: 'DNS rules cannot be used in ingress', help: 'write them in the egress of the pods that send the queries' },
          at,
          'rules',
          'dns',
        );
      }
    },
  },
};

import { cnp } from '../../admission/example';
import type { SetCheck } from '../check';
import { lookUpsIn } from './look-ups';
import { ruleName } from './rule-name';

const spec = (name: string): string => `
    endpointSelector:
      matchLabels:
        app: web
    egress:
      - toEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: kube-system
              k8s-app: kube-dns
        toPorts:
          - ports:
              - port: "53"
                protocol: UDP
            rules:
              dns:
                - matchPattern: "*.example.com"
      - toFQDNs:
          - matchName: ${name}
  `;

export const check: SetCheck = {
  code: 'CIL405',
  name: 'refused-look-up',
  severity: 'warning',
  stage: 'set',
  summary: 'a name that is allowed, and whose look-ups no DNS rule of the same pods lets pass',
  why: 'A name of `toFQDNs` has the addresses that the DNS proxy saw in answers. The proxy refuses the query of a name that is in no `rules.dns` of the pod, so the pod gets no address for it. `*.example.com` is every name with one label more, and not `example.com` itself. The DNS rules of all given policies count that may apply to the same pods.',
  limits:
    'Not reported: a pattern of which a DNS rule lets some names pass. Policies that are not given are not seen. Nothing is reported while a part of the input cannot be read, or while a rule for egress has values that are filled in later.',
  source: 'cilium `pkg/fqdn/dnsproxy/proxy.go`, CheckAllowed; `pkg/fqdn/matchpattern`',
  bad: cnp(spec('example.com')),
  good: cnp(spec('api.example.com')),
  inspect(given, report) {
    const { isWhole, agent, judged } = given;
    const found = isWhole ? judged() : undefined;
    for (const { owned, refused, dns } of found === undefined ? [] : lookUpsIn(found, agent).rules) {
      for (const { pattern, at } of refused) {
        report(
          owned.policy.resource,
          {
            message: `no DNS rule of these pods lets a look-up of \`${pattern}\` pass`,
            help: `add it to \`rules.dns\` of ${ruleName(dns!, owned, given)}`,
          },
          at,
        );
      }
    }
  },
};

import { cnp } from '../../admission/example';
import type { SetCheck } from '../check';
import { lookUpsIn } from './look-ups';

const spec = (more: string): string => `
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchName: api.example.com
${more}`;

const DNS = `      - toEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: kube-system
              k8s-app: kube-dns
        toPorts:
          - ports:
              - port: "53"
                protocol: UDP
            rules:
              dns:
                - matchPattern: "*"
`;

export const check: SetCheck = {
  code: 'CIL408',
  name: 'no-dns-rule',
  severity: 'info',
  stage: 'set',
  summary: 'names that are allowed, while no given policy has a DNS rule',
  why: 'A name of `toFQDNs` has the addresses that the DNS proxy saw in answers, and only rules with `rules.dns` send look-ups through the proxy. Here no given policy has one, so it must be in a policy that is not given, for example in the baseline of the cluster.',
  limits:
    'Policies that are not given are not seen, so a DNS rule may be there. It is reported once, at a rule that opens DNS without `rules.dns`, or else at the first rule with names.',
  source: 'Cilium documentation, "DNS based"; cilium issue 7109',
  bad: cnp(spec('')),
  good: cnp(spec(DNS)),
  inspect({ isWhole, agent, judged }, report) {
    const { rules, hasDnsRules } = lookUpsIn(isWhole ? judged() : undefined, agent);
    const first = hasDnsRules ? undefined : (rules.find(({ beside }) => beside !== undefined) ?? rules.at(0));
    if (first !== undefined) {
      const { owned, names, beside } = first;
      const at = beside === undefined ? names[0].at : beside.traffic.at;
      report(
        (beside?.owned ?? owned).policy.resource,
        {
          message: `no given policy has a DNS rule, and without one \`${names[0].pattern}\` never has an address`,
          help:
            beside === undefined
              ? 'check the policies of the cluster together, or allow port 53 of the resolver with `rules.dns`'
              : 'check the policies of the cluster together, or add `rules.dns` here',
        },
        at,
      );
    }
  },
};

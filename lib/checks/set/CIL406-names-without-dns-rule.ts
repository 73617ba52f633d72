import { cnp } from '../../admission/example';
import type { SetCheck } from '../check';
import { lookUpsIn } from './look-ups';

const dnsFor = (app: string): string =>
  cnp(`
    endpointSelector: { matchLabels: { app: ${app} } }
    egress:
      - toEndpoints:
          - matchLabels: { io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns }
        toPorts:
          - ports: [{ port: "53", protocol: UDP }]
            rules: { dns: [{ matchPattern: "*" }] }
  `).yaml.replace('example', 'dns');

const NAMES = cnp(`
    endpointSelector: { matchLabels: { app: web } }
    egress:
      - toFQDNs:
          - matchName: api.example.com
        toPorts:
          - ports: [{ port: "443", protocol: TCP }]
  `).yaml;

export const check: SetCheck = {
  code: 'CIL406',
  name: 'names-without-dns-rule',
  severity: 'warning',
  stage: 'set',
  summary: 'names that are allowed for pods to which no DNS rule applies',
  why:
    'A name of `toFQDNs` has the addresses that the DNS proxy saw in answers, and only a rule with `rules.dns` for the same pods sends their look-ups ' +
    'through the proxy. It is reported only if other pods have a DNS rule: if no given policy has ' +
    'one, it may be elsewhere (CIL408). If DNS is open without `rules.dns`, CIL407 reports that.',
  limits:
    'Policies that are not given are not seen. Not reported: pods to which a given DNS rule may apply. Nothing is reported while a part of the input cannot be read, or while a rule for egress has values that are filled in later.',
  source: 'Cilium documentation, "DNS based"; cilium issues 7109 and 11767',
  bad: { yaml: `${NAMES}---\n${dnsFor('shop')}` },
  good: { yaml: `${NAMES}---\n${dnsFor('web')}` },
  inspect({ isWhole, agent, judged }, report) {
    const { rules, hasDnsRules } = lookUpsIn(isWhole ? judged() : undefined, agent);
    for (const { owned, names, dns, beside } of hasDnsRules ? rules : []) {
      if (dns === undefined && beside === undefined) {
        report(
          owned.policy.resource,
          {
            message: `no DNS rule applies to these pods, so the DNS proxy sees no look-up of \`${names[0].pattern}\``,
            help: 'allow port 53 of the resolver for them, with `rules.dns`',
          },
          names[0].at,
        );
      }
    }
  },
};

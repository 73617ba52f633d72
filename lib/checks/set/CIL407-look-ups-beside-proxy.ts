import { cnp } from '../../admission/example';
import type { SetCheck } from '../check';
import { lookUpsIn } from './look-ups';
import { ruleName } from './rule-name';

const spec = (rules: string): string => `
    endpointSelector: { matchLabels: { app: web } }
    egress:
      - toEndpoints: [{ matchLabels: { io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns } }]
        toPorts:
          - ports: [{ port: "53", protocol: UDP }]
${rules}
      - toFQDNs: [{ matchName: api.example.com }]
  `;

const RULES = '            rules: { dns: [{ matchName: api.example.com }] }';

const OTHERS = cnp(spec(RULES)).yaml.replace('example', 'others').replace('app: web', 'app: shop');

export const check: SetCheck = {
  code: 'CIL407',
  name: 'look-ups-beside-proxy',
  severity: 'warning',
  stage: 'set',
  summary: 'DNS that is open without `rules.dns`, for pods that names are allowed for',
  why: 'Without `rules.dns`, look-ups go to the resolver and not through the DNS proxy. They are answered, but Cilium does not see the addresses, so a name of `toFQDNs` has none, and connections to it are dropped. An address that another pod of the same node looks up through the proxy counts, which makes the failure come and go.',
  limits:
    'Not reported if any DNS rule may apply to the same pods, and if no given policy has one (CIL408). Nothing is reported while a part of the input cannot be read, or while a rule for egress has values that are filled in later.',
  source: 'cilium `pkg/policy/l4.go`; Cilium documentation, "Obtaining DNS Data for use by toFQDNs"; cilium issue 11767',
  bad: { yaml: `${cnp(spec('')).yaml}---\n${OTHERS}` },
  good: { yaml: `${cnp(spec(RULES)).yaml}---\n${OTHERS}` },
  inspect({ isWhole, agent, judged }, report) {
    const reported = new Set<unknown>();
    const { rules, hasDnsRules } = lookUpsIn(isWhole ? judged() : undefined, agent);
    for (const { owned, names, beside } of hasDnsRules ? rules : []) {
      if (beside !== undefined && !reported.has(beside.traffic)) {
        reported.add(beside.traffic);
        report(
          beside.owned.policy.resource,
          {
            message: `the DNS proxy sees no look-ups of these pods, so they teach it no address of \`${names[0].pattern}\`, which ${ruleName(owned)} allows`,
            help: 'add `rules.dns` with the names, or with `matchPattern: "*"`',
          },
          beside.traffic.at,
        );
      }
    }
  },
};

import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { PlacedText } from '../../model/policy';
import { matchesName } from '../../resolve/names';
import type { Judged, SetCheck } from '../check';

const spec = (pattern: string): string => `
    endpointSelector: {}
    egress:
      - toEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: kube-system
              k8s-app: kube-dns
        toPorts:
          - ports:
              - port: "53"
                protocol: ANY
            rules:
              dns:
                - matchPattern: "${pattern}"
  `;

export const check: SetCheck = {
  code: 'CIL419',
  name: 'refused-search-names',
  severity: 'info',
  stage: 'set',
  summary: 'DNS rules for names of the cluster that refuse the names with a search domain',
  why:
    'The resolver of a pod tries a name with the search domains first: `web.shop.svc.cluster.local`, which has fewer than five dots, is asked as ' +
    '`web.shop.svc.cluster.local.shop.svc.cluster.local`, and `web.shop` as `web.shop.shop.svc.cluster.local`. A pattern with one label for each star refuses these queries. Most programs go on after a refusal; those with musl, as in ' +
    'Alpine, and some others stop, and the name seems not to exist. All DNS rules of the same pods count. `**.cluster.local` (since 1.19) or `*` allows them; a name with a final dot is ' +
    'asked as it is.',
  limits:
    'Only patterns for the names of every Service, such as `*.*.svc.cluster.local`, are looked at; another domain of the cluster is not known. Nor is it known which clients stop after a refusal.',
  source: 'Cilium documentation, "DNS Proxy", on musl; cilium issues 16740 and 20191',
  bad: cnp(spec('*.*.svc.cluster.local')),
  good: cnp(spec('**.cluster.local')),
  inspect({ isWhole, agent, judged }, report) {
    const found = isWhole ? judged() : undefined;
    for (const { owned, pattern } of found === undefined ? [] : refusedIn(found, agent.minor)) {
      report(
        owned.policy.resource,
        {
          message: `\`${pattern.text}\` refuses look-ups with a search domain, such as \`${SAMPLE}\``,
          help: 'allow `*`, or since 1.19 `**.cluster.local`, or let clients ask with a final dot',
        },
        pattern.at,
      );
    }
  },
};

/** A name of a Service and its namespace, with the search domain of a pod. */
const SAMPLE = 'web.shop.shop.svc.cluster.local';

interface Refused {
  readonly owned: OwnedRule;
  readonly pattern: PlacedText;
}

/** The first pattern for the names of Services, if no pattern of the same pods matches the sample. */
function refusedIn({ subjects }: Judged, minor: Parameters<typeof matchesName>[2]): readonly Refused[] {
  const matches = subjects.reader((rules) => rules.some((owned) => patternsOf(owned).some(({ text }) => matchesName(text, SAMPLE, minor))));
  return subjects.all.flatMap((one): readonly Refused[] => {
    const first = firstForServices(one.rules);
    return first === undefined || matches(one).includes(true) ? [] : [first];
  });
}

function firstForServices(rules: readonly OwnedRule[]): Refused | undefined {
  for (const owned of rules) {
    const pattern = patternsOf(owned).find(({ text }) => SERVICES.test(text));
    if (pattern !== undefined) {
      return { owned, pattern };
    }
  }
  return undefined;
}

function patternsOf({ rule: { traffic = [] } }: OwnedRule): readonly PlacedText[] {
  return traffic.some(({ l7 }) => l7?.dns !== undefined) ? traffic.flatMap(({ l7 }) => l7?.dns ?? []) : [];
}

/** A pattern for the names of every Service of every namespace. */
const SERVICES = /^\*+\.\*+\.svc\.cluster\.local\.?$/;

import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Selector } from '../../model/policy';
import type { Agent } from '../../resolve/agent';
import { MOST_COMPARED, selectorsOf } from '../../resolve/coverage';
import { coversTraffic } from '../../resolve/covered-traffic';
import type { Judged, SetCheck } from '../check';
import { namesOf } from './look-ups';
import { ruleName, severityBeside } from './rule-name';

const spec = (block: string): string => `
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
                - matchPattern: "*"
      - toFQDNs:
          - matchName: api.example.com
    egressDeny:
      - ${block}
  `;

export const check: SetCheck = {
  code: 'CIL417',
  name: 'denied-names',
  severity: 'warning',
  stage: 'set',
  summary: 'names that are allowed, while the whole world is denied for the same pods',
  why:
    'The addresses of names are addresses of the world, and a deny beats every allow: with a deny of `world` or of `0.0.0.0/0`, connections to the names are dropped. ' +
    'Egress that no rule allows is denied anyway, so the deny is not needed to keep the rest of the world closed.',
  limits:
    'Single deny rules for the whole world are known, and not several that cover it together. Where IPv6 is on, a deny of `0.0.0.0/0` alone is not reported, because a name may have other addresses.',
  source: 'Cilium documentation, "Deny Policies"; cilium `pkg/policy/mapstate.go`',
  bad: cnp(spec('toEntities:\n          - world')),
  good: cnp(spec('toCIDR:\n          - 192.0.2.0/24')),
  inspect(given, report) {
    const { agent } = given;
    const found = given.judged();
    for (const { owned, by } of found === undefined ? [] : deniedIn(found, agent)) {
      const name = selectorsOf(owned.rule, agent).find(({ is }) => is === 'name')!;
      report(
        owned.policy.resource,
        {
          message: `${ruleName(by, owned, given)} denies the world, and every address of these names with it`,
          help: 'remove the deny: egress that no rule allows is denied anyway',
          ...severityBeside(owned, by, found!),
        },
        name.at,
      );
    }
  },
};

interface Denied {
  readonly owned: OwnedRule;
  readonly by: OwnedRule;
}

function deniedIn({ subjects }: Judged, agent: Agent): readonly Denied[] {
  const around = subjects.reader((rules) => rules.filter((owned) => deniesWorld(owned, agent)).slice(0, MOST_COMPARED));
  return subjects.all.flatMap((one) =>
    one.rules.filter(hasNames).flatMap((owned): Denied[] => {
      const by = around(one)
        .flat()
        .find(({ rule }) => coversTraffic(rule.traffic, owned.rule.traffic));
      return by === undefined ? [] : [{ owned, by }];
    }),
  );
}

function hasNames({ rule }: OwnedRule): boolean {
  return rule.level === undefined && namesOf(rule).length > 0;
}

function deniesWorld({ rule: { direction, effect, level, peers, traffic } }: OwnedRule, agent: Agent): boolean {
  const isDeny = direction === 'egress' && effect === 'deny' && level === undefined;
  return (
    isDeny &&
    ((peers.is === 'any' && traffic !== undefined) ||
      (peers.is === 'selectors' && peers.selectors.some((selector) => isWorld(selector, agent))))
  );
}

/** Where IPv6 is on, a name may have addresses of both families. */
function isWorld(selector: Selector, { hasIPv6 }: Agent): boolean {
  if (selector.is === 'block') {
    return !hasIPv6 && selector.block.version === 4 && selector.block.length === 0 && selector.except.length === 0;
  }
  return (
    selector.is === 'labels' &&
    (selector.requirements.length === 0 ||
      selector.requirements.every(({ source, key, operator }) => source === 'reserved' && key === 'world' && operator === 'In'))
  );
}

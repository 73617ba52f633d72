import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Selector } from '../../model/policy';
import type { Agent } from '../../resolve/agent';
import { coversTraffic } from '../../resolve/containment';
import { selectorsOf } from '../../resolve/coverage';
import type { SubjectRules } from '../../resolve/subjects';
import type { Judged, SetCheck } from '../check';
import { ruleName } from './rule-name';

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
  source: 'Cilium documentation, "Deny Policies"; cilium `pkg/policy/mapstate.go`',
  bad: cnp(spec('toEntities:\n          - world')),
  good: cnp(spec('toCIDR:\n          - 192.0.2.0/24')),
  inspect({ judged, agent }, report) {
    const found = judged();
    for (const { owned, by } of found === undefined ? [] : found.subjects.all.flatMap((one) => deniedIn(one, found, agent))) {
      const name = selectorsOf(owned.rule, agent).find(({ is }) => is === 'name')!;
      report(
        owned.policy.resource,
        {
          message: `${ruleName(by)} denies the world, and every address of these names with it`,
          help: 'remove the deny: egress that no rule allows is denied anyway',
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

function deniedIn(one: SubjectRules, { subjects }: Judged, agent: Agent): readonly Denied[] {
  const naming = one.rules.filter(hasNames);
  const denying = naming.length === 0 ? [] : subjects.around(one).filter((owned) => deniesWorld(owned, agent));
  return naming.flatMap((owned): Denied[] => {
    const by = denying.find(({ rule }) => coversTraffic(rule.traffic, owned.rule.traffic));
    return by === undefined ? [] : [{ owned, by }];
  });
}

function hasNames({ rule: { direction, effect, peers, level } }: OwnedRule): boolean {
  return (
    level === undefined &&
    direction === 'egress' &&
    effect === 'allow' &&
    peers.is === 'selectors' &&
    peers.selectors.some(({ is }) => is === 'name')
  );
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

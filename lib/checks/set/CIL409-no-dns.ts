import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Selector } from '../../model/policy';
import { isOfNamespace } from '../../net/label-keys';
import { Overlaps } from '../../resolve/overlaps';
import type { SubjectRules } from '../../resolve/subjects';
import type { Judged, SetCheck } from '../check';
import { hasDnsPort } from './look-ups';

const dnsFor = (app: string): string =>
  cnp(`
    endpointSelector: { matchLabels: { app: ${app} } }
    egress:
      - toEndpoints:
          - matchLabels: { io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns }
        toPorts:
          - ports: [{ port: "53", protocol: UDP }]
  `).yaml.replace('example', 'dns');

const WEB = cnp(`
    endpointSelector: { matchLabels: { app: web } }
    egress:
      - toEndpoints:
          - matchLabels:
              app: db
        toPorts:
          - ports: [{ port: "5432", protocol: TCP }]
  `).yaml;

export const check: SetCheck = {
  code: 'CIL409',
  name: 'no-dns',
  severity: 'info',
  stage: 'set',
  summary: 'pods whose egress is closed, and that cannot ask for names',
  why:
    'Egress rules close everything else, look-ups as well. Clients that connect by the name of a Service then fail before they connect. It is reported once for ' +
    'each subject, only if other pods of the given policies may use DNS, and not for pods that have no egress at all.',
  limits:
    'DNS is port 53; a rule for every port counts if the resolver may be among its peers. Not reported: pods that have no egress at all, and every pod if no other pods of the given policies may use DNS. Nothing is reported while a part of the input cannot be read, or while a rule for egress has values that are filled in later.',
  source: 'Cilium documentation, "Egress Default Deny"; Kubernetes documentation, "Network Policies"',
  bad: { yaml: `${WEB}---\n${dnsFor('shop')}` },
  good: { yaml: `${WEB}---\n${dnsFor('web')}` },
  inspect({ isWhole, judged }, report) {
    const found = isWhole ? judged() : undefined;
    for (const { policy, rule } of found === undefined ? [] : withoutDns(found)) {
      report(
        policy.resource,
        {
          message: 'egress of these pods is closed for DNS (port 53), so they cannot ask for names',
          help: 'allow port 53 of the resolver for them',
        },
        undefined,
        ...rule.path,
      );
    }
  },
};

/** The first rule that opens egress of each subject without DNS. */
function withoutDns({ subjects, vague }: Judged): readonly OwnedRule[] {
  const asking = subjects.all.filter(({ rules }) => rules.some(isForDns));
  if (asking.length === 0 || vague.some(({ rules }) => rules.some(({ direction }) => direction === 'egress'))) {
    return [];
  }
  const overlaps = new Overlaps(asking);
  const closing = subjects.reader((rules) => rules.some(({ rule }) => rule.direction === 'egress' && rule.defaultDeny));
  return subjects.all.flatMap((one): readonly OwnedRule[] => {
    const opening = one.subject.is === 'endpoints' ? one.rules.find(opens) : undefined;
    const isAlone = opening !== undefined && !isOfReserved(one) && !overlaps.has(one);
    return isAlone && closing(one).includes(true) ? [opening] : [];
  });
}

function opens({ rule: { direction, effect, peers, level, traffic } }: OwnedRule): boolean {
  const hasNames = peers.is === 'selectors' && peers.selectors.some(({ is }) => is === 'name');
  return (
    direction === 'egress' &&
    effect === 'allow' &&
    peers.is !== 'none' &&
    (peers.is !== 'any' || traffic !== undefined) &&
    level === undefined &&
    !hasNames
  );
}

/** Whether a rule opens the port of DNS, or every port of peers among which the resolver may be. */
function isForDns({ rule: { direction, effect, traffic, peers } }: OwnedRule): boolean {
  if (direction !== 'egress' || effect === 'deny') {
    return false;
  }
  return traffic === undefined ? peers.is === 'selectors' && peers.selectors.some(mayBeResolver) : traffic.some(hasDnsPort);
}

/** A selector that asks for a label of a pod is for one workload. */
function mayBeResolver(selector: Selector): boolean {
  const isOfPod = ({ key, source, operator }: { key: string; source: string; operator: string }) =>
    source !== 'reserved' &&
    operator !== 'NotIn' &&
    operator !== 'DoesNotExist' &&
    !isOfNamespace(key) &&
    !key.startsWith('io.cilium.k8s.policy.');
  return (
    selector.is === 'block' ||
    selector.is === 'group' ||
    (selector.is === 'labels' && (!selector.requirements.some(isOfPod) || selector.requirements.some(isOfResolver)))
  );
}

function isOfResolver({ key, values }: { key: string; values: readonly string[] }): boolean {
  return key === 'k8s-app' || values.some((value) => value.includes('dns'));
}

/** The endpoints of Cilium itself, such as the health endpoint, ask for no names. */
function isOfReserved({ subject }: SubjectRules): boolean {
  return subject.selector.requirements.some(({ source }) => source === 'reserved');
}

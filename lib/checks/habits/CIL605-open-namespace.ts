import { NAMESPACE_KEY, NAMESPACE_NAME_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { hasValue } from '../../net/value-set';
import type { SubjectRules } from '../../resolve/subjects';
import type { SetCheck } from '../check';
import { baseline, KIND } from './baseline';

const CLOSED = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
  namespace: NAMESPACE
spec:
  podSelector: {}
`;
const example = (namespace: string) => ({
  yaml: baseline('default-example') + CLOSED.replace('NAMESPACE', namespace),
  habits: { sensitive: ['vault'] },
});

export const check: SetCheck = {
  code: 'CIL605',
  name: 'open-namespace',
  severity: 'warning',
  stage: 'habits',
  summary: 'a sensitive namespace of which no policy closes the ingress',
  why:
    'A pod that no policy with ingress rules selects accepts connections from everywhere. The namespaces are `sensitive` of the setting `habits`; by default there are none. ' +
    'A policy counts if it selects every pod of the namespace. It is reported once for each namespace, at the first policy.',
  limits: 'Policies that are not given are not seen. Several policies that only together select every pod of the namespace do not count.',
  source: 'the guide "NetworkPolicy Practices", protection of sensitive services',
  bad: example('shop'),
  good: example('vault'),
  inspect({ policies, habits, isWhole, judged }, report) {
    const sensitive = habits?.sensitive ?? [];
    const given = sensitive.length === 0 || !isWhole ? undefined : judged();
    const found = given?.vague.length === 0 ? given : undefined;
    const first = policies.at(0);
    for (const namespace of found === undefined || first === undefined ? [] : sensitive) {
      if (!found!.subjects.all.some((one) => isOfAll(one, namespace) && closesIngress(one))) {
        report(
          first!,
          {
            message: `no given policy closes the ingress of every pod of \`${namespace}\``,
            help: 'add a policy for its pods, for example the intent `DefaultDenyIngress` or `TenantIsolation`',
          },
          KIND,
        );
      }
    }
  },
};

/** Whether a subject is every pod of a namespace, and maybe of others. */
function isOfAll({ subject, facts }: SubjectRules, namespace: string): boolean {
  const names = [`k8s:${NAMESPACE_KEY}`, `k8s:${NAMESPACE_LABELS_PREFIX}${NAMESPACE_NAME_KEY}`];
  return (
    subject.is === 'endpoints' &&
    [...facts].every(([key, set]) => (names.includes(key) ? hasValue(set, namespace) : set.absent && set.isExcept))
  );
}

function closesIngress({ rules }: SubjectRules): boolean {
  return rules.some(({ rule }) => rule.direction === 'ingress' && rule.defaultDeny);
}

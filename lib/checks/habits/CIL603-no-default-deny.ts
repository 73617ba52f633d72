import { isEveryEndpoint, SubjectRules } from '../../resolve/subjects';
import type { SetCheck } from '../check';
import { baseline, KIND } from './baseline';

const example = (selector: string) => ({ yaml: baseline('default-example', selector), habits: true });

export const check: SetCheck = {
  code: 'CIL603',
  name: 'no-default-deny',
  severity: 'warning',
  stage: 'habits',
  summary: 'no policy closes the egress of every pod',
  why:
    'Without a default deny, a pod that no policy selects may connect to everything. The guide closes egress for all pods with one clusterwide policy, except for some ' +
    'namespaces. A policy counts if its subject asks for no label of pods: the namespaces that it leaves out are taken as meant. It is reported once, at the ' +
    'first policy.',
  limits: 'Policies that are not given are not seen. Several policies that only together select every pod do not count.',
  source: 'the guide "NetworkPolicy Practices", 01-default-deny',
  bad: example('{ matchLabels: { app: web } }'),
  good: example('{}'),
  inspect({ policies, habits, isWhole, judged }, report) {
    const given = habits === undefined || !isWhole ? undefined : judged();
    const found = given?.vague.length === 0 ? given : undefined;
    const first = policies.at(0);
    if (found !== undefined && first !== undefined && !found.subjects.all.some((one) => isEveryEndpoint(one) && closesEgress(one))) {
      report(
        first,
        {
          message: 'no given policy closes the egress of every pod',
          help: 'add a clusterwide default deny, for example the intent `DefaultDenyEgress`',
        },
        KIND,
      );
    }
  },
};

function closesEgress({ rules }: SubjectRules): boolean {
  return rules.some(({ rule }) => rule.direction === 'egress' && rule.defaultDeny);
}

import { isEveryEndpoint } from '../../resolve/subjects';
import type { SetCheck } from '../check';
import { baseline, KIND } from './baseline';

const example = (rules: string) => ({ yaml: baseline('default-example', '{}', rules), habits: true });

export const check: SetCheck = {
  code: 'CIL604',
  name: 'no-dns-baseline',
  severity: 'warning',
  stage: 'habits',
  summary: 'no policy opens DNS through the proxy for every pod',
  why:
    'Where egress is closed, every policy for names needs a DNS rule for its pods. The guide gives all pods one, in the baseline, so that teams can write names alone. A policy counts ' +
    'if its subject asks for no label of pods. It is reported once, at the first policy.',
  limits: 'Policies that are not given are not seen. Several policies that only together select every pod do not count.',
  source: 'the guide "NetworkPolicy Practices", 01-default-deny and 02-default-infrastructure',
  bad: example('{}'),
  good: example('{ dns: [{ matchPattern: "*" }] }'),
  inspect({ policies, habits, isWhole, judged }, report) {
    const given = habits === undefined || !isWhole ? undefined : judged();
    const found = given?.vague.length === 0 ? given : undefined;
    const first = policies.at(0);
    const hasDns = found?.subjects.all.some(
      (one) => isEveryEndpoint(one) && one.rules.some(({ rule: { traffic = [] } }) => traffic.some(({ l7 }) => l7?.dns !== undefined)),
    );
    if (hasDns === false && first !== undefined) {
      report(
        first,
        {
          message: 'no given policy opens DNS through the proxy for every pod',
          help: 'allow port 53 of the resolver with `rules.dns` in a clusterwide policy',
        },
        KIND,
      );
    }
  },
};

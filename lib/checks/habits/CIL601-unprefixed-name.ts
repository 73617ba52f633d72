import { placeholderIn } from '../../read/placeholders';
import type { SetCheck } from '../check';
import { baseline, CLUSTERWIDE } from './baseline';

const named = (name: string) => ({ yaml: baseline(name), habits: { prefixes: ['default-'] } });

export const check: SetCheck = {
  code: 'CIL601',
  name: 'unprefixed-name',
  severity: 'warning',
  stage: 'habits',
  summary: 'a clusterwide policy whose name does not begin with a prefix of the setting',
  why:
    'A prefix tells at first sight, in `kubectl get` and in the names that verdicts give, that a policy is of the platform and concerns every namespace. The prefixes are ' +
    '`prefixes` of the setting `habits`; by default `default-` and `global-`.',
  limits: 'Only the name as it is written is looked at, and not what a policy says.',
  source: 'the guide "NetworkPolicy Practices", naming',
  bad: named('example'),
  good: named('default-example'),
  inspect({ policies, habits }, report) {
    const prefixes = habits?.prefixes ?? [];
    for (const resource of habits === undefined
      ? []
      : policies.filter(({ kind, name }) => CLUSTERWIDE.includes(kind) && placeholderIn(name) === undefined)) {
      if (!prefixes.some((prefix) => resource.name.startsWith(prefix))) {
        const words = prefixes.map((prefix) => `\`${prefix}\``).join(' or ');
        report(
          resource,
          { message: `the name of ${resource.kind} \`${resource.name}\` has no prefix`, help: `begin it with ${words}` },
          NAME,
        );
      }
    }
  },
};

const NAME = { step: 'name', above: { step: 'metadata', above: undefined } };

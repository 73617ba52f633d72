import { groupedBy } from '../../net/grouped';
import type { SetCheck } from '../check';
import { KnownCluster } from '../inventory/known-cluster';
import { nameOf } from '../inventory/selects-nobody';
import { baseline, KIND } from './baseline';

const closed = (name: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: ${name}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels:
    app: web
`;
const example = (name: string) => ({ yaml: baseline('default-example') + closed(name), habits: true });

export const check: SetCheck = {
  code: 'CIL606',
  name: 'unprotected-pods',
  severity: 'warning',
  stage: 'habits',
  summary: 'given pods that accept connections from everywhere, because no policy closes their ingress',
  why: 'A pod that no policy with ingress rules selects accepts connections from everywhere. It is reported once for each namespace, at the first policy. `reach --exposure` lists all of them.',
  limits: 'Only pods that are given are seen, and policies that are given. Pods in the network of their node are not looked at.',
  source: 'the guide "NetworkPolicy Practices", protection of sensitive services',
  bad: example('api'),
  good: example('web'),
  inspect(given, report) {
    const { policies, habits, isWhole } = given;
    const cluster = habits === undefined || !isWhole ? undefined : KnownCluster.of(given);
    const judged = cluster && given.judged();
    const [first] = policies;
    if (judged === undefined || judged.vague.length > 0) {
      return;
    }
    const engine = judged.engine();
    const open = cluster!.kinds().filter(([{ name }]) => {
      const self = engine.endpoint({ is: 'pod', name });
      return self !== undefined && !engine.entriesFor(self).some(({ rule }) => rule.direction === 'ingress' && rule.defaultDeny);
    });
    for (const [namespace, pods] of groupedBy(open.flat(), ({ pod }) => pod.namespace)) {
      const which =
        pods.length === 1 ? `${nameOf(pods[0])} accepts` : `${pods.length} pods of \`${namespace}\`, such as ${nameOf(pods[0])}, accept`;
      report(
        first,
        {
          message: `${which} connections from everywhere: no given policy closes the ingress`,
          help: 'select them with a policy that has ingress rules, for example the intent `DefaultDenyIngress`',
        },
        KIND,
      );
    }
  },
};

import { shownAs } from '../../admission/example';
import type { Rule } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import type { Judged, SetCheck } from '../check';
import { leftOutPods } from '../inventory/certainty';
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
metadata: { name: web, namespace: shop, labels: { app: web } }
`;
const example = (name: string) => ({ yaml: baseline('default-example') + closed(name), habits: true });

export const check: SetCheck = {
  code: 'CIL606',
  name: 'unprotected-pods',
  severity: 'warning',
  stage: 'habits',
  summary: 'given pods that accept connections from everywhere, because no policy closes their ingress',
  why: 'A pod that no policy with ingress rules selects accepts connections from everywhere. It is reported once for each namespace, at its first policy. `reach --exposure` lists all of them.',
  limits:
    'Only pods that are given are seen, and policies that are given. Pods in the network of their node are not looked at, nor those whose labels or namespace are filled in later. A pod of which a rule denies a part of the ingress is taken as meant.',
  source: 'the guide "NetworkPolicy Practices", protection of sensitive services',
  bad: example('api'),
  good: shownAs({ yaml: closed('web').replace('---\n', '') }, example('web')),
  inspect(given, report) {
    const { policies, habits, isWhole, agent } = given;
    const cluster = habits === undefined || !isWhole || agent.enforcement === 'always' ? undefined : KnownCluster.of(given);
    const judged = cluster && given.judged();
    if (judged === undefined || mayClose(judged)) {
      return;
    }
    const engine = judged.engine();
    const leftOut = leftOutPods(given, judged);
    const open = cluster!.kinds().flatMap((pods) => {
      const [{ name }] = pods;
      const self = engine.endpoint({ is: 'pod', name });
      const isOpen = self !== undefined && !engine.entriesFor(self).some(({ rule }) => isProtection(rule));
      return isOpen ? pods.filter(({ pod, name: own }) => cluster!.isCertain(pod.namespace) && !leftOut.has(own)) : [];
    });
    for (const [namespace, pods] of groupedBy(open, ({ pod }) => pod.namespace)) {
      const place = policies.find((one) => one.namespace === namespace) ?? policies.at(0);
      const which =
        pods.length === 1 ? `${nameOf(pods[0])} accepts` : `${pods.length} pods of \`${namespace}\`, such as ${nameOf(pods[0])}, accept`;
      if (place !== undefined) {
        report(
          place,
          {
            message: `${which} connections from everywhere: no given policy closes the ingress`,
            help: 'select them with a policy that has ingress rules, for example the intent `DefaultDenyIngress`',
          },
          KIND,
        );
      }
    }
  },
};

/** Whether a rule closes the ingress of its pods, or denies a part of it. */
function isProtection({ direction, defaultDeny, effect, level }: Rule): boolean {
  return direction === 'ingress' && (defaultDeny || effect === 'deny' || level !== undefined);
}

/** Whether a policy of which not all is known may close pods. */
function mayClose({ policies, vague, folderOf }: Judged): boolean {
  return vague.length > 0 || policies.some((policy) => folderOf(policy) !== undefined && policy.rules.some(isProtection));
}

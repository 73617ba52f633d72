import { cnp } from '../../admission/example';
import { asObject, asText } from '../../model/json';
import { placeholderIn } from '../../read/placeholders';
import type { IntentCheck } from '../check';

const spec = (serviceName: string): string => `
    endpointSelector: {}
    egress:
      - toServices:
          - k8sService:
              serviceName: ${serviceName}
              namespace: data
  `;

export const check: IntentCheck = {
  code: 'CIL311',
  name: 'dotted-service-name',
  severity: 'error',
  stage: 'intent',
  summary: 'the name of a Service or of its namespace with a dot, as in a DNS name',
  why: 'Names of Services and of namespaces have no dots, so Cilium finds no Service. A rule without ports then allows nothing, and a rule with ports is for everybody on these ports, also for the world. The DNS name `db.data.svc.cluster.local` is the Service `db` of the namespace `data`.',
  limits: 'Only dots are looked for. Whether the Service exists is known only with an inventory (CIL503).',
  source: 'Kubernetes, Names, RFC 1035 Label Names; cilium `pkg/policy/k8s/service.go`; cilium issue 20067',
  bad: cnp(spec('db.data.svc')),
  good: cnp(spec('db')),
  inspect({ specs }, { report }) {
    for (const { value, at } of specs.flatMap(({ rules }) => rules).flatMap(({ services }) => services)) {
      const byName = asObject(value.k8sService);
      const texts = [
        ['k8sService', 'serviceName', byName.serviceName],
        ['k8sService', 'namespace', byName.namespace],
        ['k8sServiceSelector', 'namespace', asObject(value.k8sServiceSelector).namespace],
      ] as const;
      for (const [object, field, written] of texts.filter(([, , text]) => isDotted(asText(text)))) {
        const what = field === 'namespace' ? 'namespace' : 'Service';
        const [first] = asText(written).split('.');
        report(
          {
            message: `no ${what} has the name \`${asText(written)}\`, because such names have no dots`,
            ...(first !== '' && { help: `write \`${first}\`` }),
          },
          at,
          object,
          field,
        );
      }
    }
  },
};

function isDotted(text: string): boolean {
  return text.includes('.') && placeholderIn(text) === undefined;
}

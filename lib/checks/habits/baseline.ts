/** What the checks of habits share: which policies are of the platform and concern every pod. */
import { ccnp } from '../../admission/example';

/** Kinds without a namespace. */
export const CLUSTERWIDE = ['CiliumClusterwideNetworkPolicy', 'ClusterNetworkPolicy'];

/** Where a finding about the whole is reported: there is no better place. */
export const KIND = { step: 'kind', above: undefined };

/** The manifest of a baseline as the guide has it: egress is closed, and DNS is open through the proxy. */
export function baseline(name: string, selector = '{}', rules = '{ dns: [{ matchPattern: "*" }] }'): string {
  const { yaml } = ccnp(`
    endpointSelector: ${selector}
    egress:
      - toEndpoints:
          - matchLabels:
              io.kubernetes.pod.namespace: kube-system
              k8s-app: kube-dns
        toPorts:
          - ports:
              - port: "53"
                protocol: UDP
            rules: ${rules}
  `);
  return yaml.replace('example', name);
}

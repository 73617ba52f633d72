import { networkPolicy } from '../../admission/example';
import type { PortPart } from '../../model/written';
import { parsePrefix } from '../../net/prefix';
import type { IntentCheck, IntentContext } from '../check';
import { ciliumEgress, EgressBlocks, kubernetesEgress, reachesApiServer, tierEgress } from './blocks';

const spec = (port: number): string => `
    podSelector: {}
    policyTypes:
      - Egress
    egress:
      - to:
          - ipBlock:
              cidr: 0.0.0.0/0
        ports:
          - port: ${port}
            protocol: TCP
  `;

export const check: IntentCheck = {
  code: 'CIL336',
  name: 'world-as-api-server',
  severity: 'info',
  stage: 'intent',
  summary: 'a CIDR of all addresses on the port of the API server, which is not in it if it runs in the cluster',
  why: 'To Cilium a CIDR is a set of addresses outside of the cluster: `0.0.0.0/0` has no pod and no node, also where `policy-cidr-match-mode` lets smaller CIDRs match nodes. An API server on a node of the cluster is the entity `kube-apiserver`. One outside of the cluster, as clouds have it, is in the CIDR.',
  limits:
    'Only the port 6443 is known as that of the API server, which may be another one, and where the API server runs is not known. Not reported: rules that have other ports too, and policies that allow the entity `kube-apiserver` or `all`.',
  source: 'cilium `pkg/policy/types/selector.go`; https://docs.cilium.io/en/stable/security/policy/layer3/',
  bad: networkPolicy(spec(6443)),
  good: networkPolicy(spec(443)),
  inspect(policy, context) {
    inspectBlocks(
      reachesApiServer(policy) ? [] : ciliumEgress(policy).filter(({ isDeny }) => !isDeny),
      'write the entity `kube-apiserver` too',
      context,
    );
  },
  inspectKubernetes(policy, context) {
    inspectBlocks(kubernetesEgress(policy), IN_CILIUM, context);
  },
  inspectTiers(policy, context) {
    inspectBlocks(tierEgress(policy), IN_CILIUM, context);
  },
};

const IN_CILIUM = 'write a Cilium policy with the entity `kube-apiserver` too';

function inspectBlocks(egress: readonly EgressBlocks[], help: string, { report }: IntentContext): void {
  const forApi = egress.filter(({ ports }) => ports.length > 0 && ports.every(isApi));
  for (const { text, at } of forApi.flatMap(({ blocks }) => blocks)) {
    const block = parsePrefix(text);
    if (block.ok && block.value.length === 0) {
      report({ message: `an API server that runs in the cluster is not in \`${text}\``, help }, at);
    }
  }
}

function isApi({ port, endPort }: PortPart): boolean {
  return String(port) === API_PORT && endPort <= Number(API_PORT);
}

const API_PORT = '6443';

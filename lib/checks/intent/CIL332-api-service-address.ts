import { cnp } from '../../admission/example';
import type { PortPart } from '../../model/written';
import { parsePort } from '../../net/port';
import { parsePrefix, prefixText } from '../../net/prefix';
import type { IntentCheck, IntentContext } from '../check';
import { ciliumEgress, EgressBlocks, kubernetesEgress, reachesApiServer, tierEgress } from './blocks';
import { isServiceAddress } from './given-objects';

const rule = (peer: string): string => `
    endpointSelector: {}
    egress:
      - ${peer}
        toPorts:
          - ports:
              - port: "443"
                protocol: TCP
  `;

export const check: IntentCheck = {
  code: 'CIL332',
  name: 'api-service-address',
  severity: 'warning',
  stage: 'intent',
  summary: 'the address of the Service `kubernetes` as a CIDR, which never matches',
  why: `Cilium replaces the address of a Service by that of a backend before it asks any policy. What is behind \`default/kubernetes\` is the API server, so a CIDR rule for the Service address matches no connection. The entity \`kube-apiserver\` stands for all API servers, whatever their addresses.

The Service has the first address of the range for Services. Known are the defaults of kubeadm (\`10.96.0.1\`), of k3s and RKE2 (\`10.43.0.1\`), of MicroK8s (\`10.152.183.1\`) and, at info because other machines often have them, of EKS (\`10.100.0.1\` and \`172.20.0.1\`).`,
  limits:
    'A CIDR of its nodes beside it does not match either. IPv6, wider CIDRs and ranges that were chosen otherwise are not known; with the Services of the cluster, CIL504 reports any of their addresses. Not reported: rules on other ports than 443 and 6443, and allow rules beside one for the entity `kube-apiserver` or `all`.',
  source:
    'docs.cilium.io, Layer 3 Policies, CIDR based and Entities based; kubeadm `networking.serviceSubnet`; k3s and RKE2 `service-cidr`; MicroK8s `--service-cluster-ip-range`; EKS API, `serviceIpv4Cidr`',
  bad: cnp(
    rule(`toCIDR:
          - 10.96.0.1/32`),
  ),
  good: cnp(
    rule(`toEntities:
          - kube-apiserver`),
  ),
  inspect(policy, context) {
    inspectBlocks(
      reachesApiServer(policy) ? ciliumEgress(policy).filter(({ isDeny }) => isDeny) : ciliumEgress(policy),
      'write the entity `kube-apiserver`',
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

const IN_CILIUM = 'write a Cilium policy with the entity `kube-apiserver`';

function inspectBlocks(egress: readonly EgressBlocks[], help: string, context: IntentContext): void {
  const found = egress.flatMap(({ blocks, ports }) =>
    blocks.map(({ text, at }) => ({ block: blockOf(text), ports, at })).filter(({ block }) => Object.hasOwn(OWNERS, block)),
  );
  for (const { block, ports, at } of found) {
    const [address] = block.split('/');
    // With the Service itself, CIL504 tells.
    if ((ports.length === 0 || ports.some(mayBeApi)) && !isServiceAddress(context.objects, address)) {
      const [owner, severity] = OWNERS[block];
      context.report(
        {
          message: `\`${address}\` is the default address of the API server's Service in ${owner}, which Cilium replaces before it asks policies, so this never matches`,
          help,
          severity,
        },
        at,
      );
    }
  }
}

function blockOf(text: string): string {
  const parsed = parsePrefix(text);
  return parsed.ok ? prefixText(parsed.value) : '';
}

/** By block, whose default its address is. */
const OWNERS: Readonly<Record<string, readonly [string, 'warning' | 'info']>> = {
  '10.96.0.1/32': ['kubeadm and Talos', 'warning'],
  '10.43.0.1/32': ['k3s and RKE2', 'warning'],
  '10.152.183.1/32': ['MicroK8s', 'warning'],
  '10.100.0.1/32': ['EKS', 'info'],
  '172.20.0.1/32': ['EKS', 'info'],
};

/** The Service has port 443, and those behind it 6443 as a rule. */
function mayBeApi({ port, endPort }: PortPart): boolean {
  const parsed = parsePort(port);
  if (!parsed.ok) {
    return false;
  }
  return parsed.value.is === 'name' ? parsed.value.name === 'https' : API_PORTS.some((one) => isIn(one, Number(port), endPort));
}

const API_PORTS = [443, 6443];

function isIn(number: number, first: number, last: number): boolean {
  return first === 0 || (number >= first && number <= Math.max(first, last));
}

import { cnp } from '../../admission/example';
import type { RulePart, TextPart } from '../../model/written';
import { groupedBy } from '../../net/grouped';
import type { IntentCheck } from '../check';

const spec = (...entities: readonly string[]): string => `
    endpointSelector: {}
    egress:
      - toEntities:
${entities.map((entity) => `          - ${entity}\n`).join('')}        toPorts:
          - ports:
              - port: "9100"
                protocol: TCP
  `;

export const check: IntentCheck = {
  code: 'CIL327',
  name: 'host-without-remote-node',
  severity: 'info',
  stage: 'intent',
  summary: 'a rule for the node of the pod, and none for the other nodes',
  why: 'The entity `host` is the node that a pod runs on, with the programs in its network. Other nodes are `remote-node`, so what the pod reaches depends on where it is scheduled.',
  limits:
    'Not reported: ingress, where `host` is for the probes of the kubelet on the same node; DNS, which each node may serve for its own pods; and specs where another rule for egress names `remote-node`, `cluster`, `all` or nodes, or the entity `kube-apiserver` on the same ports. Other policies for the same pods are not seen.',
  source: 'Documentation `security/policy/layer3`, Access to/from all nodes in the cluster; cilium issues 10405 and 31522',
  bad: cnp(spec('host')),
  good: cnp(spec('host', 'remote-node')),
  inspect({ specs }, { report }) {
    for (const { rules } of specs.filter(({ isHost }) => !isHost)) {
      const egress = rules.filter(({ section }) => section === 'egress');
      const forApiServer = apiServerPorts(egress);
      const hosts = egress.filter((rule) => hostsIn(rule).length > 0 && !isForDns(rule) && !forApiServer(portsOf(rule)));
      const [found] = hosts.flatMap(hostsIn);
      if (found !== undefined && !egress.some(reachesOthers)) {
        report(
          {
            message: '`host` is the node of the pod, and the rules do not reach other nodes',
            help: 'add `remote-node` if other nodes are meant too',
          },
          found.at,
        );
      }
    }
  },
};

function hostsIn({ entities = [] }: RulePart): readonly TextPart[] {
  return entities.filter(({ text }) => text === 'host');
}

function reachesOthers({ entities = [], nodes = [] }: RulePart): boolean {
  return nodes.length > 0 || entities.some(({ text }) => WIDER.includes(text));
}

const WIDER = ['remote-node', 'cluster', 'cluster-mesh', 'all'];

function isForDns({ portRules }: RulePart): boolean {
  const ports = portRules.flatMap((part) => part.ports);
  return ports.length > 0 && ports.every(({ port }) => port === '53');
}

/** Answers whether a rule allows the API server on all of some ports: then nodes are meant as machines of the API server. */
function apiServerPorts(egress: readonly RulePart[]): (ports: readonly string[]) => boolean {
  const rules = egress
    .filter(({ entities = [] }) => entities.some(({ text }) => text === 'kube-apiserver'))
    .map((rule) => ({ isForAll: rule.portRules.length === 0, ports: new Set(portsOf(rule)) }));
  const isForAll = rules.some((rule) => rule.isForAll);
  const byPort = groupedBy(
    rules.flatMap((rule) => [...rule.ports].map((port) => ({ port, rule }))),
    ({ port }) => port,
  );
  return (ports) => isForAll || (byPort.get(ports[0]) ?? []).some(({ rule }) => ports.every((port) => rule.ports.has(port)));
}

/** A port that has an end is another one. The protocol hardly ever differs. */
function portsOf({ portRules }: RulePart): readonly string[] {
  return portRules.flatMap(({ ports }) => ports.map(({ port, endPort }) => `${port}-${endPort}`));
}

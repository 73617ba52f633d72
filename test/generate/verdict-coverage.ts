/** Counts what worlds and their answers show. */
import type { FlowAnswer, WorldAnswer } from '../support/vectors/verdicts';
import { counted, Counts } from './counts';
import type { Flow } from './flows';
import type { WorldCase } from './worlds';

const REASONS = {
  egress: ['rule', 'deny-rule', 'default-deny', 'not-enforced', 'audited', 'protocol-off', 'not-authenticated', 'n/a', 'unknown'],
  ingress: [
    ...['rule', 'deny-rule', 'default-deny', 'not-enforced', 'localhost', 'audited', 'protocol-off', 'not-authenticated'],
    ...['n/a', 'unknown'],
  ],
};

const REDIRECTS = { egress: ['http', 'dns', 'tls', 'crd'], ingress: ['http', 'tls'] };

/** Redirects to proxies that 1.20 removed. */
const OLD_REDIRECTS = ['egress > kafka', 'egress > proxylib', 'ingress > kafka'];

const PLACES = ['pod', 'node', 'ip', 'fqdn', 'entity', 'labels'];

const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 'VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'];

const REQUESTS = ['http', 'dns', 'sni'] as const;

const SWITCHES = [
  'enable-policy: always',
  'enable-policy: never',
  'enable-host-firewall: true',
  'allow-localhost: policy',
  'policy-cidr-match-mode: nodes',
  'policy-cidr-match-mode: pods',
  'policy-default-local-cluster: true',
  'policy-default-local-cluster: false',
  'enable-node-selector-labels: true',
  'enable-non-default-deny-policies: false',
  'enable-extended-ip-protocols: true',
  'enable-ipv6: true',
  'enable-sctp: true',
  'allow-icmp-frag-needed: false',
  'mesh-auth-enabled: false',
  'policy-audit-mode: true',
  'kube-proxy-replacement: true',
  'k8s-service-proxy-name: other',
  'cluster-name: east',
  'labels: k8s:!tier',
];

/** The conflicts because of which the policy of an endpoint does not resolve: the rules of B.10 of the language reference. */
const CONFLICTS: Readonly<Record<string, RegExp>> = {
  'two parsers': /conflicting L7 parsers/,
  'two listeners': /conflicting CiliumEnvoyConfig Listeners/,
  'two modes of authentication': /conflicting authentication types/,
  'two contexts of TLS': /conflicting (terminating|originating) TLS contexts/,
  'requests after server names': /cannot merge L7 rules/,
  'a listener of a namespace in a clusterwide policy': /in CCNP can not use Kind CiliumEnvoyConfig/,
};

/** Every name that a minor can show, with its count. Names that never occur count 0. */
export function verdictCoverage(recorded: readonly { world: WorldCase; answer: WorldAnswer }[], minor: string): Counts {
  const seen = recorded.flatMap(({ world, answer }) => [...switchesOf(world), ...flowsOf(world, answer), ...conflictsOf(answer)]);
  return counted(seen, namesOf(minor));
}

function namesOf(minor: string): string[] {
  return [
    ...(['egress', 'ingress'] as const).flatMap((side) => [
      ...REASONS[side].map((reason) => `${side} ${reason}`),
      ...REDIRECTS[side].map((redirect) => `${side} > ${redirect}`),
    ]),
    ...(minor === '1.20' ? [] : OLD_REDIRECTS),
    ...REQUESTS.flatMap((request) => ['allowed', 'denied', 'unknown'].map((ruling) => `${request} ${ruling}`)),
    ...PLACES.flatMap((place) => [`from ${place}`, `to ${place}`]),
    'to service',
    ...PROTOCOLS,
    'a flow that cannot be judged',
    'a policy that is refused',
    ...SWITCHES,
    ...Object.keys(CONFLICTS),
  ];
}

function switchesOf({ config }: WorldCase): string[] {
  return Object.entries(config).map(([key, value]) => `${key}: ${value}`);
}

function flowsOf({ flows }: WorldCase, answer: WorldAnswer): string[] {
  return answer.error === null ? flows.flatMap((flow, i) => flowNames(flow, answer.answers[i])) : [];
}

function flowNames({ from, to, protocol }: Flow, answer: FlowAnswer): string[] {
  if ('error' in answer) {
    return ['a flow that cannot be judged'];
  }
  const sides = (['egress', 'ingress'] as const).flatMap((name) => {
    const { decision, reason, redirect } = answer[name];
    return [`${name} ${reason ?? decision}`, ...(redirect === null ? [] : [`${name} > ${redirect}`])];
  });
  const rulings = REQUESTS.flatMap((request) => (answer[request] === undefined ? [] : [`${request} ${answer[request]}`]));
  return [...sides, ...rulings, `from ${kindOf(from)}`, `to ${kindOf(to)}`, protocol];
}

function kindOf(place: object): string {
  return 'labels' in place ? 'labels' : Object.keys(place)[0];
}

function conflictsOf({ error }: WorldAnswer): string[] {
  if (error === null) {
    return [];
  }
  const conflicts = Object.keys(CONFLICTS).filter((name) => CONFLICTS[name].test(error));
  return / is refused: /.test(error) ? [...conflicts, 'a policy that is refused'] : conflicts;
}

import { cnp, shownAs } from '../../admission/example';
import type { SetCheck } from '../check';
import { KnownCluster } from './known-cluster';
import { PortName, portNamesIn } from './port-names';

const pod = (name: string, port: number): string => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
spec:
  containers:
    - name: app
      ports: [{ name: http, containerPort: ${port} }]
`;

const example = (port: number) => ({
  yaml:
    cnp(`
    endpointSelector: {}
    egress:
      - toEndpoints:
          - {}
        toPorts:
          - ports:
              - port: http
                protocol: TCP
  `).yaml +
    pod('web', 8080) +
    pod('api', port),
});

export const check: SetCheck = {
  code: 'CIL513',
  name: 'port-name-disagrees',
  severity: 'warning',
  minors: ['1.18', '1.19'],
  stage: 'inventory',
  summary: 'a port name in an egress rule for which pods have several numbers',
  why:
    'Up to 1.19, the agent keeps one number for a port name in egress rules, for the whole cluster. If two pods of any namespaces give the name different ' +
    'numbers, it has none, and the rule matches no traffic. From 1.20 on the name means the port of each peer. In ingress rules, a name always means ' +
    'the port of the pod itself.',
  limits:
    'Only given pods count, and none in the network of their node. Not reported if the name has a single number for one of the protocols of the rule.',
  source: 'cilium 1.19 `pkg/types/portmap.go`, NamedPortMultiMap',
  bad: example(9090),
  good: shownAs({ yaml: pod('web', 8080) + pod('api', 8080) }, example(8080)),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    for (const policy of cluster?.policies ?? []) {
      const named = portNamesIn(policy).filter((port) => port.rule.direction === 'egress' && disagreeing(port, cluster!).length > 1);
      for (const port of named) {
        report(policy.resource, wordingOf(port, disagreeing(port, cluster!)), undefined, ...port.path);
      }
    }
  },
};

/** The numbers of a name; empty if it has one for some protocol, which then matches. */
function disagreeing({ name, protocols }: PortName, { namedPorts }: KnownCluster): readonly number[] {
  const numbers = protocols.map((protocol) => namedPorts.all(name, protocol));
  return numbers.some(({ size }) => size === 1) ? [] : [...new Set(numbers.flatMap((set) => [...set]))].sort((a, b) => a - b);
}

function wordingOf({ name, rule: { effect } }: PortName, numbers: readonly number[]) {
  const few = numbers.slice(0, MOST_NAMED).join(', ');
  const shown = `${few}${numbers.length > MOST_NAMED ? ` and ${numbers.length - MOST_NAMED} more` : ''}`;
  return {
    message: `pods have several numbers for the port \`${name}\`, ${shown}, so the rule ${effect === 'deny' ? 'denies' : 'allows'} nothing on it`,
    help: 'write the number of the port',
  };
}

const MOST_NAMED = 5;

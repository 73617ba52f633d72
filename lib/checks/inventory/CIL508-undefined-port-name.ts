import type { Wording } from '../../admission/check';
import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import { isSince } from '../../crd/minor';
import type { NamedPort } from '../../model/inventory';
import type { Path } from '../../model/path';
import type { LabelSelector } from '../../model/policy';
import type { SetCheck } from '../check';
import { askedOf } from './asked';
import { KnownCluster } from './known-cluster';
import { holdersOf, PortName, portNamesIn } from './port-names';
import { isTypo } from './typos';

const POD = `---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: { app: web }
spec:
  containers:
    - name: web
      ports: [{ name: http, containerPort: 8080 }]
`;

const example = (port: string) => ({
  yaml:
    cnp(`
    endpointSelector:
      matchLabels:
        app: web
    ingress:
      - toPorts:
          - ports:
              - port: ${port}
                protocol: TCP
  `).yaml + POD,
});

export const check: SetCheck = {
  code: 'CIL508',
  name: 'undefined-port-name',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a port name that no container of the selected pods defines',
  why: 'A port name stands for the port of a container that has this name and protocol: in ingress rules of the pods that the policy selects, in egress rules of the peers. A name that none of them has matches no traffic. Up to 1.19 a name in an egress rule may be that of any pod of the cluster. It is only informative if no name or protocol differs by a slip and the objects are not those of a cluster: other manifests may have the pods that are meant.',
  limits:
    'Not reported: selectors without labels, if the name is no slip, because other pods may have it; rules whose peers are not only pods; and names of pods that are not given.',
  source: 'cilium `pkg/policy/l4.go`; `pkg/k8s/watchers/pod.go`',
  bad: example('htpp'),
  good: example('http'),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    for (const policy of cluster?.placed ?? []) {
      const names = portNamesIn(policy);
      for (const { path, wording } of names.flatMap((name) => undefinedIn(name, cluster!))) {
        report(policy.resource, wording, undefined, ...path);
      }
    }
  },
};

function undefinedIn(port: PortName, cluster: KnownCluster): readonly { readonly path: Path; readonly wording: Wording }[] {
  const { name, protocols, rule, path } = port;
  const holders = holdersOf(port);
  if (holders === undefined || !holders.every((selector) => cluster.covers(selector))) {
    return [];
  }
  const known = holders.flatMap((selector) => cluster.portsOf(selector) ?? []);
  const ports = known.flat();
  const isOfAnyPod = rule.direction === 'egress' && !isSince(cluster.agent.minor, '1.20');
  const isDefined = isOfAnyPod
    ? protocols.some((protocol) => cluster.namedPorts.all(name, protocol).size > 0)
    : ports.some((one) => one.name === name && protocols.some((protocol) => protocol === one.protocol));
  const guess = ports.find((one) => isTypo(name, one.name));
  const isSure = guess !== undefined || holders.every(isSpecific);
  return known.length === 0 || isDefined || !isSure ? [] : [{ path, wording: wordingOf(port, ports, guess, cluster) }];
}

/** Whether a selector asks for labels, so that the pods of the inventory are most likely those that are meant. */
function isSpecific(selector: LabelSelector): boolean {
  return askedOf(selector).some(({ operator }) => operator === 'In');
}

function wordingOf(port: PortName, ports: readonly NamedPort[], guess: NamedPort | undefined, { isListed }: KnownCluster): Wording {
  const { name, rule } = port;
  const isOther = ports.some((one) => one.name === name);
  const who = rule.direction === 'ingress' ? 'that the policy selects' : 'that the rule selects';
  return {
    message: `no given pod ${who} has a port \`${name}\`${isOther ? ' of this protocol' : ''}`,
    help: guess === undefined ? helpFor(port, ports) : `did you mean \`${guess.name}\`?`,
    ...(guess !== undefined && { fix: writeValue(guess.name, 'unsafe') }),
    ...(guess === undefined && !isOther && !isListed && { severity: 'info' as const }),
  };
}

function helpFor({ name, protocols, rule }: PortName, ports: readonly NamedPort[]): string {
  const same = ports.find((one) => one.name === name);
  if (same === undefined) {
    const names = [...new Set(ports.map((one) => one.name))];
    return names.length === 0 ? 'their ports have no names; write the number' : `they have ${quotedSome(names)}`;
  }
  // The other protocol may have an entry of its own, and then this one is meant.
  const isThere = (rule.traffic ?? []).some(({ port, protocol }) => port.is === 'name' && port.name === name && protocol === same.protocol);
  const isMeant = isThere && protocols.length === 1;
  return isMeant
    ? `write the number \`${same.number}\`, or give the ${protocols[0]} port of the container a name`
    : `write \`protocol: ${same.protocol}\`, or the number of the port`;
}

function quotedSome(names: readonly string[]): string {
  const few = names.slice(0, MOST_NAMED).map((name) => `\`${name}\``);
  return `${few.join(', ')}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''}`;
}

const MOST_NAMED = 3;

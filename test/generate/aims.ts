/** Generates flows between the subjects and the peers of a policy, on its ports, because random flows rarely match a rule. */
import type { Flow, Place } from './flows';
import type { Places } from './inventory';
import type { JsonObject } from './json';
import { listOf, objectOf, textOf } from './json';
import type { LabelChoices, Universe } from './universe';

type Traffic = Pick<Flow, 'protocol' | 'port' | 'type'>;

const SECTIONS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

const NAMESPACE = 'io.kubernetes.pod.namespace';

/** A few flows for every element of the policy. */
export function aimsOf(policy: JsonObject, universe: Universe, places: Places): Flow[] {
  const rules = [policy['spec'], ...listOf(policy['specs'])].filter((rule) => rule !== undefined).map(objectOf);
  const namespace = objectOf(policy['metadata'])['namespace'] as string | undefined;
  return rules.flatMap((rule) => {
    const subject = subjectOf(rule, namespace, universe, places);
    return SECTIONS.flatMap((section) =>
      listOf(rule[section])
        .map(objectOf)
        .flatMap((element) => {
          const isIngress = section.startsWith('ingress');
          const peers = peersOf(element, isIngress ? 'from' : 'to', namespace, universe, places);
          return peers.flatMap((peer) =>
            trafficOf(element).map((traffic) => ({ from: isIngress ? peer : subject, to: isIngress ? subject : peer, ...traffic })),
          );
        }),
    );
  });
}

function subjectOf(rule: JsonObject, namespace: string | undefined, universe: Universe, { nodes }: Places): Place {
  if (rule['nodeSelector'] !== undefined) {
    return { node: nodes[0] };
  }
  return podOf(objectOf(rule['endpointSelector'] ?? rule['podSelector']), namespace, universe);
}

/** A pod that a selector selects, as far as its labels allow it. */
function podOf(selector: JsonObject, namespace: string | undefined, universe: Universe): Place {
  const wanted = { ...objectOf(selector['matchLabels']) } as Record<string, string>;
  for (const { key, operator, values } of listOf(selector['matchExpressions']).map(objectOf)) {
    if (operator === 'In' || operator === 'Exists') {
      wanted[textOf(key)] = listOf(values).length > 0 ? textOf(listOf(values)[0]) : anyValue(universe.labels, textOf(key));
    }
  }
  const labels: Record<string, string> = {};
  let own = namespace ?? universe.namespaces[0];
  for (const [written, value] of Object.entries(wanted)) {
    const key = written.replace(/^(k8s|any):/, '');
    if (key === NAMESPACE) {
      own = value || own;
    } else if (!key.includes(':') && !key.startsWith('io.')) {
      labels[key] = value;
    } else if (key.startsWith('reserved:')) {
      const entity = key.slice('reserved:'.length);
      return { entity };
    }
  }
  return { labels, namespace: own };
}

function anyValue(choices: readonly LabelChoices[], key: string): string {
  return choices.find((choice) => key.endsWith(choice.key))?.values[0] ?? '';
}

function peersOf(element: JsonObject, side: 'from' | 'to', namespace: string | undefined, universe: Universe, places: Places): Place[] {
  const list = (member: string) => listOf(element[`${side}${member}`]);
  // A NetworkPolicy has its peers in `from` or `to`.
  const kubernetes = listOf(element[side]).map(objectOf);
  const blocks = [...list('CIDRSet').map(objectOf), ...kubernetes.map((peer) => objectOf(peer['ipBlock']))];
  const prefixes = [...list('CIDR'), ...blocks.flatMap((block) => [block['cidr'], ...listOf(block['except'])])];
  const selectors = [...list('Endpoints').map(objectOf), ...kubernetes.map((peer) => objectOf(peer['podSelector']))];
  const names = list('FQDNs').map((name) => textOf(objectOf(name)['matchName']));
  const peers: Place[] = [
    ...selectors.map((selector) => podOf(selector, namespace, universe)),
    ...prefixes.filter((prefix) => typeof prefix === 'string').map((prefix) => ({ ip: prefix.split('/')[0] })),
    ...list('Entities').map((entity) => entityPlace(textOf(entity), universe)),
    ...names.filter((name) => places.names.includes(name)).map((fqdn) => ({ fqdn })),
    ...(list('FQDNs').length > 0 ? places.names.map((fqdn) => ({ fqdn })) : []),
    ...(list('Nodes').length > 0 ? places.nodes.map((node) => ({ node })) : []),
    ...(list('Services').length > 0 ? [...places.pods.slice(0, 2).map((pod) => ({ pod })), { ip: '203.0.113.5' }] : []),
  ];
  return peers.length > 0 ? peers : [{ entity: 'world' }, { pod: places.pods[0] }];
}

function entityPlace(entity: string, universe: Universe): Place {
  const isPlace = ['world', 'host', 'remote-node', 'kube-apiserver', 'health', 'ingress', 'init', 'unmanaged'].includes(entity);
  return isPlace ? { entity } : { labels: {}, namespace: universe.namespaces[0] };
}

const NUMBER_OF: Readonly<Record<string, number>> = { http: 8080, metrics: 9090, dns: 53 };

function trafficOf(element: JsonObject): Traffic[] {
  const ports = [...listOf(element['toPorts']).flatMap((rule) => listOf(objectOf(rule)['ports'])), ...listOf(element['ports'])].map(
    objectOf,
  );
  const fields = listOf(element['icmps']).flatMap((icmp) => listOf(objectOf(icmp)['fields']).map(objectOf));
  const traffic: Traffic[] = [
    ...ports.map(({ port, endPort, protocol }): Traffic => {
      const number = NUMBER_OF[textOf(port)] ?? Number(port);
      const last = typeof endPort === 'number' && endPort > number ? endPort : number;
      const named = protocol === undefined || protocol === 'ANY' ? (number % 2 === 0 ? 'UDP' : 'TCP') : textOf(protocol);
      const usual = ['TCP', 'UDP', 'SCTP'].includes(named);
      return usual ? { protocol: named, port: Math.max(1, (number + last) >> 1 || 443) } : { protocol: named };
    }),
    ...fields.map(({ family, type }): Traffic => ({ protocol: family === 'IPv6' ? 'ICMPv6' : 'ICMP', type: type as number | string })),
  ];
  return traffic.length > 0 ? traffic : [{ protocol: 'TCP', port: 80 }];
}

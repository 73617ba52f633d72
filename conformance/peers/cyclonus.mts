// cyclonus judges one flow at a time, so it is asked about one port of each range that the objects tell apart. Built from
// github.com/mattfenwick/cyclonus/cmd/cyclonus.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Manifest, Pair, Peer, podName, portsOf, PROTOCOLS, rangesText } from './peer.mjs';

/** One flow, in cyclonus's words. */
interface Traffic {
  readonly Source: unknown;
  readonly Destination: unknown;
  readonly ResolvedPort: number;
  readonly ResolvedPortName: string;
  readonly Protocol: string;
}

export const CYCLONUS: Peer = {
  tool: 'cyclonus',
  probe: ['analyze', '--help'],
  // Without the key, `NotIn` matches no pod there, and matches in Kubernetes.
  reads: ({ kind, spec }) => kind !== 'NetworkPolicy' || !/"NotIn"|::/.test(JSON.stringify(spec)),
  ask(objects, pairs) {
    const firsts = firstPorts(objects);
    const pods = new Map(objects.filter(({ kind }) => kind === 'Pod').map((pod) => [podName(pod), pod]));
    const questions = pairs.flatMap((pair) =>
      PROTOCOLS.flatMap((protocol) =>
        firsts.flatMap((first, i) => {
          const range = [protocol, first, (firsts[i + 1] ?? 65_536) - 1] as const;
          return trafficOf(objects, pods, pair, range).map((traffic) => ({ pair, range, traffic }));
        }),
      ),
    );
    const answers = judged(
      objects,
      questions.map(({ traffic }) => traffic),
    );
    return (
      answers && pairs.map((pair) => rangesText(questions.filter((one, i) => one.pair === pair && answers[i]).map(({ range }) => range)))
    );
  },
};

/** The first port of each range whose ports are all treated alike. */
function firstPorts(objects: readonly Manifest[]): readonly number[] {
  const text = JSON.stringify(objects);
  const numbers = [...text.matchAll(/"(?:port|endPort|containerPort)":(\d+)/g)].map(([, digits]) => Number(digits));
  return [...new Set([1, ...numbers.flatMap((port) => [port, port + 1])])].filter((port) => port <= 65_535).sort((a, b) => a - b);
}

/** A flow for each name of the port, because cyclonus takes one name. */
function trafficOf(
  objects: readonly Manifest[],
  pods: ReadonlyMap<string, Manifest>,
  [from, to]: Pair,
  [protocol, port]: readonly [string, number, number],
): readonly Traffic[] {
  const destination = pods.get(to);
  const names =
    destination === undefined
      ? []
      : portsOf(destination).filter((one) => one.containerPort === port && (one.protocol ?? 'TCP') === protocol);
  const end = (name: string) => endOf(objects, pods.get(name), name);
  return (names.length === 0 ? [{}] : names).map(({ name = '' }: { name?: string }) => ({
    Source: end(from),
    Destination: end(to),
    ResolvedPort: port,
    ResolvedPortName: name,
    Protocol: protocol,
  }));
}

/** Cilium matches no pods by blocks, so pods get an address that no IPv4 block holds. */
function endOf(objects: readonly Manifest[], pod: Manifest | undefined, address: string): unknown {
  if (pod === undefined) {
    return { Internal: null, IP: address };
  }
  const namespace = pod.metadata.namespace ?? 'default';
  const labels = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace)?.metadata.labels;
  return {
    Internal: {
      PodLabels: pod.metadata.labels ?? {},
      NamespaceLabels: { ...labels, 'kubernetes.io/metadata.name': namespace },
      Namespace: namespace,
    },
    IP: 'fd00::1',
  };
}

/** A policy with the defaults that the API server fills in, without which cyclonus refuses it. It takes no range of one port either. */
function stored(policy: Manifest): unknown {
  const { policyTypes, ingress, egress, ...spec } = policy.spec as NetworkPolicySpec;
  const withDefaults = (rules: readonly NetworkPolicyRule[] | undefined) =>
    rules?.map(({ ports, ...peers }) => ({
      ...peers,
      ...(ports && {
        ports: ports.map(({ endPort, ...port }) => ({ protocol: 'TCP', ...port, ...(endPort !== port.port && { endPort }) })),
      }),
    }));
  return {
    ...policy,
    spec: {
      ...spec,
      policyTypes: policyTypes ?? ['Ingress', ...((egress ?? []).length > 0 ? ['Egress'] : [])],
      ...(ingress && { ingress: withDefaults(ingress) }),
      ...(egress && { egress: withDefaults(egress) }),
    },
  };
}

interface NetworkPolicySpec {
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly NetworkPolicyRule[];
  readonly egress?: readonly NetworkPolicyRule[];
}

interface NetworkPolicyRule {
  readonly ports?: readonly { readonly port?: string | number; readonly endPort?: number; readonly protocol?: string }[];
}

function judged(objects: readonly Manifest[], traffic: readonly Traffic[]): readonly boolean[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  try {
    const policies = join(folder, 'policies.yaml');
    writeFileSync(
      policies,
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.filter(({ kind }) => kind === 'NetworkPolicy').map(stored) }),
    );
    writeFileSync(join(folder, 'traffic.json'), JSON.stringify(traffic));
    const { status, stdout } = spawnSync(
      'cyclonus',
      ['analyze', '--mode', 'query-traffic', '--policy-path', policies, '--traffic-path', join(folder, 'traffic.json')],
      { encoding: 'utf8', maxBuffer: 2 ** 30 },
    );
    const answers = [...stdout.matchAll(/IS ALLOWED\? \|\s+(TRUE|FALSE)/g)].map(([, word]) => word === 'TRUE');
    return status === 0 && answers.length === traffic.length ? answers : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

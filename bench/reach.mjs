// Benchmarks reachability and diff with generated policies and pods: `npm run bench:reach`.
//
// For each size, in a process of its own: the time to read and accept the policies, to find the ends, to find what passes between every two of them,
// and to fold them into classes; then a diff of the set with itself, and with a set in which one of a hundred policies has another port. Memory is the peak of the process. Pods that
// could exist are among the ends. Then whole processes, start-up included, on 500 NetworkPolicies and 1,000 pods: the connections of all pairs, by this
// project and by netpol-analyzer, if it is on the PATH.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, ms, timed, valueOf } from './measuring.mjs';
import { policiesOf, podsOf, nodesOf, namespaceOf, labels } from './workload.mjs';

/** Pods of a workload. */
const REPLICAS = 10;

const SIZES = [
  [100, 200],
  [500, 1_000],
  [1_000, 10_000],
  [10_000, 10_000],
];

const [, self, policies, pods] = process.argv;
if (policies === undefined) {
  for (const size of SIZES) {
    const { stdout, stderr, status } = spawnSync('node', [self, ...size.map(String)], { encoding: 'utf8' });
    process.stdout.write(
      status === 0 ? stdout : `${size.join(' × ')}: ${stderr.split('\n').find((line) => line.includes('Error')) ?? stderr.slice(0, 200)}\n`,
    );
  }
  allPairs(500, 1_000);
} else {
  await measure(Number(policies), Number(pods));
}

async function measure(policyCount, podCount) {
  const { readObjects } = await import('../dist/read/read.js');
  const { settle } = await import('../dist/settings/settings.js');
  const { Snapshot } = await import('../dist/snapshot/snapshot.js');
  const { MOST_COMPARED, MOST_SHOWN, openComparison, openReach } = await import('../dist/snapshot/reach.js');
  const { compared } = await import('../dist/snapshot/changes.js');
  const { classesOf } = await import('../dist/reach/classes.js');
  const settings = settle([], { values: { cilium: '1.20' } }).value;
  const cluster = [...nodesOf(podCount), ...podsOf(podCount, REPLICAS)];
  const all = policiesOf(policyCount, podCount, REPLICAS);
  const over = (some) =>
    new Snapshot(
      readObjects(
        'bench',
        [...cluster, ...some].map((value) => ({ value })),
        settings,
      ),
      settings,
    ).verdicts().value;
  const [verdicts, accept] = timed(() => over(all));
  const [found, ends] = timed(() => openReach(verdicts, MOST_SHOWN));
  const diff = (after) => compared(valueOf(openComparison(verdicts, over(after), MOST_COMPARED))).changes.length;
  const [, same] = timed(() => diff(all));
  const [changes, less] = timed(() => diff(changedIn(all)));
  const line = `${policyCount} × ${podCount}: accept ${ms(accept)}, diff with itself ${ms(same)}, ${changes} changes ${ms(less)}`;
  if (!found.ok) {
    console.log(`${line}, ${memory()}; ${found.problem}`);
    return;
  }
  const opened = found.value;
  const { length } = opened.universe.ends;
  const [, pairs] = timed(() => {
    for (let from = 0; from < length; from++) {
      for (let to = 0; to < length; to++) {
        opened.all[0].traffic(from, to);
      }
    }
  });
  const [folded, classes] = timed(() => classesOf(length, (from, to) => opened.all[0].traffic(from, to)));
  console.log(`${line}, ${length} ends ${ms(ends)}, all pairs ${ms(pairs)}, ${folded.classes.length} classes ${ms(classes)}, ${memory()}`);
}

/** Measures the connections of all pairs, in processes that take turns. The other tool knows no pods that could exist. */
function allPairs(policyCount, podCount) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-reach-'));
  try {
    const objects = [...namespacesOf(podCount), ...podsOf(podCount), ...networkPoliciesOf(policyCount, podCount)];
    writeFileSync(join(folder, 'objects.yaml'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    const tools = {
      'cdk8s-cilium reach': ['node', 'dist/cli/main.js', 'reach', folder, '-o', 'json'],
      'netpol-analyzer list': ['netpol-analyzer', 'list', '--dirpath', folder, '--quiet', '--output', 'json'],
    };
    for (const [name, [program, ...words]] of Object.entries(tools)) {
      const [{ error, status, stderr }, time] = timed(() => spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 30 }));
      const outcome = error !== undefined ? 'not on the PATH' : status === 0 ? ms(time) : `failed: ${stderr.slice(0, 200)}`;
      console.log(`all pairs of ${podCount} pods with ${policyCount} NetworkPolicies, ${name}: ${outcome}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function namespacesOf(podCount) {
  const names = new Set(Array.from({ length: podCount }, (_, i) => namespaceOf(i)));
  return [...names].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

/** Of three shapes: a neighbour on a port, a tier of the namespace, and another namespace. */
function networkPoliciesOf(count, podCount) {
  return Array.from({ length: count }, (_, i) => {
    const own = i % podCount;
    const peer = [
      { podSelector: labels({ app: `app-${(own + 1) % podCount}` }) },
      { podSelector: labels({ tier: 'web' }) },
      { namespaceSelector: labels({ 'kubernetes.io/metadata.name': namespaceOf((own + 50) % podCount) }) },
    ][i % 3];
    const ingress = [{ from: [peer], ports: [{ port: 5432, protocol: 'TCP' }] }];
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `policy-${i}`, namespace: namespaceOf(own) },
      spec: { podSelector: labels({ app: `app-${own}` }), policyTypes: ['Ingress'], ingress },
    };
  });
}

/** The same policies, with another port in one of a hundred. */
function changedIn(policies) {
  return policies.map((policy, i) => (i % 100 === 0 ? JSON.parse(JSON.stringify(policy).replaceAll('"5432"', '"5433"')) : policy));
}

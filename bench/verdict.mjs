// Benchmarks verdicts with generated policies and pods: `npm run bench:verdict`.
//
// For each size, in one process: the time to read and check the policies, to compile them for every pod, and to answer a flow between two pods
// that are already compiled (the median of seven rounds); then the time to make an engine in which one policy is another one, and to answer a flow of a
// pod that it selects (the median too). Memory is the peak of the process. The last size is of pods that all have their own labels, and of policies of
// the whole cluster. Then `batch` and the command line as whole processes, the last one with a policy that has many rules.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { companyPodsOf, companyPoliciesOf, namespaceOf, nodesOf, podsOf, policiesOf, ports } from './workload.mjs';

const SIZES = [
  [10, 10],
  [1_000, 1_000],
  [10_000, 10_000],
  [10_000, 100_000],
  [10_000, 65_000, 'company'],
];
const FLOWS = 1_000_000;
const ROUNDS = 7;

const [, self, policies, pods, shape] = process.argv;
if (policies === undefined) {
  console.log('policies  pods      accept     compile    verdict     one change  by the specification    memory');
  for (const size of SIZES) {
    const { stdout, stderr, status } = spawnSync('node', ['--expose-gc', self, ...size.map(String)], { encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(stderr);
    }
    process.stdout.write(stdout);
  }
  wholeProcesses();
} else {
  await measure(Number(policies), Number(pods), shape === 'company');
}

async function measure(policyCount, podCount, isCompany) {
  const { readObjects } = await import('../dist/read/read.js');
  const { settle } = await import('../dist/settings/settings.js');
  const { Snapshot } = await import('../dist/snapshot/snapshot.js');
  const { FastEngine } = await import('../dist/reach/engine.js');
  const { agentOf } = await import('../dist/resolve/agent.js');
  const pods = isCompany ? companyPodsOf(podCount) : podsOf(podCount);
  const policies = isCompany ? companyPoliciesOf(policyCount, podCount) : policiesOf(policyCount, podCount);
  const objects = [...nodesOf(podCount), ...pods, ...policies].map((value) => ({ value }));
  const read = readObjects('bench', objects, { namespace: 'default' });

  const acceptStart = performance.now();
  const settings = settle([], { values: { cilium: '1.20' } }).value;
  const verdicts = new Snapshot(read, settings).verdicts().value;
  const accept = performance.now() - acceptStart;
  if (verdicts.refused.length > 0) {
    throw new Error('the benchmark generates policies that are rejected');
  }

  const compileStart = performance.now();
  const engine = new FastEngine(verdicts.policies, verdicts.inventory, agentOf('1.20', {}).value);
  const endpoints = [...verdicts.inventory.pods.keys()].map((name) => engine.endpoint({ is: 'pod', name }));
  // The policies of a pod are compiled on the first look-up.
  endpoints.forEach((endpoint) => engine.lookup('egress', endpoint, endpoint, 0, 80));
  const compile = performance.now() - compileStart;

  const random = randomFrom(7);
  const pick = () => endpoints[Math.floor(random() * endpoints.length)];
  const asked = Array.from({ length: FLOWS }, () => [pick(), pick(), random() < 0.5 ? 5432 : 80]);
  let denied = 0;
  const ask = () => {
    for (const [from, to, port] of asked) {
      denied += engine.lookup('egress', from, to, 0, port) + engine.lookup('ingress', to, from, 0, port);
    }
  };
  ask();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    ask();
    return ((performance.now() - start) / FLOWS) * 1000;
  });
  const verdict = medianOf(rounds);

  const changes = Array.from({ length: ROUNDS }, (_, i) => {
    const [old, now] = [verdicts.policies[i], { ...verdicts.policies[i + 1], name: `changed-${i}` }];
    const start = performance.now();
    const changed = engine.with(verdicts.policies.map((one) => (one === old ? now : one)));
    const end = changed.endpoint({ is: 'pod', name: `${namespaceOf(i + 1)}/pod-${i + 1}` });
    denied += changed.lookup('egress', end, end, 0, 80);
    return performance.now() - start;
  });

  const names = [...verdicts.inventory.pods.keys()];
  const few = Math.min(200, names.length);
  const specificationStart = performance.now();
  for (let i = 0; i < few; i++) {
    verdicts.specification.verdict({
      from: { is: 'pod', name: names[i] },
      to: { is: 'pod', name: names[(i * 7) % names.length] },
      protocol: 'TCP',
      port: 80,
    });
  }
  const specification = ((performance.now() - specificationStart) / few) * 1000;
  const columns = [
    String(policyCount).padEnd(10),
    String(podCount).padEnd(10),
    `${accept.toFixed(0)} ms`.padEnd(11),
    `${compile.toFixed(0)} ms`.padEnd(11),
    `${verdict.toFixed(3)} µs`.padEnd(12),
    `${medianOf(changes).toFixed(0)} ms`.padEnd(12),
    `${specification.toFixed(0)} µs`.padEnd(24),
    `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
  ];
  console.log(columns.join('') + (denied < 0 ? ' ' : ''));
}

function medianOf(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** A deterministic generator of random numbers. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Measures `batch` with many flows, and the command line with a folder of ten policies. */
function wholeProcesses() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-verdict-'));
  const main = join(fileURLToPath(import.meta.url), '../../dist/cli/main.js');
  try {
    const objects = [...nodesOf(1_000), ...podsOf(1_000), ...policiesOf(1_000, 1_000)];
    const random = randomFrom(11);
    const pod = () => {
      const i = Math.floor(random() * 1_000);
      return { pod: `${namespaceOf(i)}/pod-${i}` };
    };
    const batches = 10;
    const flowsOf = () =>
      Array.from({ length: 100_000 }, () => ({ from: pod(), to: pod(), protocol: 'TCP', port: random() < 0.5 ? 5432 : 80 }));
    const input = Array.from({ length: batches }, (_, id) => JSON.stringify({ kind: 'verdict', id, objects, flows: flowsOf() })).join('\n');
    const start = performance.now();
    const { status, stdout } = spawnSync('node', [main, 'batch'], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
    const seconds = (performance.now() - start) / 1000;
    if (status !== 0 || stdout.split('\n').length < batches) {
      throw new Error('batch failed');
    }
    console.log(
      `batch, 10 requests with 1,000 policies, 1,000 pods and 100,000 flows each: ${Math.round((batches * 100_000) / seconds)} flows per second`,
    );
    for (const [i, policy] of policiesOf(10, 10).entries()) {
      writeFileSync(join(folder, `policy-${i}.yaml`), JSON.stringify(policy));
    }
    const times = Array.from({ length: ROUNDS }, () => {
      const began = performance.now();
      spawnSync('node', [
        main,
        'verdict',
        folder,
        '--from',
        'labels:app=app-0@tenant-0',
        '--to',
        'labels:app=app-1@tenant-0',
        '--port',
        '80',
      ]);
      return performance.now() - began;
    });
    console.log(`command line with ten policies, from start-up to verdict: ${medianOf(times).toFixed(0)} ms`);
    bigPolicies(main, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Measures one policy with many rules. Four times as many rules take about five times as long; a quadratic algorithm would take sixteen times. */
function bigPolicies(main, folder) {
  const world = { toEntities: ['world'] };
  const shapes = {
    'rules for one port': () => ({ ...world, toPorts: ports('80') }),
    'rules with a request each': (i) => ({ ...world, toPorts: [{ ...ports('80')[0], rules: { http: [{ path: `/${i}` }] } }] }),
    'rules with a server name each': (i) => ({ ...world, toPorts: [{ ...ports('443')[0], serverNames: [`${i}.example.com`] }] }),
    'rules with a port each': (i) => ({ ...world, toPorts: ports(`${i + 1}`) }),
    'nested port ranges': (i) => ({ ...world, toPorts: [{ ports: [{ port: `${i + 1}`, endPort: 65_535 - i, protocol: 'TCP' }] }] }),
    CIDRs: (i) => ({ toCIDR: [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32`], toPorts: ports('80') }),
  };
  for (const [shape, rule] of Object.entries(shapes)) {
    const [few, many] = [3_000, 12_000].map((count) => {
      const file = join(folder, `${count}.yaml`);
      const spec = { endpointSelector: {}, egress: Array.from({ length: count }, (_, i) => rule(i)) };
      const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'big', namespace: 'shop' }, spec };
      writeFileSync(file, JSON.stringify(policy));
      const began = performance.now();
      const { status, stderr } = spawnSync('node', [
        main,
        'verdict',
        file,
        '--from',
        'labels:a=b@shop',
        '--to',
        'entity:world',
        '--port',
        '80',
      ]);
      if (status === 2 || stderr.includes('rejected')) {
        throw new Error(`no verdict on ${count} ${shape}: ${stderr}`);
      }
      return (performance.now() - began) / 1000;
    });
    console.log(
      `command line, one policy with 12,000 ${shape}: ${many.toFixed(1)} s, ${(many / few).toFixed(1)} times as long as with 3,000`,
    );
  }
}

// Benchmarks proofs and budgets with generated tenants: `npm run bench:prove`.
//
// Each tenant is a namespace with its own policies. The platform has two: one that denies the outside and one that lets pods of one tenant talk. Each
// measurement is in a process of its own: the time to read and accept the policies; that two sets of tenants are isolated, for every pod that could
// exist; that they are whatever tenants write; and the entries of all policy maps. Memory is the peak of the process.
import { spawnSync } from 'node:child_process';
import { memory, ms, timed, valueOf } from './measuring.mjs';
import { labels } from './workload.mjs';

/** Tenants, policies of each, and pods of each, all with labels of their own. */
const SIZES = [
  [100, 1, 10],
  [100, 10, 100],
  [1_000, 10, 10],
  [1_000, 10, 65],
];

const [, self, ...asked] = process.argv;
if (asked.length === 0) {
  for (const size of SIZES) {
    const { stdout, stderr, status } = spawnSync('node', ['--max-old-space-size=8000', self, ...size.map(String)], { encoding: 'utf8' });
    process.stdout.write(
      status === 0 ? stdout : `${size.join(' × ')}: ${stderr.split('\n').find((line) => line.includes('rror')) ?? stderr.slice(0, 200)}\n`,
    );
  }
} else {
  await measure(...asked.map(Number));
}

async function measure(tenants, policies, pods) {
  const { readObjects } = await import('../dist/read/read.js');
  const { parseProperties } = await import('../dist/read/properties.js');
  const { settle } = await import('../dist/settings/settings.js');
  const { budgetOf } = await import('../dist/snapshot/budget.js');
  const { proofsOf } = await import('../dist/snapshot/proofs/proofs.js');
  const { MOST_COMPARED } = await import('../dist/snapshot/reach.js');
  const { Snapshot } = await import('../dist/snapshot/snapshot.js');
  const settings = settle([], { values: { cilium: '1.20' } }).value;
  const objects = [...platform(), ...Array.from({ length: tenants }, (_, i) => tenant(i, policies, pods)).flat()];
  const [snapshot, accept] = timed(() => {
    const read = readObjects(
      'bench',
      objects.map((value) => ({ value })),
      settings,
    );
    const opened = new Snapshot(read, settings);
    opened.verdicts();
    return opened;
  });
  const prove = (property) => {
    const [proof] = valueOf(proofsOf(snapshot, valueOf(parseProperties({ properties: [property] })), { mostPossible: MOST_COMPARED }));
    return `${proof.is} after ${proof.looked} pairs`;
  };
  const color = (team) => ({ namespaceSelector: { matchLabels: { team } } });
  const isolated = { isolated: { between: [color('red'), color('blue')] } };
  const [plain, isolation] = timed(() => prove(isolated));
  const [worst, widening] = timed(() => prove({ ...isolated, 'whoever-writes-in': [color('red'), color('blue')] }));
  const [budget, maps] = timed(() => budgetOf(snapshot.verdicts().value));
  console.log(
    `${tenants} tenants × ${policies} policies, ${tenants * pods} pods: accept ${ms(accept)}; isolated: ${plain}, ${ms(isolation)}; whatever they write: ${worst}, ${ms(widening)}; budget of ${budget.endpoints.length} kinds of endpoints ${ms(maps)}; ${memory()}`,
  );
}

function platform() {
  const spec = (team, other) => ({
    endpointSelector: { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': team } },
    ingressDeny: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': other } }] }],
  });
  return [
    {
      ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'platform' } },
      specs: [spec('red', 'blue'), spec('blue', 'red')],
    },
  ];
}

/** Its policies are about one of its apps each. */
function tenant(i, policies, pods) {
  const namespace = `tenant-${i}`;
  const app = (k) => `app-${i}-${k}`;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: i % 2 === 0 ? 'red' : 'blue' } } },
    ...Array.from({ length: pods }, (_, k) => ({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${k}`, namespace, labels: { app: app(k) } } },
      spec: { nodeName: `node-${k % 20}`, containers: [{ name: 'main' }] },
    })),
    ...Array.from({ length: policies }, (_, k) => ({
      ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: `policy-${k}`, namespace } },
      spec: {
        endpointSelector: labels({ app: app(k) }),
        ingress: [{ fromEndpoints: [labels({ app: app(k + 1) })], toPorts: [{ ports: [{ port: '5432', protocol: 'TCP' }] }] }],
        egress: [{ toEndpoints: [{}] }],
      },
    })),
  ];
}

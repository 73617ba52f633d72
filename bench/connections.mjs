// Benchmarks connections: 1,000 connections between 300 workloads, `npm run bench:connections`.
//
// The workloads are pods by their labels (`Workload.labels`), or Deployments of the app (`Workload.of`), whose manifests are read at synthesis.
// Construction is naming the workloads and writing the connections; without the Deployments themselves. Synthesis is App.synth() with its YAML.
// The figures are medians and spreads of runs in one process after a warm-up, with the two kinds taking turns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { HttpRule, Port, Workload } from 'cdk8s-cilium';

const WORKLOADS = 300;
const CONNECTIONS = 1_000;
const ROUNDS = 9;
const WARM_UP = 3;
const KINDS = { 'Workload.labels': byLabels, 'Workload.of': byDeployment };

const runs = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (const [kind, make] of Object.entries(KINDS)) {
    const figures = measure(make);
    if (round >= 0) {
      runs[kind].push(figures);
    }
  }
}
console.log(`${CONNECTIONS} connections between ${WORKLOADS} workloads`);
console.log('workloads        figure            median      lowest     highest');
for (const [kind, all] of Object.entries(runs)) {
  for (const figure of ['construction', 'synthesis']) {
    const times = all.map((run) => run[figure]).sort((a, b) => a - b);
    const columns = [times[Math.floor(times.length / 2)], times[0], times.at(-1)];
    console.log(`${kind.padEnd(17)}${figure.padEnd(12)}${columns.map((time) => `${time.toFixed(1)} ms`.padStart(12)).join('')}`);
  }
}

function measure(make) {
  const outdir = mkdtempSync(join(tmpdir(), 'connections-'));
  const app = new App({ outdir });
  const chart = new Chart(app, 'chart', { namespace: 'prod' });
  const name = make(chart);
  const construction = timed(() => connect(Array.from({ length: WORKLOADS }, (_, i) => name(i))));
  const synthesis = timed(() => app.synth());
  rmSync(outdir, { recursive: true });
  return { construction, synthesis };
}

function timed(run) {
  const begun = performance.now();
  run();
  return performance.now() - begun;
}

/** Every workload connects to a few others; a tenth of the connections has requests, and a third says what it is for. */
function connect(workloads) {
  for (let i = 0; i < CONNECTIONS; i++) {
    const [client, server] = [workloads[i % WORKLOADS], workloads[(i * 7 + Math.floor(i / WORKLOADS) + 1) % WORKLOADS]];
    const traffic = i % 10 === 0 ? Port.tcp(8080).http(HttpRule.get('/api/.*')) : Port.tcp(8080);
    client.connections.allowTo(server, traffic, i % 3 === 0 ? { because: `reason ${i}` } : {});
  }
}

function byLabels(chart) {
  return (i) => Workload.labels(chart, `W${i}`, { app: `svc-${i}` }, { ports: { http: Port.tcp(8080) } });
}

function byDeployment(chart) {
  const deployments = Array.from({ length: WORKLOADS }, (_, i) => deployment(chart, i));
  return (i) => Workload.of(deployments[i]);
}

function deployment(chart, i) {
  const labels = { app: `svc-${i}`, tier: 'backend' };
  const containers = [{ name: 'main', image: 'registry.example/main:1', ports: [{ name: 'http', containerPort: 8080 }] }];
  return new ApiObject(chart, `d${i}`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `svc-${i}` },
    spec: { replicas: 2, selector: { matchLabels: { app: `svc-${i}` } }, template: { metadata: { labels }, spec: { containers } } },
  });
}

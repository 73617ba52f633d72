// Benchmarks the synthesis of typed policies, compared with the same objects as plain ApiObjects: `npm run bench`.
//
// Construction is `new` and the verbs. Synthesis is App.synth() with its YAML. Both are measured in one process. Typed and plain policies take
// turns, so that they run under the same conditions. The figures are medians of five runs after a warm-up, and small sizes are repeated.
// "Cold" and memory are from separate processes that create one kind once, as `cdk8s synth` does: construction then includes compiling our
// code, and memory is the peak of the process.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiObject, App, Chart } from 'cdk8s';
import { CiliumNetworkPolicy, Entity, HttpRule, Peer, Port, Selector } from 'cdk8s-cilium';

const SIZES = [100, 1_000, 10_000];
const ROUNDS = 5;
const WARM_UP = 5_000;
const FIGURES = { construction: 'construction', cold: 'construction, cold', synthesis: 'synthesis', memory: 'memory' };
const KINDS = { typed: typedPolicy, plain: plainPolicy };

const [kind, size] = process.argv.slice(2);
if (kind === undefined) {
  report();
} else {
  const { app, time } = construct(KINDS[kind], Number(size));
  synthesize(app);
  console.log(JSON.stringify({ cold: time, memory: process.resourceUsage().maxRSS / 1024 }));
}

function report() {
  mustBeEqual();
  Object.values(KINDS).forEach((make) => measureOften(make, WARM_UP));
  console.log('policies  figure                  typed       plain   ratio');
  for (const size of SIZES) {
    const runs = { typed: [], plain: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [kind, make] of Object.entries(KINDS)) {
        runs[kind].push({ ...measureOften(make, size), ...measureApart(kind, size) });
      }
    }
    for (const [figure, name] of Object.entries(FIGURES)) {
      const [typed, plain] = Object.values(runs).map((all) => median(all.map((run) => run[figure])));
      const columns = [typed, plain].map((value) => `${value.toFixed(1)} ${figure === 'memory' ? 'MB' : 'ms'}`.padStart(12)).join('');
      console.log(`${String(size).padEnd(10)}${name.padEnd(18)}${columns}  ${(typed / plain).toFixed(2).padStart(6)}`);
    }
  }
}

/** The ratios are meaningful only if both kinds give the same output. */
function mustBeEqual() {
  const [typed, plain] = Object.values(KINDS).map((make) => {
    const app = new App();
    make(new Chart(app, 'chart', { namespace: 'prod', disableResourceNameHashes: true }), 0);
    return app.synthYaml();
  });
  if (typed !== plain) {
    throw new Error(`typed and plain policies differ:\n${typed}\n${plain}`);
  }
}

/** The figures from a separate process. */
function measureApart(kind, size) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), kind, String(size)], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}

/**
 * The times in milliseconds. Small sizes are repeated until 10,000 policies are constructed and 2,000 are synthesized, and the mean is used. All
 * construction is measured before synthesis, so that the garbage of synthesis is not collected during construction.
 */
function measureOften(make, size) {
  const mean = (policies, measure) => {
    const all = Array.from({ length: Math.ceil(policies / size) }, measure);
    return all.reduce((sum, time) => sum + time, 0) / all.length;
  };
  return {
    construction: mean(10_000, () => construct(make, size).time),
    synthesis: mean(2_000, () => synthesize(construct(make, size).app)),
  };
}

function construct(make, size) {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'synth-')) });
  const chart = new Chart(app, 'chart', { namespace: 'prod' });
  const begun = performance.now();
  for (let i = 0; i < size; i++) {
    make(chart, i);
  }
  const time = performance.now() - begun;
  rmSync(app.outdir, { recursive: true });
  return { app, time };
}

function synthesize(app) {
  const begun = performance.now();
  app.synth();
  const time = performance.now() - begun;
  rmSync(app.outdir, { recursive: true });
  return time;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function typedPolicy(chart, i) {
  const policy = new CiliumNetworkPolicy(chart, `policy-${i}`, {
    metadata: { name: `policy-${i}` },
    description: `policy ${i}`,
    defaultDenyIngress: true,
    defaultDenyEgress: true,
    endpointSelector: Selector.labels({ app: `svc-${i}`, tier: 'backend', 'app.kubernetes.io/part-of': 'shop' }),
  });
  policy.allowFrom(
    Peer.endpoints(Selector.labels({ app: `front-${i}` }), Selector.all().whereIn('role', 'web', 'mobile')),
    Port.tcp(8080).http(HttpRule.get('/api/v1/.*'), HttpRule.post('/api/v1/orders', { headers: ['X-Tenant: a'] })),
  );
  policy.allowFrom(Peer.entities(Entity.KUBE_APISERVER, Entity.HOST), Port.tcp(9090));
  policy.allowTo(Peer.kubeDns(), Port.dnsProxy());
  policy.allowTo(Peer.fqdns(`api-${i}.example.com`, '*.example.org'), Port.tcp(443));
  policy.allowTo(Peer.cidrExcept('10.0.0.0/8', '10.96.0.0/12', '10.1.0.0/16'));
}

function plainPolicy(chart, i) {
  new ApiObject(chart, `policy-${i}`, {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: `policy-${i}` },
    spec: {
      description: `policy ${i}`,
      enableDefaultDeny: { ingress: true, egress: true },
      endpointSelector: { matchLabels: { app: `svc-${i}`, tier: 'backend', 'app.kubernetes.io/part-of': 'shop' } },
      ingress: [
        {
          fromEndpoints: [
            { matchLabels: { app: `front-${i}` } },
            { matchExpressions: [{ key: 'role', operator: 'In', values: ['web', 'mobile'] }] },
          ],
          toPorts: [
            {
              ports: [{ port: '8080', protocol: 'TCP' }],
              rules: {
                http: [
                  { method: 'GET', path: '/api/v1/.*' },
                  { method: 'POST', path: '/api/v1/orders', headers: ['X-Tenant: a'] },
                ],
              },
            },
          ],
        },
        { fromEntities: ['kube-apiserver', 'host'], toPorts: [{ ports: [{ port: '9090', protocol: 'TCP' }] }] },
      ],
      egress: [
        {
          toEndpoints: [{ matchLabels: { 'io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
          toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
        },
        {
          toFQDNs: [{ matchName: `api-${i}.example.com` }, { matchPattern: '*.example.org' }],
          toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
        },
        { toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.96.0.0/12', '10.1.0.0/16'] }] },
      ],
    },
  });
}

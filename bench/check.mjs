// Benchmarks `cdk8s-cilium check` on generated policies, compared with kubeconform if it is on the PATH: `npm run bench:check`.
//
// Each figure is the median of five runs of a whole process, including start-up. The tools take turns, so that they run under the same conditions.
// Memory is the peak of the process. kubeconform gets the same files and the schemas of imports/. It validates the schema only, not the rules of
// the agent.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const SIZES = [5, 100, 1_000, 10_000];
const ROUNDS = 5;
const MINOR = '1.20';

const folder = mkdtempSync(join(tmpdir(), 'bench-check-'));
try {
  const kubeconform = hasKubeconform() ? writeSchemas() : undefined;
  console.log('policies  as         tool                time   documents/s    memory');
  for (const size of SIZES) {
    for (const shape of ['files', 'one file']) {
      report(size, shape, write(size, shape), kubeconform);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

function report(size, shape, path, kubeconform) {
  const tools = {
    'cdk8s-cilium': ['node', 'dist/cli/main.js', 'check', '--cilium', MINOR, path],
    ...(kubeconform && { kubeconform: [...kubeconform, path] }),
  };
  const runs = Object.fromEntries(Object.keys(tools).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, command] of Object.entries(tools)) {
      runs[name].push(measure(command));
    }
  }
  for (const [name, figures] of Object.entries(runs)) {
    const [time, memory] = ['time', 'memory'].map((figure) => median(figures.map((run) => run[figure])));
    const columns = [
      `${time.toFixed(0)} ms`.padStart(9),
      (size / (time / 1000)).toFixed(0).padStart(14),
      `${memory.toFixed(0)} MB`.padStart(10),
    ];
    console.log(`${String(size).padEnd(10)}${shape.padEnd(11)}${name.padEnd(15)}${columns.join('')}`);
  }
}

/** Runs a separate process, measured by the system. */
function measure([program, ...words]) {
  const peak = join(folder, 'peak');
  const start = performance.now();
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', '-o', peak, program, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const time = performance.now() - start;
  if (status !== 0) {
    throw new Error(`${program} ended with ${status}: ${stderr}`);
  }
  return { time, memory: Number(readFileSync(peak, 'utf8').trim()) / 1024 };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function write(size, shape) {
  const path = join(folder, `${size} ${shape}`);
  const policies = Array.from({ length: size }, (_, i) => policy(i));
  if (shape === 'one file') {
    writeFileSync(`${path}.yaml`, policies.join('---\n'));
    return `${path}.yaml`;
  }
  mkdirSync(path);
  policies.forEach((text, i) => writeFileSync(join(path, `policy-${i}.yaml`), text));
  return path;
}

/** A realistic policy of 1.5 kB: two ingress rules and three egress rules, with HTTP, DNS, FQDNs and CIDRs. */
function policy(i) {
  const namespace = `team-${i % 50}`;
  return `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: app-${i}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/part-of: ${namespace}
spec:
  description: What app ${i} of ${namespace} may do
  endpointSelector:
    matchLabels:
      app: app-${i}
  ingress:
    - fromEndpoints:
        - matchLabels:
            app: gateway
            k8s:io.kubernetes.pod.namespace: ingress
      toPorts:
        - ports:
            - port: "8080"
              protocol: TCP
          rules:
            http:
              - method: GET
                path: /api/v${i % 3}/items/[0-9]+
              - method: PUT
                path: /api/v${i % 3}/items/[0-9]+
                headers:
                  - "X-Tenant: ${namespace}"
    - fromEndpoints:
        - matchExpressions:
            - key: app
              operator: In
              values:
                - prometheus
                - agent-${i % 7}
      toPorts:
        - ports:
            - port: "${9000 + (i % 100)}"
              protocol: TCP
  egress:
    - toEndpoints:
        - matchLabels:
            k8s:io.kubernetes.pod.namespace: kube-system
            k8s-app: kube-dns
      toPorts:
        - ports:
            - port: "53"
              protocol: ANY
          rules:
            dns:
              - matchPattern: "*"
    - toFQDNs:
        - matchName: api-${i}.example.com
        - matchPattern: "*.cdn-${i % 20}.example.com"
      toPorts:
        - ports:
            - port: "443"
              protocol: TCP
    - toCIDRSet:
        - cidr: 10.${i % 200}.0.0/16
          except:
            - 10.${i % 200}.4.0/24
`;
}

function hasKubeconform() {
  return spawnSync('kubeconform', ['-v']).status === 0 && spawnSync('/usr/bin/time', ['true']).status === 0;
}

/** Writes the schemas of the CRDs for kubeconform, without additional properties. */
function writeSchemas() {
  for (const kind of ['ciliumnetworkpolicies', 'ciliumclusterwidenetworkpolicies']) {
    const crd = parse(readFileSync(`imports/crds/${MINOR}/${kind}.yaml`, 'utf8'));
    const schema = crd.spec.versions[0].schema.openAPIV3Schema;
    writeFileSync(
      join(folder, `${crd.spec.names.kind.toLowerCase()}.json`),
      JSON.stringify(closed(schema)).replaceAll('\\\\PC', '\\\\P{C}'),
    );
  }
  return ['kubeconform', '-strict', '-schema-location', `${folder}/{{ .ResourceKind }}.json`];
}

/** Makes unknown fields an error, and removes the keywords that Kubernetes adds to JSON Schema. */
function closed(schema) {
  if (Array.isArray(schema)) {
    return schema.map(closed);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const entries = Object.entries(schema).filter(([keyword]) => !/^x-kubernetes|^format$/.test(keyword));
  const copy = Object.fromEntries(entries.map(([keyword, value]) => [keyword, keyword === 'metadata' ? {} : closed(value)]));
  return copy.properties && copy.type === 'object' ? { ...copy, additionalProperties: false } : copy;
}

/** The guide's examples of ingress and egress, said as connections, have the same verdicts as its manifests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { BY_CONNECTIONS, byConnections } from '../../examples/guide/by-connections';
import { compileObjects, JsonObject, Minor, MINORS } from '../../lib/engine';

const NAMES = {
  'imroc.cc': ['192.0.2.80'],
  'a.imroc.cc': ['192.0.2.81'],
  'a.b.imroc.cc': ['192.0.2.82'],
  'evil.example': ['198.51.100.66'],
};
const NODES = ['n1', 'n2'].map((name, index) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: {} },
  status: { addresses: [{ type: 'InternalIP', address: `172.16.0.${index + 1}` }] },
}));
const pods = ['app=a', 'app=b', 'role=a', 'role=b', 'app=c'].map((labels) => `labels:${labels}@default`);
const ends = [...pods, 'labels:app=b@other', 'labels:k8s-app=kube-dns@kube-system', 'entity:world', 'node:n2', 'ip:192.0.2.7'];
const REQUESTS = [
  { port: 80, http: { method: 'GET', path: '/public' } },
  { port: 80, http: { method: 'GET', path: '/private' } },
  { port: 80, http: { method: 'PUT', path: '/avatar' } },
  { port: 80, http: { method: 'PUT', path: '/avatar', headers: { 'X-My-Header': 'true' } } },
];
const TRAFFIC = [...REQUESTS, { port: 53, protocol: 'UDP' }, ...[79, 80, 444, 445].map((port) => ({ port }))];

/** Every flow of the world above with A or B at one end. */
const FLOWS = [
  ...pods.flatMap((pod) => ends.flatMap((end) => TRAFFIC.map((traffic) => ({ from: pod, to: end, ...traffic })))),
  ...ends
    .filter((end) => !pods.includes(end))
    .flatMap((end) => pods.flatMap((pod) => TRAFFIC.map((traffic) => ({ from: end, to: pod, ...traffic })))),
  ...pods.flatMap((pod) => Object.keys(NAMES).map((name) => ({ from: pod, to: `fqdn:${name}`, port: 443 }))),
];

function verdicts(objects: readonly unknown[], cilium: Minor): (boolean | null)[] {
  const engine = compileObjects([...objects, ...NODES] as JsonObject[], { cilium, names: NAMES });
  return FLOWS.map((flow) => engine.verdict(flow).passes);
}

function program(name: string): unknown[] {
  const chart = new Chart(new App(), 'example', { namespace: 'default' });
  byConnections(chart, name);
  return Testing.synth(chart) as unknown[];
}

test.each(BY_CONNECTIONS)('%s', (name) => {
  const guide = parse(readFileSync(join(__dirname, 'manifests', `${name}.yaml`), 'utf8')) as unknown;
  for (const minor of MINORS) {
    const wanted = verdicts([guide], minor);
    expect(verdicts(program(name), minor)).toEqual(wanted);
    // The world above tells the example from one that allows everything.
    expect(new Set(wanted)).toEqual(new Set([true, false]));
  }
});

/** Workloads in an inventory: when their templates count as pods, and with which labels. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';

function template(labels: JsonObject, port: number, more: JsonObject = {}): JsonObject {
  return { metadata: { labels }, spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: port }] }], ...more } };
}

function workload(kind: string, name: string, spec: JsonObject, status: JsonObject = {}): JsonObject {
  const apiVersion = kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  return { apiVersion, kind, metadata: { namespace: 'shop', name }, spec, status };
}

function policy(spec: JsonObject): JsonObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name: 'p' }, spec };
}

function allowed(flow: JsonObject, objects: readonly JsonObject[], cilium = '1.19'): unknown {
  const reply = verdictReply({ cilium, objects, flows: [{ port: 9090, ...flow }] });
  const [one] = reply.ok ? (reply.value.answers ?? []) : [];
  return one === undefined || 'error' in one ? (one?.error ?? reply) : one.allowed;
}

const POD: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: 'web-1', labels: { app: 'web' } },
  spec: template({}, 9090).spec,
};
const TO_HTTP = policy({
  endpointSelector: { matchLabels: { app: 'a' } },
  egress: [{ toEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: 'http', protocol: 'TCP' }] }] }],
});
const FLOW = { from: 'labels:app=a@shop', to: 'shop/web-1' };

/** Up to 1.19 a port name is a number only if all pods agree on it, so a template of port 8080 that counts closes it. */
test.each<[string, JsonObject, boolean]>([
  ['a Deployment that runs', workload('Deployment', 'old', { replicas: 2, template: template({ app: 'old' }, 8080) }), false],
  ['a Deployment without a number of replicas', workload('Deployment', 'old', { template: template({ app: 'old' }, 8080) }), false],
  ['a Deployment of no replicas', workload('Deployment', 'old', { replicas: 0, template: template({ app: 'old' }, 8080) }), true],
  [
    'the ReplicaSet of an earlier rollout',
    workload('ReplicaSet', 'old-5d8f', { replicas: 0, template: template({ app: 'old' }, 8080) }),
    true,
  ],
  [
    'a DaemonSet for no node',
    workload('DaemonSet', 'old', { template: template({ app: 'old' }, 8080) }, { desiredNumberScheduled: 0, currentNumberScheduled: 0 }),
    true,
  ],
  ['a Job that runs', workload('Job', 'old', { template: template({ app: 'old' }, 8080) }), false],
  [
    'a Job that has finished',
    workload('Job', 'old', { template: template({ app: 'old' }, 8080) }, { conditions: [{ type: 'Complete', status: 'True' }] }),
    true,
  ],
  ['a Job that is suspended', workload('Job', 'old', { suspend: true, template: template({ app: 'old' }, 8080) }), true],
  ['a CronJob', workload('CronJob', 'old', { jobTemplate: { spec: { template: template({ app: 'old' }, 8080) } } }), false],
  [
    'a suspended CronJob',
    workload('CronJob', 'old', { suspend: true, jobTemplate: { spec: { template: template({ app: 'old' }, 8080) } } }),
    true,
  ],
  [
    'a Deployment whose pods are listed',
    workload('Deployment', 'web', { selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }, 8080) }),
    true,
  ],
  [
    'a Deployment whose pods are not listed',
    workload('Deployment', 'web2', { selector: { matchLabels: { app: 'web2' } }, template: template({ app: 'web2' }, 8080) }),
    false,
  ],
])('beside %s, the port name of the listed pods is known: %#', (_, object, isKnown) => {
  expect(allowed(FLOW, [POD, TO_HTTP, object])).toBe(isKnown);
  expect(allowed(FLOW, [POD, TO_HTTP, object], '1.20')).toBe(true);
});

test('a workload at rest is no backend, and can still be named', () => {
  const service: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 's' },
    spec: { clusterIP: '10.96.0.1', selector: { app: 'old' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  const old = workload('Deployment', 'old', { replicas: 0, template: template({ app: 'old' }, 8080) });

  expect(allowed({ from: 'labels:app=a@shop', to: 'service:shop/s', port: 80 }, [service, old])).toMatch(/has no backend/);
  expect(allowed({ from: 'labels:app=a@shop', to: 'shop/old' }, [old])).toBe(true);
});

test('the pods of a Job have labels with its name', () => {
  const fromJob = (labels: JsonObject) =>
    policy({ endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{ fromEndpoints: [{ matchLabels: labels }] }] });
  const job = (spec: JsonObject = {}) => workload('Job', 'migrate', { template: template({ app: 'm' }, 80), ...spec });
  const flow = { from: 'shop/migrate', to: 'labels:app=db@shop' };

  expect(allowed(flow, [fromJob({ 'job-name': 'migrate' }), job()])).toBe(true);
  expect(allowed(flow, [fromJob({ 'batch.kubernetes.io/job-name': 'migrate' }), job()])).toBe(true);
  expect(allowed(flow, [fromJob({ 'job-name': 'migrate' }), job({ manualSelector: true })])).toBe(false);
});

test('`serviceAccount` is another name of `serviceAccountName`', () => {
  const fromAccount = policy({
    endpointSelector: { matchLabels: { app: 'db' } },
    ingress: [{ fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'robot' } }] }],
  });
  const robot = workload('Deployment', 'robot', { template: template({ app: 'r' }, 80, { serviceAccount: 'robot' }) });

  expect(allowed({ from: 'shop/robot', to: 'labels:app=db@shop' }, [fromAccount, robot])).toBe(true);
});

test('pods without names are all counted', () => {
  const unnamed = (port: number): JsonObject => ({
    ...POD,
    metadata: { namespace: 'shop', generateName: 'web-', labels: { app: 'web' } },
    spec: template({}, port).spec,
  });

  expect(allowed({ from: FLOW.from, to: 'labels:app=web@shop' }, [TO_HTTP, unnamed(9090), unnamed(9090)])).toBe(true);
  expect(allowed({ from: FLOW.from, to: 'labels:app=web@shop' }, [TO_HTTP, unnamed(9090), unnamed(8080)])).toBe(false);
});

test('where the node of a hostNetwork workload decides, the answer is unknown', () => {
  const agent = workload('DaemonSet', 'agent', { template: template({ app: 'agent' }, 80, { hostNetwork: true }) });
  const db = { ...POD, metadata: { namespace: 'shop', name: 'db', labels: { app: 'db' } }, spec: { nodeName: 'n1', containers: [] } };
  const entities = (names: readonly string[]) =>
    policy({ endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{ fromEntities: [...names] }] });
  const node: JsonObject = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
  };

  expect(allowed({ from: 'shop/agent', to: 'shop/db' }, [agent, db, node, entities(['remote-node'])])).toBe(true);
  expect(allowed({ from: 'shop/agent', to: 'shop/db' }, [agent, db, node, entities(['world'])])).toBe(null);
  expect(allowed({ from: 'entity:remote-node', to: 'shop/db' }, [agent, db, node, entities(['world'])])).toBe(false);
});

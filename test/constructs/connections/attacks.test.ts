/** Programs with connections that opened, closed or kept more than they said. */
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { StatefulSet } from 'cdk8s-plus-33';
import { compileObjects, MINORS } from '../../../lib/engine';
import { Manifest } from '../../support/synth';
import { Authentication, Connections, External, HttpRule, Peer, Policies, Port, Protocol, Workload, Workloads } from 'cdk8s-cilium';

let app: App;
let shop: Chart;
beforeEach(() => {
  app = new App();
  shop = new Chart(app, 'shop', { namespace: 'shop' });
});

const labels = (name: string, options = {}, given = { app: name.toLowerCase() }) => Workload.labels(shop, name, given, options);
const synth = () => Testing.synth(shop) as Manifest[];
const spec = (name: string) => synth().find(({ metadata }) => metadata.name === name)?.spec;
const http = Port.tcp(8080).http(HttpRule.get('/v1'));
const pods = (name: string, template: object) =>
  new ApiObject(shop, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { template } });

function passes(from: string, to: string, port: number, more = {}): boolean | null {
  const answers = MINORS.map((cilium) => compileObjects(synth() as never, { cilium }).verdict({ from, to, port, ...more }).passes);
  expect(new Set(answers).size).toBe(1);
  return answers[0];
}

test('HTTP rules stand at the client if the server only observes', () => {
  labels('Web').connections.allowTo(labels('Api', { observe: true }), http);
  const request = (method: string, path: string) => passes('labels:app=web@shop', 'labels:app=api@shop', 8080, { http: { method, path } });
  expect([request('GET', '/v1'), request('DELETE', '/admin')]).toEqual([true, false]);
});

describe('all pods of some labels', () => {
  const scraped = Workloads.labeled({ scrape: 'true' });

  test('do not open what is excluded for a workload among them, even if its selector does not say so', () => {
    const web = new StatefulSet(shop, 'Web', {
      containers: [{ image: 'x', portNumber: 8080 }],
      podMetadata: { labels: { app: 'web', scrape: 'true' } },
    });
    const db = labels('Db');
    Workload.of(web).connections.allowTo(db, http);
    db.connections.allowFrom(scraped, Port.tcp(8080));
    expect(synth).toThrow('HTTP rules of port 8080/TCP exclude nothing');
  });

  test('reach a workload that has no connection of its own', () => {
    const web = pods('web', { metadata: { labels: { app: 'web', scrape: 'true' } }, spec: { containers: [] } });
    Workload.of(web);
    labels('Prometheus').connections.allowTo(scraped, Port.tcp(9090));
    expect(spec('web-connections')).toMatchObject({ enableDefaultDeny: { ingress: false }, ingress: [{}] });
  });
});

test('two workloads cannot have the same pods', () => {
  labels('Web').connections.allowFrom(External.world(), Port.tcp(80));
  labels('Canary', {}, { app: 'web', track: 'canary' } as never).connections.allowFrom(labels('Gateway'), Port.tcp(80));
  expect(synth).toThrow(
    'pods of shop/canary are pods of shop/web too, and would have the connections of both; ' +
      'give each workload labels that the pods of the other do not have',
  );
});

describe('named ports', () => {
  const container = (name: string, ports: object[]) => ({ name, image: 'x', ports });
  const dns = { name: 'dns', containerPort: 53, protocol: 'UDP' };
  const server = (ports: object[], more: object = {}) =>
    pods('server', { metadata: { labels: { app: 'server' } }, spec: { containers: [container('a', ports)], ...more } });

  test('are found by their protocol too', () => {
    labels('Web').connections.allowTo(Workload.of(server([dns, { name: 'dns', containerPort: 5353 }])), Port.named('dns', Protocol.TCP));
    expect(spec('server-connections')?.ingress).toMatchObject([{ toPorts: [{ ports: [{ port: '5353', protocol: 'TCP' }] }] }]);
  });

  test('of another protocol are refused', () => {
    labels('Web').connections.allowTo(Workload.of(server([dns])), Port.named('dns', Protocol.TCP));
    expect(synth).toThrow('shop/server does not listen on dns/TCP; it listens on 53/UDP');
  });

  test('of several containers are all written', () => {
    const second = container('b', [{ name: 'metrics', containerPort: 9091 }]);
    const both = pods('server', {
      metadata: { labels: { app: 'server' } },
      spec: { containers: [container('a', [{ name: 'metrics', containerPort: 9090 }]), second] },
    });
    labels('Web').connections.allowTo(Workload.of(both), Port.named('metrics', Protocol.TCP));
    expect(JSON.stringify(spec('server-connections')?.ingress)).toMatch(/"9090".*"9091"/);
  });

  test('of a sidecar that is an init container are known', () => {
    const sidecar = { ...container('proxy', [{ name: 'admin', containerPort: 15090 }]), restartPolicy: 'Always' };
    const once = container('setup', [{ containerPort: 1 }]);
    labels('Web').connections.allowTo(Workload.of(server([dns], { initContainers: [sidecar, once] })), Port.tcp(15090));
    expect(synth()).toHaveLength(3);
  });

  test('mean nothing to peers outside the cluster', () => {
    const web = labels('Web');
    web.connections.allowTo(External.world(), Port.named('https', Protocol.TCP));
    expect(synth).toThrow('a named port cannot be used for peers outside the cluster');
  });
});

test('the port of a Service is refused, even if no container declares a port', () => {
  new ApiObject(shop, 'Front', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'front' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  const web = pods('web', { metadata: { labels: { app: 'web' } }, spec: { containers: {} } });
  Workload.of(web).connections.allowFrom(External.world(), Port.tcp(80));
  expect(synth).toThrow('shop/web does not listen on 80/TCP: 80 is a port of the Service `front`, which sends it to 8080; write the port');
});

test('authentication alone is no traffic', () => {
  expect(() => labels('Db').connections.allowFrom(labels('Web'), Authentication.required())).toThrow(
    'traffic of a connection names no port; give a port, or Port.everything() for all traffic, at shop/Db',
  );
});

test('DNS rules are refused on the side of the server, as in a policy', () => {
  const dns = Port.any(53).dns('a.example') as never;
  expect(() => labels('Db').connections.allowFrom(labels('Web'), dns)).toThrow('traffic of a connection is a DnsPort');
});

test('a connection that throws leaves nothing behind', () => {
  const erp = Workload.imported('erp', { app: 'erp' }, { ports: { sql: Port.tcp(5432) } });
  const web = labels('Web');
  expect(() => web.connections.allowTo(erp, Port.tcp(80))).toThrow('erp/app=erp does not listen on 80/TCP');
  expect(synth()).toEqual([]);
  expect(() => labels('Db', {}, { 'io.kubernetes.pod.namespace': 'data' } as never)).toThrow('labels of a workload name');
  expect(labels('Db').name).toBe('shop/db');
});

test('what the caller changes afterwards changes nothing', () => {
  const given: Record<string, string> = { app: 'web' };
  const ports: Record<string, Port> = { sql: Port.tcp(5432) };
  const web = Workload.labels(shop, 'Web', given, { ports });
  web.connections.allowFrom(External.world(), web.port('sql'));
  delete given.app;
  given.other = 'x';
  ports.sql = Port.tcp(1);
  expect(spec('web-connections')?.endpointSelector).toEqual({ matchLabels: { app: 'web' } });
  expect(web.port('sql')).not.toBe(ports.sql);
});

describe('an observing workload', () => {
  test('takes no deny rule, and an added rule does not close it', () => {
    labels('Web', { observe: true }).connections.allowTo(External.world(), Port.tcp(443));
    const policy = Policies.of(app).all[0].ciliumPolicy!;
    expect(() => policy.denyTo(Peer.world())).toThrow('a deny rule in a policy that only observes would deny at once');
    policy.allowFrom(Peer.labels({ app: 'a' }));
    expect(spec('web-connections')?.enableDefaultDeny).toEqual({ ingress: false, egress: false });
  });
});

test('the order of labels makes no second selector', () => {
  const web = labels('Web');
  web.connections.allowTo(Workload.imported('z', { a: '1', c: '2' }), Port.tcp(1));
  web.connections.allowTo(Workload.imported('z', { c: '2', a: '1' }), Port.tcp(1));
  expect(spec('web-connections')?.egress).toMatchObject([{ toEndpoints: [expect.anything()] }]);
  expect((spec('web-connections')?.egress as { toEndpoints: unknown[] }[])[0].toEndpoints).toHaveLength(1);
});

test('labels that the manifest changes are seen, whenever the rules were looked at', () => {
  const pod = new ApiObject(shop, 'Db', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db', labels: { app: 'db' } } });
  labels('Web').connections.allowTo(Workload.of(pod), Port.tcp(1));
  expect(Policies.of(app).all).toHaveLength(2);
  expect(Policies.of(app).all.flatMap(({ rules }) => rules)).toHaveLength(2);
  pod.metadata.addLabel('tier', 'x');
  expect(JSON.stringify(spec('web-connections')?.egress)).toContain('"tier":"x"');
});

test('a workload and its manifest are one workload', () => {
  const set = new StatefulSet(shop, 'Db', { containers: [{ image: 'x', portNumber: 1 }] });
  const object = set.node.findAll().find((one) => ApiObject.isApiObject(one)) as ApiObject;
  expect(Workload.of(object)).toBe(Workload.of(set, { observe: undefined }));
});

test('the policy of a workload cannot be in another namespace', () => {
  const web = pods('web', { metadata: { labels: { app: 'web' } }, spec: { containers: [] } });
  expect(() => Workload.of(web, { metadata: { namespace: 'other' } })).toThrow(
    'the policy would be in namespace `other`, and the workload is in `shop`; leave the namespace out, at shop/web',
  );
});

test('requirements are those of the workloads below the scope', () => {
  labels('Web').connections.allowTo(Workload.imported('erp', { app: 'erp' }), Port.tcp(1));
  const other = new Chart(app, 'other', { namespace: 'other' });
  expect(Connections.requirementsIn(other)).toEqual([]);
  expect(Connections.requirementsIn(shop)).toHaveLength(1);
});

test('DNS is opened for one name among other connections, and for one connection to others', () => {
  const web = labels('Web');
  web.connections.allowTo(External.domains('api.example.com'), Port.tcp(443));
  web.connections.allowTo(labels('Db'), Port.tcp(5432));
  const api = labels('Api', { resolvesNames: true });
  api.connections.allowFrom(web, Port.tcp(8080));
  api.connections.allowTo(External.world(), Port.tcp(443));
  for (const name of ['web-connections', 'api-connections']) {
    expect(JSON.stringify(spec(name)?.egress)).toContain('kube-dns');
  }
});

test('ranges and all ports of a protocol are not compared with the ports of containers', () => {
  const db = labels('Db', { ports: { sql: Port.tcp(5432) } });
  db.connections.allowFrom(labels('Web'), Port.tcpRange(1, 100));
  db.connections.allowFrom(labels('Api'), Port.allTcp());
  expect(synth()).toHaveLength(3);
});

test('a workload that gets a label too late for a connection with all pods of that label is refused', () => {
  const pod = new ApiObject(shop, 'Late', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'late', labels: { app: 'late' } } });
  Workload.of(pod);
  labels('Prometheus').connections.allowTo(Workloads.labeled({ scrape: 'true' }), Port.tcp(9090));
  pod.metadata.addLabel('scrape', 'true');
  expect(synth).toThrow('shop/late got labels after a connection with all pods that have them; add the labels before the connection');
});

test.each([
  ['imported pods', () => Workload.imported('shop', { tier: 'front' })],
  ['a peer', () => External.peer('the front', Peer.labels({ tier: 'front' }))],
])('%s do not open what is excluded for a workload among them', (_, front) => {
  const web = new ApiObject(shop, 'Web', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web', tier: 'front' } } } },
  });
  const api = labels('Api');
  Workload.of(web).connections.allowTo(api, http);
  api.connections.allowFrom(front(), Port.tcp(8080));
  expect(synth).toThrow('HTTP rules of port 8080/TCP exclude nothing');
});

test('a Service counts for its own protocol', () => {
  const ports = [
    { port: 53, protocol: 'UDP', targetPort: 5353 },
    { port: 53, protocol: 'TCP', targetPort: 53 },
  ];
  new ApiObject(shop, 'Dns', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'dns' }, spec: { selector: { app: 'dns' }, ports } });
  const dns = labels('Dns2', {}, { app: 'dns' });
  dns.connections.allowFrom(External.world(), Port.tcp(53));
  dns.connections.allowFrom(External.world(), Port.any(53));
  expect(synth()).toHaveLength(2);
  dns.connections.allowFrom(External.world(), Port.udp(53));
  expect(synth).toThrow('does not listen on 53/UDP: 53 is a port of the Service `dns`, which sends it to 5353');
});
